import torch

from hpe.metrics.box_pck import box_pck


def test_each_joint_is_scored_over_its_own_labels():
    target = torch.zeros(4, 3, 2)
    prediction = torch.zeros(4, 3, 2)
    prediction[0, 0, 0] = prediction[1, 0, 1] = 0.2
    valid = torch.ones(4, 3, dtype=torch.bool)
    valid[1, 0] = valid[2, 1] = False
    valid[:, 2] = False
    found = box_pck(prediction, target, valid, threshold=0.1)
    torch.testing.assert_close(found, torch.tensor([2 / 3, 1.0, torch.nan]), equal_nan=True)


def test_a_failed_prediction_is_undefined_only_where_it_counts():
    prediction, valid = torch.full((2, 2, 2), torch.nan), torch.tensor([[True, False], [True, True]])
    prediction[1] = 0
    assert box_pck(prediction, torch.zeros(2, 2, 2), valid, 0.1).isnan().tolist() == [True, False]
