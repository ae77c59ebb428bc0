import pytest
import torch

from hpe.metrics.mupots import NOT_VALID, PARENTS, UNMATCHED, match, rescale_bones


@pytest.fixture
def people():
    joints = 100 * torch.rand(3, 17, 2, generator=torch.Generator().manual_seed(0))
    return joints + torch.tensor([[[0.0, 0.0]], [[500.0, 0.0]], [[0.0, 900.0]]])


def test_people_find_their_predictions(people):
    valid = torch.tensor([True, False, True])
    assert match(people[[2, 0]] + 39, people, valid).tolist() == [1, NOT_VALID, 0]


def test_forty_pixels_are_too_many_in_either_direction(people):
    assert match(people + torch.tensor([41.0, 0.0]), people, torch.ones(3).bool()).tolist() == [UNMATCHED] * 3


def test_a_prediction_serves_one_person_only(people):
    twins = people[:1].expand(2, -1, -1)
    assert match(people[:1], twins, torch.ones(2).bool()).tolist() == [0, UNMATCHED]


def test_the_first_of_equal_predictions_is_taken(people):
    assert match(people[:1].expand(3, -1, -1), people[:1], torch.ones(1).bool()).tolist() == [0]


def test_without_predictions_nobody_is_matched(people):
    assert match(people[:0], people, torch.ones(3).bool()).tolist() == [UNMATCHED] * 3


def test_bones_get_the_targets_lengths_and_keep_their_directions():
    prediction, target = torch.randn(2, 5, 17, 3, dtype=torch.float64)
    rescaled = rescale_bones(prediction, target)

    def bones(points):
        others = [joint for joint in range(17) if joint != 14]
        return (points - points[:, list(PARENTS)])[:, others]

    torch.testing.assert_close(bones(rescaled).norm(dim=-1), bones(target).norm(dim=-1))
    cosine = torch.nn.functional.cosine_similarity(bones(rescaled), bones(prediction), dim=-1)
    torch.testing.assert_close(cosine, torch.ones_like(cosine))
    torch.testing.assert_close(rescaled[:, 14], prediction[:, 14])
