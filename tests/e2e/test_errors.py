"""What a user can do wrong is one line that says what, where and what to do; exit code 2."""

import errno
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hpe.bodies.body import Body

Fail = Callable[..., str]


@pytest.fixture
def fail(body: Body, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Fail:
    """Runs a door in this process, in an empty folder; the one line it fails with, the body being built already."""

    def run(door: str, *overrides: str) -> str:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HYDRA_FULL_ERROR", "")
        monkeypatch.setattr(sys, "argv", [door, *overrides])
        with pytest.raises(SystemExit) as stopped:
            runpy.run_module(f"hpe.{door}", run_name="__main__")
        assert stopped.value.code == 2
        lines = capsys.readouterr().err.strip().splitlines()
        assert len(lines) == 1
        return lines[0]

    return run


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (["model=mpqq"], ["no model is called 'mpqq'", "did you mean 'mpqa'?"]),
        (["modle=hmr"], ["unknown key 'modle'", "did you mean 'model'?"]),
        (["trainer.max_epoch=3"], ["unknown key 'trainer.max_epoch'", "did you mean 'max_epochs'?"]),
        (["+model.lerning=3"], ["unknown key 'model.lerning'"]),
        (["+model.optimiser.weight_dekay=3"], ["model.optimiser.weight_dekay", "did you mean 'weight_decay'?"]),
        (["seed=one"], ["seed: value 'one'", "is not a whole number"]),
        (["trainer.max_epochs=few"], ["trainer.max_epochs: value 'few'", "is not a whole number"]),
        (["resume=perhaps"], ["resume: value 'perhaps' is not true or false"]),
        (["seed=[1"], ["cannot read 'seed=[1'"]),
        (["model=mpqa", "data=3dpw"], ["data/3dpw", "imageFiles.zip", "python -m hpe.prepare data=3dpw"]),
        (["backbone=resnet50", "head=mpqa"], ["channels=480", "channels=2048"]),
        (["body=smpl"], ["data/smpl", "SMPL_NEUTRAL.pkl"]),
        (["protocol.root=midhp"], ["root is 'midhp'; did you mean 'midhip'?"]),
        (["protocol=emdb1"], ["field gt_gender (gendered): body anny has no genders"]),
        (["resume=true"], ["no unfinished run of this configuration under outputs/train"]),
    ],
)
def test_training_that_cannot_begin(fail: Fail, overrides: list[str], words: list[str]) -> None:
    line = fail("train", *overrides)
    assert line.startswith("error: ")
    for word in words:
        assert word in line


@pytest.mark.parametrize(
    ("door", "overrides", "words"),
    [
        ("evaluate", [], "give one of checkpoint=FILE"),
        ("evaluate", ["checkpoint=a.ckpt", "predictions=b.h5"], "give one of checkpoint=FILE"),
        ("evaluate", ["predictions=none.h5"], "no predictions none.h5"),
        ("evaluate", ["predictions=none.h5", "protocol=pare_3dwp"], "no protocol is called 'pare_3dwp'; did you mean"),
        ("evaluate", ["checkpoint=none.ckpt"], "no checkpoint none.ckpt"),
        ("fit", ["predictions=none.h5"], "no predictions none.h5"),
        ("fit", ["body=smpl", "prior=gmm"], "no neutral SMPL model in data/smpl"),
        ("fit", ["at_once=0"], "at_once=0: it must be at least 1"),
        ("fit", ["minimiser.iterations=-3"], "minimiser.iterations=-3: it must be at least 1"),
        ("fit", ["fitting.sigma=3"], "unknown key 'fitting.sigma'"),
        ("fit", ["minimiser=newton"], "no minimiser is called 'newton'"),
        ("predict", ["source=none.jpg"], "source=none.jpg: no such picture"),
        ("predict", ["source=."], "no picture in that folder"),
        ("reproduce", [], "give checkpoint=FILE, the weights of pare as their authors give them out"),
        ("reproduce", ["model=spni"], "no model is called 'spni'; did you mean 'spin'?"),
        ("reproduce", ["checkpoint=none.ckpt"], "no file none.ckpt: give the checkpoint that the authors published"),
        ("reproduce", ["row=with_3dwp"], "no published row 'with_3dwp' of pare; did you mean 'with_3dpw'?"),
        ("prepare", ["data=base"], "data=base has no data set: name one, such as data=3dpw"),
        ("prepare", ["data=3dpw"], "there; licence: non-commercial research, own terms; accept the terms at"),
    ],
)
def test_other_doors(fail: Fail, door: str, overrides: list[str], words: str) -> None:
    assert words in fail(door, *overrides)


def test_predict_without_any_checkpoint(fail: Fail, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").touch()
    assert "no checkpoint under" in fail("predict", "source=photo.jpg")


def test_what_is_no_checkpoint_is_named(fail: Fail, tmp_path: Path) -> None:
    (tmp_path / "some.ckpt").write_bytes(b"no checkpoint")
    assert "some.ckpt cannot be read as a checkpoint" in fail("evaluate", "checkpoint=some.ckpt")


def test_a_full_disk(fail: Fail, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "last.ckpt")

    monkeypatch.setattr("hpe.datasets.module.DataModule.prepare_data", full)
    assert "no space left on the disk for last.ckpt" in fail("train", "logger=csv")
