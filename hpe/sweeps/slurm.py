"""What SLURM says of jobs. By `squeue`, which needs no accounting data base, where submitit asks `sacct`."""

import getpass
import logging
import subprocess

from hpe.errors import UserError

ACTIVE = {
    "PENDING",
    "CONFIGURING",
    "RUNNING",
    "SUSPENDED",
    "STOPPED",
    "SIGNALING",
    "STAGE_OUT",
    "COMPLETING",
    "RESIZING",
    "REQUEUED",
    "REQUEUE_FED",
    "REQUEUE_HOLD",
    "RESV_DEL_HOLD",
    "SPECIAL_EXIT",
    "PREEMPTED",
}

_log = logging.getLogger(__name__)


def slurm_states() -> dict[str, str] | None:
    """States of this user's jobs by id, such as 12 or 12_3; those that ended minutes ago are not in it any more.

    None where SLURM does not answer just now. Raises UserError where there is no SLURM.
    """
    columns = ["--noheader", "--array", "--states=all", "--format=%i %T"]
    try:
        said = subprocess.run(
            ["squeue", f"--user={getpass.getuser()}", *columns], capture_output=True, text=True, check=True
        ).stdout
    except FileNotFoundError:
        raise UserError(
            "no squeue here: start sweeps of SLURM's, and go on with them, on a machine that has it"
        ) from None
    except subprocess.CalledProcessError as error:
        _log.warning("squeue: %s", error.stderr.strip().partition("\n")[0])
        return None
    return dict(line.split(maxsplit=1) for line in said.splitlines() if line.strip())
