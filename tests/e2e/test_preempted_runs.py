"""A run that is warned saves itself in the middle of an epoch, and goes on there as if nothing had happened."""

import json
import signal
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from doors import SHORT, door_process, stop_when

pytestmark = pytest.mark.slow
LAST = "checkpoints/last.ckpt"
STEPS = 32


def time_of(file: Path) -> int:
    return file.stat().st_mtime_ns if file.exists() else 0


def changed_a_while_ago(file: Path, since: int) -> bool:
    """So that an epoch is over, and the next has begun."""
    return time_of(file) != since and time.time_ns() - time_of(file) > 2e8


def read(run: Path) -> dict[str, Any]:
    return torch.load(run / LAST, weights_only=True)


def test_a_preempted_run_ends_with_the_bits_of_an_undisturbed_one(data: list[str], tmp_path: Path) -> None:
    overrides = [*data, *SHORT, "trainer.max_epochs=3", f"data.epoch_size={2 * STEPS}", "data.batch_size=2"]
    whole = door_process("train", *overrides, "hydra.run.dir=whole", cwd=tmp_path)
    assert whole.returncode == 0, whole.stderr
    run, left = tmp_path / "run", [*overrides, "hydra.run.dir=run"]
    for epoch, (how, workers) in enumerate([(signal.SIGTERM, 2), (signal.SIGUSR1, 0)], 1):
        reached = partial(changed_a_while_ago, run / LAST, time_of(run / LAST))
        code, said = stop_when(reached, how, "train", *left, f"data.workers={workers}", cwd=tmp_path)
        assert code == 143, said
        assert said.splitlines()[-1].startswith("preempted; resume with: python -m hpe.train")
        assert read(run)["DataModule"]["epoch"] == epoch
        assert read(run)["global_step"] % STEPS == read(run)["DataModule"]["batch"] > 0
        left = [*overrides, "hydra.run.dir=run", "resume=true"]
    resumed = door_process("train", *left, "data.workers=2", cwd=tmp_path)
    assert resumed.returncode == 0, resumed.stderr
    metrics = [json.loads((folder / "summary.json").read_text())["metrics"] for folder in (tmp_path / "whole", run)]
    assert metrics[0] == metrics[1]
    for name, tensor in read(tmp_path / "whole")["state_dict"].items():
        assert torch.equal(tensor, read(run)["state_dict"][name]), name
