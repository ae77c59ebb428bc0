"""Sweeps on a real SLURM cluster survive what clusters do to jobs."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import torch
from doors import SHORT, door_process
from slurm_blows import Blow, Fate

pytestmark = pytest.mark.slow
EPOCHS, SEED = 3, 9
# By number of the job, each attempt's; the first job is left in peace.
BLOWS = {1: ("requeue", "kill"), 2: ("requeue", "requeue", "kill")}
SMALL = ("gpus_per_node=0", "cpus_per_task=1", "mem_gb=1")
LAUNCHER = ["hydra/launcher=slurm", *(f"hydra.launcher.{parameter}" for parameter in SMALL)]


def drawn_blows() -> list[Blow]:
    """A warning in the middle of the second epoch, and five blows at any moment."""
    chance = random.Random(SEED)
    epochs = {number: sorted(chance.randrange(EPOCHS) for _ in kinds) for number, kinds in BLOWS.items()}
    drawn = [
        Blow(number, kind, epoch, chance.uniform(0, 1))
        for number, kinds in BLOWS.items()
        for kind, epoch in zip(kinds, epochs[number], strict=True)
    ]
    return [Blow(1, "warn", 1, 0.2), *drawn]


def states(sweep: Path) -> list[tuple[str, str]]:
    return [(job["action"], job["state"]) for job in json.loads((sweep / "jobs.json").read_text())]


def outcome(run: Path) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
    last = torch.load(run / "checkpoints/last.ckpt", weights_only=True)
    return json.loads((run / "summary.json").read_text())["metrics"], last["state_dict"]


def test_slurm_jobs_that_are_warned_requeued_and_killed_lose_nothing(
    data: list[str], tmp_path: Path, slurm: Path
) -> None:
    # A setting that makes runs different ones, but not their numbers.
    command = ["train", "-m", "trainer.log_every_n_steps=1,2,3", *data, *SHORT, "pictures=0", *LAUNCHER]
    command += [f"trainer.max_epochs={EPOCHS}", "data.epoch_size=32", "data.batch_size=2"]
    fate = Fate(drawn_blows(), slurm, tmp_path / "first")
    print(*fate.blows, sep="\n")
    with ThreadPoolExecutor() as pool:
        sweep = pool.submit(door_process, *command, "hydra.sweep.dir=first", cwd=tmp_path)
        fate.take_its_course(sweep.done)
        assert sweep.result().returncode == 1, sweep.result().stderr
    assert not fate.blows
    assert states(tmp_path / "first") == [("run", "done"), ("run", "failed"), ("run", "failed")]
    again = door_process(*command, "hydra.sweep.dir=second", "resume=true", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert states(tmp_path / "second") == [("skip", "done"), ("continue", "done"), ("continue", "done")]
    runs = sorted((tmp_path / "outputs/runs").iterdir())
    table = pd.read_csv(tmp_path / "second/sweep.csv", header=[0, 1], index_col=0)
    assert len(runs) == table[("mpjpe", "count")].sum() == 3
    (metrics, weights), *others = map(outcome, runs)
    for other, tensors in others:
        assert other == metrics
        assert all(torch.equal(tensors[name], tensor) for name, tensor in weights.items())
