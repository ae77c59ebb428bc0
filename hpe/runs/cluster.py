"""The processes of one run: the tasks of a submitit job, on this machine or of SLURM.

Lightning would start processes by running the command line again. In a job that is submitit's, in a sweep the sweep's.
"""

import logging
import os

import submitit
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from lightning.fabric.plugins.environments import ClusterEnvironment
from lightning.pytorch.utilities import rank_zero_only

from hpe.errors import UserError

# Below the ports that systems give to whoever connects to somebody else.
PORTS = range(10_000, 32_000)


class JobTasks(ClusterEnvironment):
    """The tasks of the submitit job in hand as Lightning knows processes. Raises RuntimeError outside of a job.

    `MASTER_ADDR` and `MASTER_PORT` say where they meet, if the user has set them; by default on the first node, at a
    port that no other job of the same hour has.
    """

    def __init__(self) -> None:
        self.job = submitit.JobEnvironment()

    @staticmethod
    def detect() -> bool:
        """Whether this process is a task of a submitit job."""
        return "SUBMITIT_EXECUTOR" in os.environ

    @property
    def creates_processes_externally(self) -> bool:
        """They are all there: Lightning starts none."""
        return True

    @property
    def main_address(self) -> str:
        """Name of the first node; one machine alone need not know its own."""
        alone = self.job.num_nodes == 1
        return os.environ.get("MASTER_ADDR", "127.0.0.1" if alone else self.job.hostnames[0])

    @property
    def main_port(self) -> int:
        """The port at which the tasks meet; neighbouring jobs, which share nodes, have neighbouring numbers."""
        return int(os.environ.get("MASTER_PORT", PORTS[int(self.job.raw_job_id) % len(PORTS)]))

    def world_size(self) -> int:
        """Number of tasks."""
        return self.job.num_tasks

    def global_rank(self) -> int:
        """Number of this task in the job."""
        return self.job.global_rank

    def local_rank(self) -> int:
        """Number of this task on its node."""
        return self.job.local_rank

    def node_rank(self) -> int:
        """Number of the node in the job."""
        return self.job.node

    def set_world_size(self, size: int) -> None:
        """The job has as many tasks as it has."""

    def set_global_rank(self, rank: int) -> None:
        """A task is the one it is."""


def join_job() -> JobTasks | None:
    """The job that this process is a task of, if any. All processes of a run but the first say warnings only."""
    job = JobTasks() if JobTasks.detect() else None
    if job is not None:
        setattr(rank_zero_only, "rank", job.global_rank())  # noqa: B010 - an attribute that its type does not have
    if getattr(rank_zero_only, "rank", 0) > 0:
        logging.getLogger("hpe").setLevel(logging.WARNING)
    return job


def check_processes(devices: int, nodes: int, job: JobTasks | None) -> None:
    """Raise UserError where a run wants more or fewer processes than its job has tasks, or would start a sweep's."""
    if job is not None and devices * nodes != job.world_size():
        raise UserError(
            f"trainer.devices={devices} trainer.num_nodes={nodes} are {devices * nodes} processes, but the job has "
            f"tasks for {job.world_size()}: set hydra.launcher.tasks_per_node={devices} hydra.launcher.nodes={nodes}"
        )
    if job is None and devices * nodes > 1 and HydraConfig.get().mode == RunMode.MULTIRUN:
        raise UserError("a sweep whose runs have several processes needs hydra/launcher=local or slurm")
