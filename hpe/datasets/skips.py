"""Counting pictures that could not be read: a few are reported, more than a few end the run."""

import logging

from hpe.errors import UserError
from hpe.types import Batch

TOLERATED_SHARE = 0.01

_log = logging.getLogger(__name__)


class SkipCounter:
    """Warns once of each unreadable picture and ends the run past 1 % of the `pictures` that it is to see.

    The share is of all pictures of the run's split, not of those seen so far, or one bad picture in the first
    batch would end a run on a million. One picture is always tolerated, so that 1 bad one of 20 is reported
    and 2 bad ones of 100 end the run.
    """

    def __init__(self, pictures: int) -> None:
        self.pictures = pictures
        self.names: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self.names)

    def update(self, batch: Batch) -> None:
        """Count what `batch` skipped. Raises UserError past the tolerated share."""
        for name in batch.skipped:
            if name not in self.names:
                self.names[name] = None
                _log.warning("skipped unreadable picture %s", name)
        if len(self) > max(1, TOLERATED_SHARE * self.pictures):
            raise UserError(
                f"{len(self)} of {self.pictures} pictures cannot be read, more than 1 %,"
                f" such as {next(iter(self.names))}; get them again or prepare the data set without them"
            )
