"""Weights & Biases stays offline without a key, and a run goes on where it cannot start."""

from pathlib import Path

import pytest
import wandb

from hpe.runs.weights_and_biases import has_key, wandb_logger


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WANDB_API_KEY", raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


def test_a_key_is_found_in_environment_or_netrc(nobody: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not has_key()
    (tmp_path / "netrc").write_text("machine api.wandb.ai login user password secret\n")
    assert has_key()
    (tmp_path / "netrc").unlink()
    monkeypatch.setenv("WANDB_API_KEY", "secret")
    assert has_key()


def test_a_run_goes_on_without_it(nobody: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise wandb.Error("no service")

    monkeypatch.setattr(wandb, "init", refuse)
    assert wandb_logger(str(tmp_path), "hpe") is None
