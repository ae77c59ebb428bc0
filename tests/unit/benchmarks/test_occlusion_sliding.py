"""A system that can be computed by hand under a sliding patch, and the pictures of what it does."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from benchmarks.occlusion.fourteen import NAMES, SKELETON, fourteen, origin
from benchmarks.occlusion.heat import at_pixels, levels
from benchmarks.occlusion.heat_pictures import draw_grid
from benchmarks.occlusion.pace import pace
from benchmarks.occlusion.sliding import Patch, occluded, sensitivity
from benchmarks.occlusion.subjects import Subject
from hpe.errors import UserError
from hpe.joints import joint_set
from hpe.types import Batch, BodyOutput, Prediction

SIDE = 8
WRIST = NAMES.index("left_wrist")


class Bright:
    """Its left wrist is as far off, in metres, as the pixel in row 5, column 2 is bright."""

    body = SimpleNamespace(mesh_joints=SimpleNamespace(available=frozenset()))

    def __init__(self):
        self.calls = 0
        self.rest = torch.from_numpy(np.random.default_rng(0).normal(0, 0.4, (24, 3)))

    def __call__(self, batch):
        self.calls += 1
        joints = self.rest.repeat(len(batch), 1, 1)
        joints[:, joint_set("smpl_24").index("left_wrist")[0], 0] += batch.image[:, 0, 5, 2]
        return Prediction(joints3d=joints, vertices=joints)


@pytest.fixture
def system():
    return Bright()


@pytest.fixture
def subject(system):
    image = torch.full((1, 3, SIDE, SIDE), 0.1, dtype=torch.float64)
    batch = Batch(image.float(), torch.zeros(1, dtype=torch.long), torch.ones(1, 3), torch.ones(1, 2))
    return Subject("somebody", "nowhere", batch, BodyOutput(system.rest[None], system.rest[None]))


def test_the_error_is_where_the_patch_stands(system, subject):
    maps = sensitivity(system, subject, Patch(SIDE, 2, 2, 0.0), at_once=5)
    expected = np.full((4, 4), 100.0)
    expected[2, 1] = 0
    np.testing.assert_allclose(maps.mpjpe[..., WRIST], expected, atol=1e-4)
    np.testing.assert_allclose(np.delete(maps.mpjpe, WRIST, axis=2), 0, atol=1e-4)
    assert maps.clean_mpjpe[WRIST] == pytest.approx(100, abs=1e-4)
    assert 0 < maps.clean_pa_mpjpe[WRIST] < 100


def test_without_a_true_body_it_is_the_change_that_the_patch_makes(system, subject):
    maps = sensitivity(system, replace(subject, truth=None), Patch(SIDE, 2, 2, 0.0), at_once=64)
    assert maps.mpjpe[2, 1, WRIST] == pytest.approx(100, abs=1e-4)
    assert maps.mpjpe.sum() == pytest.approx(100, abs=1e-3)
    assert (maps.clean_mpjpe == 0).all()


@pytest.mark.parametrize(("at_once", "calls"), [(1, 16), (5, 4), (64, 1)])
def test_places_share_forward_passes_and_their_number_changes_nothing(system, subject, at_once, calls):
    maps = sensitivity(system, subject, Patch(SIDE, 2, 2, 0.0), at_once)
    assert system.calls == calls + 1
    assert np.array_equal(maps.mpjpe, sensitivity(system, subject, Patch(SIDE, 2, 2, 0.0), 3).mpjpe)


def test_the_patch_is_filled_and_nothing_else():
    found = occluded(torch.zeros(3, 4, 4), np.array([[0, 2, 1, 4]]), 7.0)[0]
    assert (found[:, :2, 1:] == 7).all()
    assert found.sum() == 3 * 7 * 6


def test_the_default_patch_is_the_published_share_of_the_crop():
    assert Patch.of(224, None, None, 0.0) == Patch(224, 40, 40, 0.0)
    assert Patch.of(64, None, 4, 0.0) == Patch(64, 11, 4, 0.0)


@pytest.mark.parametrize(("size", "stride"), [(0, 1), (9, 1), (2, 0)])
def test_a_patch_that_cannot_slide_is_one_line(size, stride):
    with pytest.raises(UserError, match=f"size={size} stride={stride}: a patch of 1 to 8 pixels"):
        Patch(SIDE, size, stride, 0.0)


def test_joints_of_a_body_without_regressor_are_its_skeletons(body):
    posed = body.rest(torch.zeros(1, 10))
    joints = fourteen(body, posed)
    assert origin(body) == SKELETON
    knee = joint_set("smpl_24").index("right_knee")[0]
    torch.testing.assert_close(joints[0, NAMES.index("right_knee")], posed.joints[0, knee] - posed.joints[0, 0])


def test_heat_lies_where_the_patch_was():
    values = np.zeros((4, 4, 1))
    values[2, 1] = 1
    heat = at_pixels(values, Patch(SIDE, 2, 2, 0.0), 64)[..., 0]
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    assert (row // 8, column // 8) in {(4, 2), (4, 3), (5, 2), (5, 3)}
    assert heat.min() == 0
    assert heat.max() <= 1


def test_what_is_the_same_everywhere_has_no_heat():
    assert (levels(np.full((3, 3), 5.0), 5.0, 5.0) == 0).all()
    assert levels(np.array([1.0, 2.0, 3.0]), 1.0, 3.0).tolist() == [0, 0.5, 1]


@pytest.mark.slow
@pytest.mark.parametrize("together", [True, False])
def test_constant_maps_can_be_drawn(tmp_path, together):
    crop, points = np.zeros((64, 64, 3), np.uint8), np.full((14, 2), 32.0)
    values, clean, patch = np.full((4, 4, 14), 3.0), np.full(14, 3.0), Patch(SIDE, 2, 2, 0.0)
    draw_grid(tmp_path / "a.png", crop, values, clean, patch, points, "same", together)
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_the_pace_is_that_of_a_place(system, subject):
    row = pace(system, subject, Patch(SIDE, 2, 2, 0.0), 64)
    assert row["ratio"] == pytest.approx(row["reference_s"] / row["ours_s"])
