import pytest
import torch

from hpe.metrics.agora import Matches, box_overlap, detection, match, normalised

ALL = torch.ones(3, dtype=torch.bool)


@pytest.fixture
def people():
    """Three people, 100 pixels tall and wide, far apart."""
    joints = 100 * torch.rand(3, 24, 2, generator=torch.Generator().manual_seed(0))
    return joints + torch.tensor([[[0.0, 0.0]], [[500.0, 0.0]], [[0.0, 900.0]]])


def test_everybody_is_found_in_any_order(people):
    assert match(people[[2, 0, 1]] + 3, people, ALL) == Matches([(0, 2), (1, 0), (2, 1)], [], [], [])


def test_the_closer_prediction_wins_and_the_other_is_a_false_positive(people):
    assert match(torch.stack([people[0] + 9, people[0] + 1]), people[:1], ALL[:1]) == Matches([(1, 0)], [0], [], [])


def test_people_nobody_predicted_are_missed(people):
    assert match(people[:1], people, ALL) == Matches([(0, 0)], [], [1, 2], [])


@pytest.mark.parametrize("count", [0, 2])
def test_pictures_without_predictions_or_without_people(count, people):
    nobody = people[:0]
    assert match(nobody, people[:count], ALL[:count]) == Matches([], [], list(range(count)), [])
    assert match(people[:count], nobody, ALL[:0]) == Matches([], list(range(count)), [], [])


def test_someone_without_a_valid_label_is_neither_found_nor_missed(people):
    found = match(people + 1, people, torch.tensor([True, False, True]))
    assert (found.pairs, found.false_positives, found.missed) == ([(0, 0), (2, 2)], [1], [])
    assert set(found.ignored) == {1}


def test_a_box_overlaps_itself_wholly_and_strangers_not_at_all(people):
    torch.testing.assert_close(box_overlap(people, people), torch.eye(3))


def test_the_published_example_of_scores():
    found = detection(people=37, missed=0, false_positives=12)
    assert (found.precision, found.recall, found.f1) == (0.76, 1.0, 0.86)


def test_errors_answer_for_those_not_found():
    assert normalised(89.16, 0.86) == round(89.2 / 0.86, 1)
    assert str(normalised(89.2, 0.0)) == "nan"
