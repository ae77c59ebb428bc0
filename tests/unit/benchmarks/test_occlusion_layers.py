"""Layers over crops: where they are, what they hide, and what systems of different resolution see of them."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from omegaconf import OmegaConf

from benchmarks.occlusion import kinds
from benchmarks.occlusion.kinds import occluders, opaque, procedural
from benchmarks.occlusion.measured import NOWHERE, REGIONS, Person
from benchmarks.occlusion.occluders import SIDE, Pasted, Patch, Truncation, resized
from benchmarks.occlusion.sheet import behind
from benchmarks.occlusion.trial import drawn, under
from hpe.datasets.cutouts import RIM_ALPHA, cut_out
from hpe.datasets.module import IMAGENET_DEVIATION, IMAGENET_MEAN
from hpe.errors import UserError
from hpe.joints import joint_set
from hpe.types import Batch

MIDDLE = np.array([[0.5, 0.5]])


def rng(seed=0):
    return np.random.default_rng(seed)


def solid(layer):
    return layer[..., 3] > 127


def scene(parts=None, joints=None):
    """A person whose part map is `parts` and whose joints, in crop units, are `joints`."""
    return Person(
        Batch(
            image=torch.zeros(1, 3, SIDE, SIDE),
            sample=torch.zeros(1, dtype=torch.long),
            crop=torch.ones(1, 3),
            image_size=torch.ones(1, 2),
            parts=None if parts is None else torch.from_numpy(parts)[None],
            joints2d=None if joints is None else torch.from_numpy(joints).float()[None],
            confidence2d=None if joints is None else torch.ones(1, 24),
        )
    )


@pytest.fixture
def body_parts():
    """The upper half of the crop is head, its lower half left leg, in the middle column."""
    parts = np.zeros((SIDE, SIDE), np.int64)
    names = joint_set("smpl_24")
    parts[: SIDE // 2, 100:150] = 1 + names.index("head")[0]
    parts[SIDE // 2 :, 100:150] = 1 + names.index("left_knee")[0]
    return parts


def lower_half():
    layer = np.zeros((SIDE, SIDE, 4), np.uint8)
    layer[SIDE // 2 :, :, 3] = 255
    return layer


def test_a_patch_is_a_square_of_the_mean_colour_near_the_person():
    layer = Patch().draw(MIDDLE, 0.25, rng())
    rows, columns = np.nonzero(solid(layer))
    assert len(rows) == (SIDE // 4) ** 2
    assert abs(rows.mean() - SIDE / 2) < 0.2 * SIDE
    assert abs(columns.mean() - SIDE / 2) < 0.2 * SIDE
    assert (layer[rows[0], columns[0], :3] == np.array([255 * mean for mean in IMAGENET_MEAN]).astype(np.uint8)).all()


def test_colours_of_a_layer_are_multiplied_by_its_opacity():
    glass = np.full((20, 20, 4), 200, np.uint8)
    glass[..., 3] = 51
    layer = Pasted([glass], "").draw(MIDDLE, 0.5, rng())
    assert layer[..., :3].max() == 40
    assert layer[..., 3].max() == 51


@pytest.mark.parametrize("seed", range(8))
def test_a_truncation_cuts_its_share_of_the_person_off(seed):
    points = np.array([[0.25, 0.1], [0.75, 0.9]])
    covered = solid(Truncation().draw(points, 0.5, rng(seed)))
    assert covered.sum() == SIDE * SIDE // 2
    assert {covered.all(0).sum(), covered.all(1).sum()} == {0, SIDE // 2}


def test_a_truncation_is_black():
    layer = Truncation().draw(np.array([[0.2, 0.2], [0.8, 0.8]]), 0.4, rng())
    assert not layer[solid(layer), :3].any()


def test_nobody_shows_through_the_thinnest_limb():
    limb = cut_out(np.full((6, 50, 3), 200, np.uint8), np.ones((6, 50), bool))
    assert limb[..., 3].max() == RIM_ALPHA
    layer = Pasted(opaque([limb]), "").draw(MIDDLE, 0.5, rng())
    assert solid(layer).any()
    assert set(layer[..., 3].ravel()) == {0, 255}


def test_procedural_objects_are_whole_and_always_the_same(monkeypatch):
    monkeypatch.setattr(kinds, "OBJECTS", 10)
    once, again = procedural(), procedural()
    assert all(np.array_equal(one, two) for one, two in zip(once, again, strict=True))
    assert all(one[..., 3].any(axis).all() for one in once for axis in (0, 1))


def test_what_is_hidden_is_counted_in_pixels_of_the_person(body_parts):
    found = scene(body_parts).hidden([lower_half(), np.zeros((SIDE, SIDE, 4), np.uint8)])
    assert found["occlusion"].tolist() == [0.5, 0]
    assert found["covered_left_leg"].tolist() == [1, 0]
    assert found["covered_head"].tolist() == [0, 0]
    assert found["covered_right_leg"].isna().all()
    assert found["position"].tolist() == ["leg", NOWHERE]


def test_without_part_maps_it_is_the_hull_and_the_discs_around_joints():
    names = joint_set("smpl_24").names
    legs = {joint for side in ("left", "right") for joint in REGIONS[f"{side}_leg"]}
    joints = np.array([[0.5 - place % 2, 0.5 if name in legs else -0.5] for place, name in enumerate(names)])
    found = scene(joints=joints).hidden([lower_half()])
    assert found["occlusion"][0] == pytest.approx(0.5, abs=0.05)
    assert found["covered_left_leg"][0] == 1
    assert found["covered_head"][0] == 0
    assert found["position"][0] == "leg"


def test_of_whom_nothing_is_labelled_nothing_is_known():
    found = scene().hidden([lower_half()])
    assert found["occlusion"].isna().all()
    assert found["position"].tolist() == [NOWHERE]


def test_every_joint_is_of_one_region():
    joints = [joint for region in REGIONS.values() for joint in region]
    assert sorted(joints) == sorted(joint_set("smpl_24").names)


def test_layers_follow_from_seed_row_kind_and_size_alone():
    person, every_kind = scene(), {"patch": Patch(), "truncation": Truncation()}
    every = {(kind, size): layer for kind, size, layer in drawn(person, every_kind, [0.2, 0.4], 0, 7)}
    (alone,) = [layer for _, _, layer in drawn(person, {"truncation": Truncation()}, [0.4], 0, 7)]
    assert np.array_equal(alone, every["truncation", 0.4])
    (other,) = [layer for _, _, layer in drawn(person, {"patch": Patch()}, [0.4], 1, 7)]
    assert not np.array_equal(other, every["patch", 0.4])


@pytest.mark.parametrize("side", [64, 224, 256])
def test_every_resolution_sees_the_same_share_covered(side):
    layer = Patch().draw(MIDDLE, 0.3, rng())
    assert resized(layer, side)[..., 3].mean() == pytest.approx(layer[..., 3].mean(), rel=0.03)


def test_a_normalised_crop_under_a_layer_is_the_normalised_picture():
    pixels = rng().integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    layer = Pasted([rng().integers(0, 256, (40, 60, 4), dtype=np.uint8)], "").draw(MIDDLE, 0.5, rng())
    colour = SimpleNamespace(mean=IMAGENET_MEAN, std=IMAGENET_DEVIATION)
    model = SimpleNamespace(system=SimpleNamespace(backbone=SimpleNamespace(preprocessing=colour)))
    mean, deviation = np.array(IMAGENET_MEAN), np.array(IMAGENET_DEVIATION)

    def normalised(picture):
        return torch.from_numpy(((picture / 255 - mean) / deviation).transpose(2, 0, 1)).float()

    found = under(normalised(pixels)[None], [layer], model)[0]
    torch.testing.assert_close(found, normalised(behind(pixels, layer)), atol=0.012, rtol=0)


def test_an_unknown_kind_is_one_line():
    with pytest.raises(UserError, match="kinds: no occluder is called 'pacth'; did you mean 'patch'"):
        occluders(OmegaConf.create({"kinds": ["pacth"]}))


def test_cutouts_say_where_they_are_from(tmp_path, monkeypatch):
    monkeypatch.setattr(kinds, "OBJECTS", 10)
    config = OmegaConf.create({"kinds": ["cutout"], "voc": str(tmp_path)})
    assert (
        f"procedural objects, because there is no Pascal VOC 2012 in {tmp_path}" in occluders(config)["cutout"].origin
    )
