import pytest
import torch

from hpe.errors import UserError
from hpe.losses.camera import CameraLoss
from hpe.losses.schedule import Milestones, Progress
from hpe.losses.shape_prior import ShapePrior
from hpe.losses.weighted_sum import WeightedSum
from hpe.types import Batch, Prediction


def test_a_weight_changes_at_its_milestones():
    weight = Milestones([1.0, 0.5, 0.0], [100, 200])
    assert [weight.at(Progress(step)) for step in (0, 99, 100, 199, 200, 1000)] == [1.0, 1.0, 0.5, 0.5, 0.0, 0.0]


def test_it_counts_steps_or_epochs():
    assert Milestones([1.0, 0.0], [3], "epoch").at(Progress(step=500, epoch=2)) == 1
    assert Milestones([1.0, 0.0], [3], "epoch").at(Progress(step=0, epoch=3)) == 0


@pytest.mark.parametrize(("values", "milestones"), [([1.0], [3]), ([1.0, 0.0, 1.0], [5, 3]), ([1.0, 0.0, 1.0], [3, 3])])
def test_milestones_rise_between_values(values, milestones):
    with pytest.raises(UserError, match="give rising milestones and one value more than milestones"):
        Milestones(values, milestones)


def test_a_term_that_is_off_is_neither_computed_nor_asked_for():
    terms = {"shape": ShapePrior(), "camera": CameraLoss()}
    loss = WeightedSum({"shape": Milestones([2.0, 0.0], [10]), "camera": 1.0}, terms)
    prediction = Prediction(torch.zeros(1, 24, 3), betas=torch.zeros(1, 10), camera=torch.ones(1, 3))
    batch = Batch(torch.zeros(1, 3, 2, 2), torch.arange(1), torch.ones(1, 3), torch.ones(1, 2))
    assert list(loss(prediction, batch, Progress(9)).terms) == ["shape", "camera"]
    assert list(loss(prediction, batch, Progress(10)).terms) == ["camera"]
    assert loss.weights(Progress(10)) == {"camera": 1.0}
