"""The jobs of a sweep as local processes or SLURM's: whether they wait, run or have ended."""

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import submitit

from hpe.errors import UserError
from hpe.sweeps.attempts import FILE_NAME, Attempt
from hpe.sweeps.local import Survivor
from hpe.sweeps.slurm import ACTIVE, slurm_states

Standing = Literal["pending", "running", "ended"]
Handle = submitit.Job[Any]


def standings(handles: Sequence[Handle]) -> dict[str, Standing]:
    """How jobs stand, by their id; those of SLURM are left out where it does not answer just now."""
    slurm = [handle.job_id for handle in handles if isinstance(handle, submitit.SlurmJob)]
    known = slurm_states() if slurm else {}
    found = {} if known is None else {job: _standing(known.get(job)) for job in slurm}
    for handle in handles:
        if isinstance(handle, submitit.LocalJob):
            found[handle.job_id] = "ended" if handle.done() else "running"
    return found


def _standing(state: str | None) -> Standing:
    if state is None or state not in ACTIVE:
        return "ended"
    return "running" if state in ("RUNNING", "COMPLETING") else "pending"


def still_at_it(run: Path, attempt: Attempt) -> Handle | None:
    """The job of an attempt at `run` if it has not ended. Raises UserError where that cannot be known from here."""
    if attempt.ended:
        return None
    tasks = tuple(range(attempt.tasks))
    if attempt.cluster == "slurm":
        handle: Handle = submitit.SlurmJob(attempt.logs, attempt.job, tasks)
    elif attempt.host == socket.gethostname():
        process: Any = Survivor(int(attempt.job))
        handle = submitit.LocalJob(attempt.logs, attempt.job, tasks, process)
    else:
        where = f"{run} was last worked on by process {attempt.job} of {attempt.host}"
        raise UserError(f"{where}: start the sweep there, or remove {FILE_NAME} in that folder if it has ended")
    standing = standings([handle])
    if not standing:
        raise UserError(f"{run}: SLURM does not say whether job {attempt.job} still runs; try again later")
    return None if standing[attempt.job] == "ended" else handle
