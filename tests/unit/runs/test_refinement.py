"""Predictions in and out of a fit, on people made by hand whose 2D joints are exact."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from hand_made import small_body, store

from hpe.bodies.body import Body
from hpe.bodies.skeleton_body import skeleton_body
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.files.hashes import file_hash
from hpe.fitting.lbfgs import LBFGS
from hpe.fitting.objective import Objective
from hpe.fitting.pose_families import pose_families
from hpe.fitting.problem import Bodies
from hpe.fitting.smplify import SMPLify
from hpe.fitting.temporal_smplify import TemporalSMPLify
from hpe.geometry.cameras import full_image_translation, project
from hpe.runs.evaluation import IDENTITY
from hpe.runs.observations import Observer, shared_joints
from hpe.runs.refined import as_said, crops_of, fitted_predictions
from hpe.runs.refinement import Refiner
from hpe.scoring.predictions import Predictions

prior = cache(pose_families)
FOCAL, CENTRE, SIZE = 900.0, 320.0, 640.0
PEOPLE = 12


@pytest.fixture(scope="module")
def lean(body: Body) -> Body:
    return skeleton_body(body)


@pytest.fixture
def data(lean: Body, tmp_path: Path) -> Store:
    """Twelve people, four frames a sequence, beside the middle of pictures; of the last only three joints are seen."""
    random = torch.Generator().manual_seed(0)
    rotvecs = 0.1 * torch.randn(PEOPLE, 72, generator=random)
    rotvecs[:, 0] += 3.0
    place = torch.tensor([0.6, 0.1, 4.0]).repeat(PEOPLE, 1)
    bodies = Bodies(rotvecs[:, :3], rotvecs[:, 3:], torch.zeros(PEOPLE, 10), place)
    joints = bodies.joints(lean, "smpl_24")
    pixels = project(joints, place, FOCAL, CENTRE).numpy()
    low, high = pixels.min(1), pixels.max(1)
    confidence = np.ones((PEOPLE, 24))
    confidence[-1, 3:] = 0
    said: dict[str, Any] = {"pose": rotvecs, "betas": bodies.betas, "joints2d": pixels, "confidence2d": confidence}
    camera = {"focal_length": np.full(PEOPLE, FOCAL), "principal_point": np.full((PEOPLE, 2), CENTRE)}
    box = {"box": np.concatenate([low, high - low], axis=1), "image_size": np.full((PEOPLE, 2), SIZE)}
    return store(tmp_path, "tiny", **said, **camera, **box, joints3d=joints + place[:, None])


def predicted(data: Store, **changes: Any) -> Predictions:
    """Somebody's poses, a little off."""
    noise = np.random.default_rng(0).normal(0, 0.1, (PEOPLE, 72))
    columns = {"sample": np.arange(PEOPLE), "pose": data["pose"] + noise, "betas": data["betas"]}
    columns |= {name: data[name] for name in IDENTITY} | changes
    hashed = file_hash(data.path)
    return Predictions("tiny", "test", "anny", "smpl_24", "somebody", columns, hashed, "weights")


def refine(
    data: Store, body: Body, said: Predictions | None, kind: type[SMPLify] = SMPLify, focal: float | None = None
) -> Predictions:
    rows = np.arange(PEOPLE)
    sight = Observer(focal)(data, rows, crops_of(said, data, rows), shared_joints(data, body))
    people = pd.DataFrame({name: data[name] for name in IDENTITY})
    refiner = Refiner(kind(Objective(prior()), LBFGS(8)), body, at_once=5)
    found = refiner(people, sight.seen, None if said is None else as_said(said, body))
    return fitted_predictions(said, sight, found, body.name)


def test_who_shows_too_few_joints_stays_and_the_others_are_refined(data: Store, lean: Body) -> None:
    said = predicted(data)
    refined = refine(data, lean, said)
    changed = (refined["pose"] != said["pose"]).any(1)
    assert changed.tolist() == [True] * (PEOPLE - 1) + [False]
    assert np.isnan(refined["camera"]).any(1).tolist() == (~changed).tolist()
    assert (refined.model, refined.checkpoint) == ("somebody, SMPLify", "weights")
    refined.check_rows(data)


def test_cameras_say_the_same_in_the_crop_and_in_the_picture(data: Store, lean: Body) -> None:
    refined = refine(data, lean, predicted(data))
    camera, crop, transl = (torch.from_numpy(refined[name][:-1]) for name in ("camera", "crop", "transl"))
    size, focal = torch.full((PEOPLE - 1, 2), SIZE), torch.full((PEOPLE - 1,), FOCAL)
    torch.testing.assert_close(full_image_translation(camera, crop, size, focal), transl, atol=1e-4, rtol=1e-4)
    assert np.abs(transl.numpy() - [0.6, 0.1, 4.0]).max() < 0.3


def test_a_camera_that_is_not_the_pictures_gives_no_translation(data: Store, lean: Body) -> None:
    refined = refine(data, lean, predicted(data), focal=5000.0)
    assert "transl" not in refined
    assert 0.5 < np.nanmedian(refined["camera"][:, 0]) < 1.2


def test_frames_of_a_clip_are_fitted_together(data: Store, lean: Body) -> None:
    refined = refine(data, lean, predicted(data), TemporalSMPLify)
    betas = refined["betas"][:-1].reshape(-1, 10)
    assert len(np.unique(betas, axis=0)) == 3
    assert refined.model == "somebody, temporal SMPLify"


@pytest.mark.slow
def test_nothing_said_is_no_hindrance(data: Store, lean: Body) -> None:
    found = refine(data, lean, None)
    assert found["sample"].tolist() == list(range(PEOPLE - 1))
    assert (found.model, found.checkpoint) == ("SMPLify", None)
    assert np.isfinite(found["pose"]).all()
    found.check_rows(data)


def test_what_cannot_be_refined_is_one_line(data: Store, lean: Body) -> None:
    with pytest.raises(UserError, match="of body anny, not smpl"):
        as_said(predicted(data), small_body(0))
    joints = predicted(data, joints3d=data["joints3d"])
    lonely = {name: values for name, values in joints.columns.items() if name not in ("pose", "betas")}
    with pytest.raises(UserError, match="have joints but no bodies"):
        as_said(Predictions("tiny", "test", None, "smpl_24", "lifter", lonely), lean)
    with pytest.raises(UserError, match="nobody can be fitted"):
        refine(data, lean, predicted(data, pose=np.full((PEOPLE, 72), np.nan)))


def test_the_joint_set_is_the_one_that_shares_most_joints(lean: Body, tmp_path: Path) -> None:
    assert shared_joints(store(tmp_path, joints="coco_17"), lean) == "smpl_24"
    assert shared_joints(store(tmp_path, joints="coco_wholebody_23"), lean) == "openpose_25"
    with pytest.raises(UserError, match="ochuman_19 have no map"):
        shared_joints(store(tmp_path, joints="ochuman_19"), lean)
    with pytest.raises(UserError, match="no 2D joints"):
        shared_joints(store(tmp_path, joints2d=None, confidence2d=None, visible=None), lean)
