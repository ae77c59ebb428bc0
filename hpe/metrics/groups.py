"""Scores by groups of joints, as MPI-INF-3DHP and MuPoTS report them."""

from collections.abc import Mapping, Sequence

from jaxtyping import Float
from torch import Tensor

from hpe.joints import joint_groups
from hpe.metrics.reductions import Mean, mean

# Head, neck, shoulders ... ankles: 14 of the 17 joints of `mpi_inf_17`, without pelvis, spine and head.
MPI_INF = joint_groups("mpi_inf_pck_groups")


def group_means(
    values: Float[Tensor, "*batch joints"], groups: Mapping[str, Sequence[int]] = MPI_INF
) -> dict[str, Mean]:
    """Mean of each group's joints over all samples, and `all`: every joint of the groups once, so that pairs weigh two.

    Mehta et al., MPI-INF-3DHP, 3DV 2017. The values are those of poses of one joint, such as
    `pck(prediction[..., None, :], target[..., None, :])`.
    """
    everything = [joint for joints in groups.values() for joint in joints]
    return {name: mean(values[..., list(joints)]) for name, joints in {**groups, "all": everything}.items()}
