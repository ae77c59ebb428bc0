"""What a run says on the console: each part by name, and how long it took."""

import contextlib
import logging
import time
from collections.abc import Iterator

_log = logging.getLogger(__name__)


class Story:
    """Tells what is being done and keeps the seconds of each part."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def part(self, name: str, what: str) -> Iterator[None]:
        """Announces a part of the run and, once it is done, how long it took."""
        _log.info("%s ...", what)
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 2)
        _log.info("  %s: %.1f s", name, self.seconds[name])
