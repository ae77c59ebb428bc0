"""Weights & Biases stays offline without a key, and a run goes on where it cannot start, is missing, or is silent."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import wandb
from hydra import compose, initialize_config_dir
from hydra.core.hydra_config import HydraConfig
from omegaconf import OmegaConf

from hpe.config import config_folder
from hpe.runs.wandb_key import has_key
from hpe.runs.weights_and_biases import place, wandb_logger

ROOT = Path(__file__).parents[3]


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WANDB_API_KEY", raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


def test_a_key_is_found_in_environment_or_netrc(nobody: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not has_key()
    (tmp_path / "netrc").write_text("machine api.wandb.ai login user password secret\n")
    assert has_key()
    monkeypatch.setenv("WANDB_BASE_URL", "https://wandb.example.org:8080")
    assert not has_key()
    (tmp_path / "netrc").write_text("machine wandb.example.org login user password secret\n")
    assert has_key()
    (tmp_path / "netrc").unlink()
    monkeypatch.setenv("WANDB_API_KEY", "secret")
    assert has_key()


def test_a_run_goes_on_without_it(nobody: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise wandb.Error("no service")

    monkeypatch.setattr(wandb, "init", refuse)
    assert wandb_logger(str(tmp_path), "hpe") is None


@pytest.mark.parametrize(("mode", "group"), [("RUN", None), ("MULTIRUN", "heads")])
def test_a_run_knows_its_sweep_its_command_and_its_parts(
    mode: str, group: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [f"hydra.mode={mode}", "hydra.sweep.dir=outputs/sweeps/heads", "hydra.job.name=train", "model=pare"]
    with initialize_config_dir(str(config_folder()), version_base="1.3"):
        composed = compose("train", own, return_hydra_config=True)
    monkeypatch.setattr(HydraConfig.instance(), "cfg", OmegaConf.masked_copy(composed, "hydra"))
    tags = ["pare", "synthetic", "small", "part_attention"]
    assert place() == {"group": group, "job_type": "train", "tags": tags}


def outcome(program: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    own = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"} | environment
    return subprocess.run([sys.executable, "-c", program], env=own, capture_output=True, text=True, timeout=120)


LOGGER = """
import logging; logging.basicConfig(format="%(message)s")
from hpe.runs.weights_and_biases import wandb_logger
logger = wandb_logger({folder!r}, "hpe")
"""


@pytest.mark.slow
def test_nothing_breaks_where_it_is_not_installed(tmp_path: Path) -> None:
    missing = (
        "import sys; sys.modules['wandb'] = None; import hpe.train, hpe.evaluate, hpe.reproduce, hpe.runs.__main__"
    )
    ended = outcome(missing + LOGGER.format(folder=str(tmp_path)) + "assert logger is None")
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.count("Weights & Biases is not installed") == 1


@pytest.mark.slow
def test_a_run_whose_server_is_silent_is_kept_offline(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        server = f"http://127.0.0.1:{silent.getsockname()[1]}"
        log = LOGGER.format(folder=str(tmp_path)) + "logger.log_metrics({'val/mpjpe': 80.0})"
        ended = outcome(log, WANDB_BASE_URL=server, WANDB_API_KEY="0" * 40, WANDB_MODE="online")
    assert ended.returncode == 0, ended.stderr
    assert "does not answer" in ended.stderr
    assert list(tmp_path.glob("wandb/offline-run-*/*.wandb"))
