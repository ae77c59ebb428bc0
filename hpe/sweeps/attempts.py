"""The last attempt at a run, kept in its folder: as which job, and what it said if it failed."""

import json
import socket
from dataclasses import asdict, dataclass, field
from pathlib import Path

from hpe.errors import UserError
from hpe.files.whole import write_whole

FILE_NAME = "job.json"


@dataclass(frozen=True)
class Attempt:
    """Job `job` of `cluster` (local, slurm) with so many tasks, submitted from `host`; `logs` is submitit's folder.

    `ended` is true once a sweep has seen its end, and `said` are its last lines if it failed.
    """

    cluster: str
    job: str
    tasks: int
    logs: str
    host: str = field(default_factory=socket.gethostname)
    ended: bool = False
    said: list[str] = field(default_factory=list)

    def write(self, run: Path) -> None:
        """Leave it in a run folder, whole or not at all."""
        write_whole(run / FILE_NAME, json.dumps(asdict(self), indent=2) + "\n")

    @classmethod
    def read(cls, run: Path) -> "Attempt | None":
        """The last attempt; None where there was none. Raises UserError for a file that is none."""
        path = run / FILE_NAME
        try:
            return cls(**json.loads(path.read_text()))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            raise UserError(f"{path} cannot be read ({error}); remove it once no job works in {run}") from None
