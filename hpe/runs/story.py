"""What a run says on the console: each part by name, and how long it took."""

import contextlib
import logging
import time
from collections.abc import Iterator

from lightning.pytorch.utilities import rank_zero_only

_log = logging.getLogger(__name__)


class Story:
    """Tells what is being done, once however many processes do it, and keeps the seconds of each part."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def part(self, name: str, what: str) -> Iterator[None]:
        """Announces a part of the run and, once it is done, how long it took."""
        self._say(f"{what} ...")
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 2)
        self._say(f"  {name}: {self.seconds[name]:.1f} s")

    def _say(self, line: str) -> None:
        if getattr(rank_zero_only, "rank", 0) == 0:
            _log.info(line)
