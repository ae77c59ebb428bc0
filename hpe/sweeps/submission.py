"""Handing jobs to submitit."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import submitit
from hydra.core.singleton import Singleton
from hydra_plugins.hydra_submitit_launcher.config import BaseQueueConf
from omegaconf import OmegaConf

from hpe.errors import UserError
from hpe.sweeps.clusters import Handle
from hpe.sweeps.grid import in_folder
from hpe.sweeps.job import Job

FOLDER, TIMEOUTS = "submitit_folder", "max_num_timeout"


def submit(call: Callable[..., Any], jobs: Sequence[Job], cluster: str, parameters: Mapping[str, Any]) -> list[Handle]:
    """Submit `call` with what Hydra's launchers give their jobs: those of SLURM as one array.

    Raises UserError where the cluster takes none of them.
    """
    state = Singleton.get_state()
    arguments = [
        (in_folder(job.overrides, job.run), "hydra.sweep.dir", job.number, f"job_id_for_{job.number}", state)
        for job in jobs
    ]
    try:
        return make_executor(cluster, parameters).map_array(call, *zip(*arguments, strict=True))
    except (RuntimeError, submitit.core.utils.FailedJobError) as error:
        words = str(error).strip().splitlines()
        reason = words[0] if words else "nothing could be submitted"
        raise UserError(f"hydra/launcher={cluster}: {reason}; hydra.launcher.KEY=VALUE says what to ask for") from error


def make_executor(cluster: str, parameters: Mapping[str, Any]) -> submitit.AutoExecutor:
    """Submitit's executor with a launcher's parameters, which it wants by its own names."""
    shared = set(OmegaConf.structured(BaseQueueConf).keys())
    own = {name if name in shared else f"{cluster}_{name}": value for name, value in parameters.items()}
    first = {name: own.pop(name) for name in (f"{cluster}_{TIMEOUTS}",) if name in own}
    executor = submitit.AutoExecutor(own.pop(FOLDER), cluster, **first)
    executor.update_parameters(**own)
    return executor
