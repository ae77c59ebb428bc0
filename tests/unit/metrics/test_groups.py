import torch

from hpe.metrics.groups import MPI_INF, group_means


def test_fourteen_joints_are_scored():
    scored = sorted(joint for joints in MPI_INF.values() for joint in joints)
    assert scored == list(range(14))


def test_all_weighs_joints_and_not_groups():
    values = torch.tensor([[1.0, 3.0, 5.0], [1.0, 3.0, torch.nan]])
    means = group_means(values, {"one": [0], "pair": [1, 2]})
    assert (means["one"].value, means["pair"].value, means["all"].value) == (1.0, 11 / 3, 13 / 5)
    assert (means["pair"].samples, means["pair"].undefined) == (3, 1)
