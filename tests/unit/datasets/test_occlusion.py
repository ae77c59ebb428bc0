import numpy as np
import pytest
import torch

from hpe.datasets.augmentation import Augmentation
from hpe.datasets.crops_dataset import CropSettings, PersonCrops, SampleKey
from hpe.datasets.module import IMAGENET_DEVIATION, IMAGENET_MEAN
from hpe.datasets.occlusion import hull_occlusion, joint_occlusion, occlusion, silhouette_occlusion

LEFT = np.zeros((1, 64, 64), dtype=bool)
LEFT[:, :, :32] = True


def test_a_joint_is_as_occluded_as_its_disc():
    points = np.array([[[-0.5, 0.0], [0.0, 0.0], [0.5, 0.0], [3.0, 0.0], [-0.5, 0.5]]])
    known = np.array([[True, True, True, True, False]])
    found = joint_occlusion(points, known, LEFT)[0]
    assert found[[0, 2]].tolist() == [1, 0]
    assert found[1] == pytest.approx(0.5, abs=0.05)
    assert np.isnan(found[3:]).all()


def test_a_disc_at_the_edge_counts_as_far_as_it_lies_in_the_crop():
    assert joint_occlusion(np.array([[[-1.0, 0.0]]]), np.array([[True]]), LEFT).tolist() == [[1]]


def test_a_person_is_as_occluded_as_the_pixels_of_its_parts():
    parts = np.zeros((2, 64, 64), np.int64)
    parts[0, 10:20, 22:42] = 5
    found = silhouette_occlusion(parts, np.concatenate([LEFT, LEFT]))
    assert found[0] == 0.5
    assert np.isnan(found[1])


def test_without_parts_it_is_the_hull_of_the_known_joints():
    points = np.array([[[-0.75, -0.5], [0.25, -0.5], [0.25, 0.5], [-0.75, 0.5], [9.0, 9.0]]])
    known = np.array([[True, True, True, True, False]])
    assert hull_occlusion(points, known, LEFT)[0] == pytest.approx(0.75, abs=0.03)
    assert np.isnan(hull_occlusion(points, ~known & False, LEFT)[0])


def test_parts_win_over_the_hull_where_there_are_any():
    parts = np.full((2, 64, 64), -1)
    parts[0, 0, 32:] = 1
    corners = torch.tensor([[-1.0, -1.0], [0.9, -1.0], [0.9, 0.9], [-1.0, 0.9]]).repeat(2, 1, 1)
    fields = {"joints2d": corners, "confidence2d": torch.ones(2, 4)}
    found = occlusion(fields, parts, np.concatenate([LEFT, LEFT]))["person_occlusion"]
    assert found[0] == 0
    assert found[1] == pytest.approx(0.52, abs=0.03)


def test_samples_say_how_occluded_they_are(make_store):
    augmentation = Augmentation(occluder_probability=0.5, occluder_size=(0.6, 0.9))
    settings = CropSettings(32, "smpl_24", 1.2, IMAGENET_MEAN, IMAGENET_DEVIATION, augmentation=augmentation)
    batch = PersonCrops([make_store(visible=np.ones((8, 24), bool))], settings).__getitems__(
        [SampleKey(0, row) for row in range(8)]
    )
    occluded = batch.person_occlusion > 0
    assert 0 < occluded.sum() < 8
    assert not batch.joint_occlusion[~occluded].nan_to_num().any()
    inside = (batch.joints2d.abs() < 0.9).all(-1)
    assert batch.visible[inside & (batch.joint_occlusion == 0)].all()
    assert not batch.visible[inside & (batch.joint_occlusion == 1)].any()


def test_without_occluders_nothing_is_said(make_store):
    settings = CropSettings(32, "smpl_24", 1.2, IMAGENET_MEAN, IMAGENET_DEVIATION)
    batch = PersonCrops([make_store()], settings)[SampleKey(0, 0)]
    assert batch.joint_occlusion is None
    assert batch.person_occlusion is None
