"""Hydra's launchers of a sweep: submitit's, with a plan before, a watch during, and jobs that go on by themselves."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from hydra.core.config_store import ConfigStore
from hydra.core.plugins import Plugins
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, JobStatus, setup_globals
from hydra_plugins.hydra_submitit_launcher.config import LocalQueueConf
from hydra_plugins.hydra_submitit_launcher.submitit_launcher import BaseSubmititLauncher, LocalLauncher, SlurmLauncher
from omegaconf import OmegaConf

from hpe.errors import UserError
from hpe.runs.folders import LAST
from hpe.runs.provenance import hardware
from hpe.runs.records import FILE_NAME as RECORD
from hpe.sweeps.announcement import announce
from hpe.sweeps.failures import tell
from hpe.sweeps.grid import compose, run_of
from hpe.sweeps.ledger import FILE_NAME as LEDGER
from hpe.sweeps.leftovers import nothing_left_in
from hpe.sweeps.plan import check_allowed, check_same, plan
from hpe.sweeps.submission import submit
from hpe.sweeps.tasks import tasks_a_node
from hpe.sweeps.watching import Watch

# How much too early SLURM may warn a job, and how long one takes at most until it listens.
EARLY_SECONDS, START_SECONDS = 60, 120


class _Sweep(BaseSubmititLauncher):
    """A launcher that does of a sweep what is missing, and whose jobs can be started as often as a cluster likes."""

    queued = True  # by the cluster, which is given all jobs at once and starts `array_parallelism` of them

    def __init__(self, array_parallelism: int, **parameters: Any) -> None:
        super().__init__(**parameters)
        self.array_parallelism = array_parallelism

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Sequence[JobReturn]:
        """Plan, announce, submit and watch the jobs. Raises UserError before anything is submitted."""
        assert self.config is not None
        if "resume" not in self.config:  # a door whose runs are not continued
            return super().launch(job_overrides, initial_job_idx)
        folder = Path(self.config.hydra.sweep.dir)
        with nothing_left_in(folder):
            self.check()
            jobs = plan(self.hydra_context, self.config, job_overrides, initial_job_idx)
            announce(jobs, Path(self.config.paths.outputs), self.known_hardware(), self.array_parallelism)
            if self.config.dry_run:
                sys.exit(0)
            if not self.config.resume:
                check_allowed(jobs)
        if initial_job_idx == 0:
            (folder / LEDGER).unlink(missing_ok=True)
        start = partial(submit, self, cluster=self._EXECUTOR, parameters=self.parameters())
        Watch(jobs, start, len(jobs) if self.queued else self.array_parallelism, folder).to_the_end()
        return [job.returned() for job in jobs]

    def check(self) -> None:
        """Raise UserError for parameters that no job would get through with."""

    def known_hardware(self) -> str | None:
        """What jobs will run on; None where that is the cluster's choice."""
        return None

    def parameters(self) -> dict[str, Any]:
        """What submitit is told of the jobs."""
        return self.params | {"array_parallelism": self.array_parallelism}

    def __call__(
        self,
        sweep_overrides: Sequence[str],
        job_dir_key: str,
        job_num: int,
        job_id: str,
        singleton_state: dict[type, Singleton],
    ) -> JobReturn:
        """The job, in a process of its own; called again where it is requeued. Tells on stderr why it failed."""
        Singleton.set_state(singleton_state)
        setup_globals()
        config = compose(self.hydra_context, self.config, sweep_overrides, job_num)
        run = run_of(config)
        if (run / RECORD).is_file():  # requeued after it was done
            return JobReturn(overrides=sweep_overrides, status=JobStatus.COMPLETED)
        try:
            check_same(config, run)
        except UserError as error:
            return JobReturn(overrides=sweep_overrides, status=JobStatus.FAILED, _return_value=tell(error))
        own = with_resume(sweep_overrides, (run / LAST).is_file())
        done = super().__call__(own, job_dir_key, job_num, job_id, singleton_state)
        if done.status is JobStatus.FAILED:
            done.return_value = tell(done._return_value)  # asked for by its name, it is raised
        return done


def with_resume(overrides: Sequence[str], begun: bool) -> list[str]:
    """The overrides of a run that goes on if it has `begun`, whatever was asked of the sweep as a whole."""
    return [one for one in overrides if not one.startswith("resume=")] + ["resume=true"] * begun


@dataclass
class LocalSweepConf(LocalQueueConf):
    """Submitit's parameters of local jobs, and how many there are at once."""

    array_parallelism: int = 1


class LocalSweep(_Sweep, LocalLauncher):
    """Jobs are processes of this machine, `array_parallelism` at once, which share all of its GPUs."""

    queued = False

    def known_hardware(self) -> str:
        """This machine's."""
        return hardware()

    def parameters(self) -> dict[str, Any]:
        """Submitit hides all GPUs but so many."""
        gpus = self.params["gpus_per_node"]
        return self.params | {"gpus_per_node": torch.cuda.device_count() if gpus is None else gpus}


class SlurmSweep(_Sweep, SlurmLauncher):
    """Jobs are SLURM's, all of them one array."""

    def check(self) -> None:
        """A job that is warned before it listens ends there; SLURM may warn it a minute early."""
        delay, limit = self.params["signal_delay_s"], self.params["timeout_min"]
        if 60 * limit < delay + EARLY_SECONDS + START_SECONDS:
            raise UserError(
                f"hydra.launcher.timeout_min={limit} is too short to be warned signal_delay_s={delay} before its end: "
                f"a job takes up to {START_SECONDS} s to begin; give it more, or a shorter delay"
            )


def register() -> None:
    """Make the launchers known to Hydra, which takes them from packages called `hydra_plugins` and no other."""
    OmegaConf.register_new_resolver("tasks_a_node", tasks_a_node, replace=True)
    ConfigStore.instance().store(group="hydra/launcher", name="local_sweep", node=LocalSweepConf)
    known = Plugins.instance().class_name_to_class
    known |= {f"hydra_plugins.hpe.{launcher.__name__}": launcher for launcher in (LocalSweep, SlurmSweep)}
