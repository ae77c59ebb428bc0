"""Choosing joints of a set by shell-style patterns of their names."""

from fnmatch import fnmatch

from hpe.errors import UserError, did_you_mean
from hpe.joints import joint_set
from hpe.types import Batch, Prediction


def matching(set_name: str, pattern: str) -> list[int]:
    """Indices of the joints whose name matches a pattern, as `*_knee`. Raises UserError where none does."""
    names = joint_set(set_name).names
    found = [index for index, name in enumerate(names) if fnmatch(name, pattern)]
    if not found:
        raise UserError(f"no joint of {set_name} is called '{pattern}'; {did_you_mean(pattern, names)}")
    return found


def common_set(prediction: Prediction, batch: Batch) -> str:
    """The joint set of both. Raises UserError where they differ: rows would be compared with other joints."""
    if prediction.joint_set != batch.joint_set:
        raise UserError(
            f"the body gives joints of {prediction.joint_set} but the labels are {batch.joint_set}: "
            "set both to the same joint set"
        )
    return batch.joint_set
