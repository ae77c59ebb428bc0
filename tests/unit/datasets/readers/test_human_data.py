"""HumanData of MMHuman3D, keypoints compressed by their mask, and what comes out."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe.datasets.readers.human_data import HumanData
from hpe.errors import UserError

PEOPLE, SUPERSET = 3, 190
KEPT = [0, 1, 2, 4, 15, 40, 100, 189]


def annotations() -> dict[str, Any]:
    """Of the superset the pelvis, hips, left knee, head, a right index finger and two joints beyond the body."""
    random = np.random.default_rng(0)
    mask = np.isin(np.arange(SUPERSET), KEPT).astype(np.uint8)
    return {
        "image_path": np.array([f"imageFiles/walk_00/image_{frame:05}.jpg" for frame in range(PEOPLE)]),
        "bbox_xywh": np.concatenate([random.uniform(5, 60, (PEOPLE, 4)), np.ones((PEOPLE, 1))], axis=1),
        "keypoints2d": random.uniform(0.1, 1, (PEOPLE, len(KEPT), 3)),
        "keypoints2d_mask": mask,
        "keypoints3d": random.uniform(0.1, 1, (PEOPLE, len(KEPT), 4)),
        "keypoints3d_mask": mask,
        "smpl": {
            "body_pose": random.normal(0, 0.4, (PEOPLE, 23, 3)),
            "global_orient": random.normal(size=(PEOPLE, 3)),
            "betas": random.normal(size=(PEOPLE, 10)),
        },
        "meta": {"gender": ["m", "f", "m"]},
        "config": "pw3d",
        "__keypoints_compressed__": True,
    }


def read(folder: Path, said: dict[str, Any]) -> dict[str, np.ndarray]:
    np.savez_compressed(folder / "pw3d_train.npz", allow_pickle=True, **said)
    reader = HumanData(str(folder), file="pw3d_train.npz")
    return dict(reader.read("train", reader.parts("train")[0]))


def test_the_numbers_come_back(tmp_path):
    said = annotations()
    people = read(tmp_path, said)
    assert people["sequence"].tolist() == ["walk_00"] * PEOPLE
    assert people["frame"].tolist() == [0, 1, 2]
    assert people["gender"].tolist() == [1, 2, 1]
    np.testing.assert_array_equal(people["box"], said["bbox_xywh"][:, :4])
    np.testing.assert_array_equal(people["pose"][:, :3], said["smpl"]["global_orient"])
    np.testing.assert_array_equal(people["pose"][:, 3:].reshape(PEOPLE, 23, 3), said["smpl"]["body_pose"])
    np.testing.assert_array_equal(people["betas"], said["smpl"]["betas"])
    for dimensions in (2, 3):
        stored, confidence = said[f"keypoints{dimensions}d"], people[f"confidence{dimensions}d"]
        assert np.flatnonzero(confidence.all(0)).tolist() == [0, 1, 2, 4, 15, 23]
        np.testing.assert_array_equal(
            people[f"joints{dimensions}d"][:, [0, 1, 2, 4, 15, 23]], stored[:, :6, :dimensions]
        )
        assert confidence.any(0).sum() == 6


def test_keypoints_that_are_not_compressed_come_back_too(tmp_path):
    said = annotations()
    whole = np.zeros((PEOPLE, SUPERSET, 3))
    whole[:, KEPT] = said["keypoints2d"]
    compressed, plain = read(tmp_path, said), read(tmp_path, said | {"keypoints2d": whole})
    np.testing.assert_array_equal(plain["joints2d"], compressed["joints2d"])
    np.testing.assert_array_equal(plain["confidence2d"], compressed["confidence2d"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"keypoints2d_mask": np.ones(SUPERSET)}, "'keypoints2d_mask' names 190 of 190 joints, but the file keeps 8"),
        ({"smpl": np.zeros(3)}, "smpl. holds no named entries"),
        ({"smpl": {"body_pose": np.zeros((PEOPLE, 21, 3))}}, "'smpl.global_orient' is missing"),
        ({"meta": {"gender": ["m"]}}, "'meta.gender' has 1 entries, expected 3"),
        ({"bbox_xywh": None}, "'bbox_xywh' is missing"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path, change, words):
    said = {key: values for key, values in (annotations() | change).items() if values is not None}
    with pytest.raises(UserError, match=words) as caught:
        read(tmp_path, said)
    assert "\n" not in str(caught.value)
