"""SMPL-X's joints are those of smplx, and come from SMPL-X's file or from none."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import smplx
import torch
from official_smplx import write_smplx

from hpe.bodies import smplx_skeleton
from hpe.bodies.smplx_skeleton import SMPLXSkeleton
from hpe.errors import UserError

SIZES = {"global_orient": 3, "body_pose": 63, "jaw_pose": 3, "leye_pose": 3, "reye_pose": 3}
SIZES |= {"left_hand_pose": 45, "right_hand_pose": 45}


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_smplx(tmp_path_factory.mktemp("smplx"))


@pytest.mark.parametrize("betas", [10, 11, 16])
def test_joints_are_those_of_smplx_however_many_betas(
    official: Path, monkeypatch: pytest.MonkeyPatch, betas: int
) -> None:
    monkeypatch.setattr(smplx_skeleton, "SLICE", 2)
    random = np.random.default_rng(betas)
    pose, shape = random.normal(0, 1, (3, 165)), random.normal(0, 1, (3, betas))
    model = smplx.SMPLX(str(official), num_betas=betas, use_pca=False, flat_hand_mean=True, batch_size=3)
    parts = torch.from_numpy(pose).float().split(list(SIZES.values()), dim=1)
    expected = model(betas=torch.from_numpy(shape).float(), **dict(zip(SIZES, parts, strict=True))).joints[:, :55]
    found = SMPLXSkeleton.read(official).posed(pose, shape)
    np.testing.assert_allclose(found, expected.detach().numpy(), atol=1e-5)
    assert np.abs(found[0] - found[1]).max() > 0.1


@pytest.mark.parametrize(("directions", "betas"), [(400, 300), (310, 300), (20, 10)])
def test_directions_of_expression_are_none_of_shape(tmp_path: Path, directions: int, betas: int) -> None:
    assert SMPLXSkeleton.read(write_smplx(tmp_path, vertices=60, directions=directions)).betas == betas


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"J_regressor": np.zeros((24, 60))}, "'J_regressor' has shape 24 x 60, expected 55 x "),
        ({"v_template": np.zeros((6890, 3))}, "'v_template' has shape 6890 x 3, expected 60 x 3"),
        ({"shapedirs": np.full((60, 3, 400), np.nan)}, "'shapedirs' is not finite"),
        ({"shapedirs": np.zeros((60, 3, 4))}, "'shapedirs' has 4 directions"),
        ({"kintree_table": np.zeros((2, 55))}, "'kintree_table' is not that of SMPL-X"),
        ({"v_template": None}, "'v_template' is no"),
    ],
)
def test_another_model_is_refused_by_what_it_lacks(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    path = write_smplx(tmp_path, vertices=60)
    with np.load(path, allow_pickle=True) as stored:
        np.savez(path, **dict(stored) | change)
    with pytest.raises(UserError, match=rf"SMPLX_NEUTRAL\.npz: {words}"):
        SMPLXSkeleton.read(path)


def test_a_file_that_is_cut_short_or_missing_is_one_line(tmp_path: Path) -> None:
    path = write_smplx(tmp_path, vertices=60)
    path.write_bytes(path.read_bytes()[:50_000])
    with pytest.raises(UserError, match="fetch it again"):
        SMPLXSkeleton.read(path)
    path.unlink()
    with pytest.raises(UserError, match=r"no file .*SMPLX_NEUTRAL\.npz"):
        SMPLXSkeleton.read(path)
