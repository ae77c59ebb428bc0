"""Tasks of a submitit job as Lightning's processes, and what is refused."""

import logging

import pytest
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from lightning.pytorch.utilities import rank_zero_only
from omegaconf import OmegaConf

from hpe.errors import UserError
from hpe.runs.cluster import JobTasks, check_processes, join_job

LOCAL = {
    "SUBMITIT_EXECUTOR": "local",
    "SUBMITIT_LOCAL_JOB_ID": "4711",
    "SUBMITIT_LOCAL_NTASKS": "2",
    "SUBMITIT_LOCAL_GLOBALID": "1",
    "SUBMITIT_LOCAL_LOCALID": "1",
}
SLURM = {
    "SUBMITIT_EXECUTOR": "slurm",
    "SLURM_JOB_ID": "123457",
    "SLURM_ARRAY_JOB_ID": "123456",
    "SLURM_ARRAY_TASK_ID": "0",
    "SLURM_NTASKS": "32",
    "SLURM_JOB_NUM_NODES": "4",
    "SLURM_JOB_NODELIST": "gpu[07-09,12]",
    "SLURM_PROCID": "19",
    "SLURM_LOCALID": "3",
    "SLURM_NODEID": "2",
}


def put(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name in ("MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_tasks_of_a_local_job_meet_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, LOCAL)
    job = JobTasks()
    assert (job.world_size(), job.global_rank(), job.local_rank(), job.node_rank()) == (2, 1, 1, 0)
    assert (job.main_address, job.creates_processes_externally) == ("127.0.0.1", True)


def test_tasks_of_several_nodes_meet_on_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, SLURM)
    job = JobTasks()
    assert (job.world_size(), job.global_rank(), job.local_rank(), job.node_rank()) == (32, 19, 3, 2)
    assert job.main_address == "gpu07"


def test_neighbours_of_an_array_meet_at_ports_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, SLURM)
    first = JobTasks().main_port
    monkeypatch.setenv("SLURM_JOB_ID", "123458")
    assert JobTasks().main_port == first + 1
    monkeypatch.setenv("MASTER_PORT", "29500")
    assert JobTasks().main_port == 29500


def test_only_the_first_task_talks(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, LOCAL)
    monkeypatch.setattr(rank_zero_only, "rank", 0)
    monkeypatch.setattr(logging.getLogger("hpe"), "level", logging.INFO)
    assert join_job() is not None
    assert rank_zero_only.rank == 1
    assert logging.getLogger("hpe").level == logging.WARNING


def test_outside_of_a_job_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUBMITIT_EXECUTOR", raising=False)
    monkeypatch.setattr(rank_zero_only, "rank", 0)
    assert join_job() is None


def test_a_job_with_other_tasks_than_devices_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, LOCAL)
    check_processes(2, 1, JobTasks())
    for devices, nodes in ((1, 1), (2, 2)):
        with pytest.raises(UserError, match=f"tasks for 2: set hydra.launcher.tasks_per_node={devices}"):
            check_processes(devices, nodes, JobTasks())


def test_lightning_starts_processes_of_a_single_run_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HydraConfig.instance(), "cfg", OmegaConf.create({"hydra": {"mode": RunMode.RUN}}))
    check_processes(2, 1, None)
    monkeypatch.setattr(HydraConfig.instance(), "cfg", OmegaConf.create({"hydra": {"mode": RunMode.MULTIRUN}}))
    check_processes(1, 1, None)
    with pytest.raises(UserError, match="needs hydra/launcher=local or slurm"):
        check_processes(2, 1, None)
