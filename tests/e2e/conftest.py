"""A tiny synthetic set, made by the prepare command and shared by all tests of this folder."""

from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from doors import door_process
from slurm_cluster import cluster, lacking

PEOPLE = 16

Run = Callable[..., "CompletedProcess[str]"]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Overrides that name the set; batches of 4 make epochs of 4 steps."""
    folder = tmp_path_factory.mktemp("cache")
    own = [f"data.size={PEOPLE}", f"paths.cache={folder}", "data.workers=0", "data.batch_size=4"]
    made = door_process("prepare", *own, cwd=folder)
    assert made.returncode == 0, made.stderr
    return own


@pytest.fixture
def program(tmp_path: Path) -> Run:
    """Runs a door in an empty folder: program("train", "seed=1")."""
    return lambda door, *overrides: door_process(door, *overrides, cwd=tmp_path)


@pytest.fixture(scope="session")
def slurm_cluster() -> Iterator[Path]:
    """A SLURM cluster of one node, for all tests of this process; its `slurm.conf`."""
    if reason := lacking():
        pytest.skip(reason)
    with cluster() as config:
        yield config


@pytest.fixture
def slurm(slurm_cluster: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, as the cluster of the commands that a test runs."""
    monkeypatch.setenv("SLURM_CONF", str(slurm_cluster))
    return slurm_cluster
