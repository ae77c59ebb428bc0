"""What becomes of each run of a sweep, and why."""

from dataclasses import replace
from pathlib import Path

import hydra
import pytest
from omegaconf import DictConfig
from planned import IDENTITY, finish, interrupt, job

from hpe.config import config_folder
from hpe.errors import UserError
from hpe.runs.identity import identify, run_name
from hpe.sweeps.attempts import Attempt
from hpe.sweeps.plan import check_allowed, check_same, decide

KIN = "hmr_synthetic_seed0"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return tmp_path / f"{KIN}_0123456789ab"


def ended(*said: str) -> Attempt:
    return Attempt("local", "1", 1, "logs", ended=True, said=list(said))


def decision(run: Path) -> tuple[str, str]:
    return decide(run, IDENTITY, KIN)[:2]


def test_a_run_that_never_was_is_run(run: Path) -> None:
    assert decision(run) == ("run", "never run")


def test_a_finished_run_is_left_alone_whatever_came_before(run: Path) -> None:
    finish(run)
    ended("error: disk full").write(run)
    assert decision(run) == ("skip", "finished")


def test_a_run_with_a_checkpoint_goes_on(run: Path) -> None:
    interrupt(run)
    assert decision(run) == ("continue", "interrupted, after epoch 3 of 7")
    ended("error: disk full").write(run)
    assert decision(run) == ("continue", "failed: error: disk full, after epoch 3 of 7")


def test_a_run_that_failed_before_is_run_again(run: Path) -> None:
    run.mkdir()
    ended("Traceback", "KeyError: 'joints'").write(run)
    assert decision(run) == ("rerun", "failed: KeyError: 'joints' before its first checkpoint")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"code": "edited"}, "code has changed"),
        ({"data": {"synthetic": "more"}}, "data have changed (synthetic)"),
        ({"data": {}, "code": "edited"}, "data have changed (synthetic); code has changed"),
        ({"settings": "others"}, "never run"),
    ],
)
def test_what_has_changed_since_the_last_run_of_these_settings_is_said(
    run: Path, change: dict[str, object], why: str
) -> None:
    replace(IDENTITY, **change).write(run.with_name(f"{KIN}_ba9876543210"))
    assert decision(run) == ("run", why)


def test_a_sweep_that_meets_earlier_runs_wants_to_be_told(tmp_path: Path) -> None:
    check_allowed([job(tmp_path / "a"), job(tmp_path / "b", 1, "rerun")])
    met = [job(tmp_path / "a", 0, "skip"), job(tmp_path / "b", 1, "continue"), job(tmp_path / "c", 2)]
    with pytest.raises(UserError, match=r"1 finished and 1 unfinished of the 3 runs are in .*: resume=true leaves"):
        check_allowed(met)


def test_an_attempt_on_another_machine_is_asked_about_there(run: Path) -> None:
    interrupt(run)
    Attempt("local", "12", 1, "logs", host="elsewhere").write(run)
    with pytest.raises(UserError, match=r"process 12 of elsewhere: start the sweep there, or remove job\.json"):
        decide(run, IDENTITY, KIN)


def test_a_job_that_has_waited_while_its_code_changed_does_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def job() -> DictConfig:
        with hydra.initialize_config_dir(str(config_folder()), version_base="1.3"):
            return hydra.compose("train", ["model=hmr"], return_hydra_config=True)

    run = tmp_path / run_name(job(), "synthetic", identify(job()))
    check_same(job(), run)
    monkeypatch.setattr("hpe.runs.identity.code_hash", lambda: "edited")
    with pytest.raises(UserError, match="have changed since the sweep was planned"):
        check_same(job(), run)


def test_an_attempt_that_is_none_is_named(run: Path) -> None:
    run.mkdir()
    (run / "job.json").write_text("[]")
    with pytest.raises(UserError, match=r"job\.json cannot be read"):
        decide(run, IDENTITY, KIN)
