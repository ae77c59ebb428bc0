from dataclasses import replace

import pytest
import torch
from torch.nn import functional

from hpe.losses.part_segmentation import PartSegmentationLoss
from hpe.types import Batch, Prediction

COUNT, SIDE = 3, 6


@pytest.fixture
def prediction():
    logits = torch.randn(COUNT, 25, SIDE, SIDE, generator=torch.Generator().manual_seed(0), requires_grad=True)
    return Prediction(torch.zeros(COUNT, 24, 3), auxiliary={"part_logits": logits})


@pytest.fixture
def batch():
    parts = torch.randint(0, 25, (COUNT, SIDE, SIDE), generator=torch.Generator().manual_seed(1))
    covered = torch.zeros(COUNT, 24, 24, dtype=torch.bool)
    covered[:, :, 12:] = True
    crops = torch.zeros(COUNT, 3, 24, 24), torch.arange(COUNT), torch.ones(COUNT, 3), torch.ones(COUNT, 2)
    return Batch(*crops, parts=parts, covered=covered)


def cross_entropy(prediction, parts):
    return functional.cross_entropy(prediction.auxiliary["part_logits"], parts, ignore_index=-1)


def test_it_is_the_mean_over_pixels_whose_part_is_known(prediction, batch):
    batch.parts[0] = -1
    loss = PartSegmentationLoss()(prediction, batch)
    torch.testing.assert_close(loss, cross_entropy(prediction, batch.parts))


def test_a_batch_without_any_part_costs_nothing_and_moves_nothing(prediction, batch):
    loss = PartSegmentationLoss()(prediction, replace(batch, parts=torch.full_like(batch.parts, -1)))
    loss.backward()
    assert loss == 0
    assert prediction.auxiliary["part_logits"].grad.abs().max() == 0


@pytest.mark.parametrize(("covered", "label"), [("kept", None), ("ignored", -1), ("background", 0)])
def test_what_is_behind_a_pasted_occluder(covered, label, prediction, batch):
    parts = batch.parts.clone()
    if label is not None:
        parts[:, :, SIDE // 2 :] = label
    loss = PartSegmentationLoss(covered)(prediction, batch)
    torch.testing.assert_close(loss, cross_entropy(prediction, parts))


def test_unknown_parts_stay_unknown_behind_an_occluder(prediction, batch):
    batch.parts[1:] = -1
    loss = PartSegmentationLoss("background")
    torch.testing.assert_close(loss(prediction, batch), loss(prediction[:1], batch[:1]))


def test_labels_of_another_size_are_met_by_enlarged_logits(prediction, batch):
    larger = replace(batch, parts=batch.parts.repeat_interleave(4, 1).repeat_interleave(4, 2))
    logits = prediction.auxiliary["part_logits"]
    enlarged = functional.interpolate(logits, size=(24, 24), mode="bilinear", align_corners=True)
    loss = PartSegmentationLoss()(prediction, larger)
    torch.testing.assert_close(loss, functional.cross_entropy(enlarged, larger.parts))
