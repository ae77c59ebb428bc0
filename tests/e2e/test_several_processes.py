"""A run of two processes: the numbers of one process at the same global batch, everybody counted once, one voice."""

import json
import shutil
from pathlib import Path
from subprocess import CompletedProcess

import pandas as pd
import pytest
from doors import SHORT, door_process

from hpe.datasets.store import Store, write_store

pytestmark = pytest.mark.slow

# Without batch norms, whose statistics are those of one process's people, only the order of sums differs.
EXACT = [*SHORT, "model=mpqa", "+backbone.options.norm_layer=groupnorm1", "trainer.precision=32-true"]
ONE = [*EXACT, "trainer.accelerator=cpu", "data.batch_size=6"]
TWO = [*EXACT, "trainer=ddp", "trainer.accelerator=cpu", "trainer.devices=2", "data.batch_size=3"]
MILLIMETRES = 1e-3


@pytest.fixture(scope="module")
def people(data: list[str], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The tiny set with 7 people to validate on: a process has 4 of them in two batches, the other 3 in one."""
    folder = tmp_path_factory.mktemp("uneven")
    settings = dict(override.split("=", 1) for override in data)
    # Others may have made sets of other sizes there.
    (made,) = Path(settings["paths.cache"]).glob(f"synthetic/*-{settings['data.size']}-128px-seed0")
    path = shutil.copytree(made, folder / "synthetic" / made.name) / "val.h5"
    store = Store.open(path)
    few = {key: values[:7] for key, values in store.columns.items()}
    write_store(path, few, name=store.name, split=store.split, joints=store.joint_set)
    return [*(override for override in data if not override.startswith("paths.cache=")), f"paths.cache={folder}"]


@pytest.fixture(scope="module")
def alone(people: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of one process."""
    folder = tmp_path_factory.mktemp("alone")
    ended(door_process("train", *people, *ONE, "hydra.run.dir=run", cwd=folder))
    return folder / "run"


def ended(process: "CompletedProcess[str]") -> "CompletedProcess[str]":
    assert process.returncode == 0, process.stderr
    return process


def assert_same_numbers(run: Path, reference: Path) -> None:
    """Of both validations, and of the final evaluation."""
    results = [json.loads((one / "summary.json").read_text()) for one in (run, reference)]
    assert results[0]["metrics"] == pytest.approx(results[1]["metrics"], abs=MILLIMETRES)
    assert results[0]["samples"] == results[1]["samples"] == 8
    columns = ["val/mpjpe", "val/pa_mpjpe", "val/pve"]
    own, other = (pd.read_csv(one / "metrics.csv")[columns].dropna() for one in (run, reference))
    assert own.shape == (2, 3)
    assert own.to_numpy() == pytest.approx(other.to_numpy(), abs=MILLIMETRES)


def test_lightning_starts_the_second_process_of_a_single_run(people: list[str], alone: Path, tmp_path: Path) -> None:
    process = ended(door_process("train", *people, *TWO, "hydra.run.dir=run", cwd=tmp_path))
    assert_same_numbers(tmp_path / "run", alone)
    assert process.stdout.count("epoch 2/2") == 1
    assert process.stdout.count("training mpqa") == 1
    assert "Traceback" not in process.stderr


def test_a_sweep_takes_its_tasks_for_the_processes(people: list[str], alone: Path, tmp_path: Path) -> None:
    ended(door_process("train", "-m", "seed=0", *people, *TWO, "hydra.sweep.dir=sweep", cwd=tmp_path))
    (record,) = tmp_path.rglob("summary.json")
    assert_same_numbers(record.parent, alone)
    first, second = (next(tmp_path.rglob(f"*_{task}_log.out")).read_text() for task in (0, 1))
    assert "epoch 2/2" in first
    assert "epoch" not in second


def test_a_fault_of_the_user_is_told_once(people: list[str], tmp_path: Path) -> None:
    process = door_process("train", *people, *TWO, "model.optimiser.lr=1e30", "hydra.run.dir=run", cwd=tmp_path)
    assert process.returncode == 2
    assert process.stderr.count("error: the loss is not finite") == 1
    assert "Traceback" not in process.stderr
