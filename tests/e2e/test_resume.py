"""A run that was killed or interrupted goes on as if nothing had happened."""

import json
import shlex
import signal
from pathlib import Path

import pytest
import torch
from doors import SHORT, door_process, stop_when

pytestmark = pytest.mark.slow
LAST = "checkpoints/last.ckpt"
EPOCHS = "trainer.max_epochs=3"


def metrics(run: Path) -> dict[str, float]:
    return json.loads((run / "summary.json").read_text())["metrics"]


def weights(run: Path) -> dict[str, torch.Tensor]:
    return torch.load(run / LAST, weights_only=True)["state_dict"]


def test_a_killed_run_ends_with_the_numbers_of_an_uninterrupted_one(data: list[str], tmp_path: Path) -> None:
    overrides = [*data, *SHORT, EPOCHS]
    whole = door_process("train", *overrides, "hydra.run.dir=whole", cwd=tmp_path)
    assert whole.returncode == 0, whole.stderr
    outputs = tmp_path / "outputs/train"
    started = [*overrides, "hydra.run.dir=outputs/train/2000-01-01_00-00-00_mpqa_synthetic_seed0"]
    run = outputs / "2000-01-01_00-00-00_mpqa_synthetic_seed0"
    stop_when((run / LAST).exists, signal.SIGKILL, "train", *started, cwd=tmp_path)
    assert not (run / "summary.json").exists()
    resumed = door_process("train", *overrides, "resume=true", cwd=tmp_path)
    assert resumed.returncode == 0, resumed.stderr
    assert run.name in resumed.stdout
    assert metrics(run) == metrics(tmp_path / "whole")
    for name, tensor in weights(tmp_path / "whole").items():
        assert torch.equal(tensor, weights(run)[name]), name


def test_ctrl_c_keeps_the_last_checkpoint_and_says_how_to_resume(data: list[str], tmp_path: Path) -> None:
    overrides = [*data, *SHORT, "trainer.max_epochs=500", "hydra.run.dir=run"]
    code, said = stop_when((tmp_path / "run" / LAST).exists, signal.SIGINT, "train", *overrides, cwd=tmp_path)
    assert code == 130
    advice = said.strip().splitlines()[-1].partition("resume with: python -m hpe.train ")[2]
    torch.load(tmp_path / "run" / LAST, weights_only=True)
    resumed = door_process("train", *shlex.split(advice), "trainer.max_epochs=1", cwd=tmp_path)
    assert resumed.returncode == 0, resumed.stderr
