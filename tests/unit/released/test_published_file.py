"""Published checkpoints as trainers write them, among them old ones and ones that lie."""

import argparse
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

from hpe.errors import UserError
from hpe.released.published_file import read_published

WEIGHTS = {"w": torch.ones(3)}


def foreign_class(monkeypatch: pytest.MonkeyPatch, module: str, name: str, base: type = object) -> Any:
    """A class that pickles under the name of a library that is not needed here."""
    parts = module.split(".")
    for count in range(1, len(parts) + 1):
        monkeypatch.setitem(sys.modules, ".".join(parts[:count]), ModuleType(".".join(parts[:count])))
    kind = type(name, (base,), {"__module__": module})
    setattr(sys.modules[module], name, kind)
    return kind


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        read_published(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("old", [False, True], ids=["zip", "before_zip"])
@pytest.mark.parametrize("content", [{"state_dict": WEIGHTS, "epoch": 3}, {"model": WEIGHTS, "optimizer": {}}, WEIGHTS])
def test_tensors_are_found_where_trainers_keep_them(tmp_path: Path, content: dict[str, Any], old: bool) -> None:
    torch.save(content, tmp_path / "file.pt", _use_new_zipfile_serialization=not old)
    assert read_published(tmp_path / "file.pt").keys() == {"w"}


def test_what_a_trainer_writes_beside_the_weights_is_passed_over(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        callback = foreign_class(patch, "pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint")
        settings = foreign_class(patch, "yacs.config", "CfgNode", dict)(lr=1e-4, sizes=[1, 2])
        vars(settings)["__immutable__"] = False
        beside = {"callbacks": {callback: {"best": np.float64(80.1)}}, "hyper_parameters": settings}
        torch.save({"state_dict": WEIGHTS, **beside, "ns": argparse.Namespace(a=1)}, tmp_path / "file.ckpt")
    assert torch.equal(read_published(tmp_path / "file.ckpt")["w"], WEIGHTS["w"])
    assert "pytorch_lightning" not in sys.modules
    assert "yacs" not in sys.modules


class Shell:
    def __init__(self, victim: Path) -> None:
        self.victim = victim

    def __reduce__(self) -> Any:
        return os.system, (f"touch {self.victim}",)


def test_code_is_refused_by_name_and_not_run(tmp_path: Path) -> None:
    torch.save({"state_dict": WEIGHTS | {"x": Shell(tmp_path / "victim")}}, tmp_path / "file.ckpt")
    assert "it asks for posix.system, which weights have no need of" in refusal(tmp_path / "file.ckpt")
    assert not (tmp_path / "victim").exists()


def test_a_class_of_no_known_trainer_is_refused(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        kind = foreign_class(patch, "somebodys.library", "Thing")
        torch.save({"state_dict": WEIGHTS, "thing": kind()}, tmp_path / "file.ckpt")
    assert "it asks for somebodys.library.Thing" in refusal(tmp_path / "file.ckpt")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"state_dict": {"w": 1.0}}, "holds float 'w' where a tensor of numbers is expected"),
        ({"epoch": 3}, "holds int 'epoch'"),
        ({}, "holds no tensors by name"),
        ([torch.ones(1)], "holds no tensors by name"),
        ({"state_dict": {"w": torch.empty(2, device="meta")}}, "holds Tensor 'w'"),
    ],
)
def test_what_is_no_published_file_is_named(tmp_path: Path, content: Any, words: str) -> None:
    torch.save(content, tmp_path / "file.ckpt")
    assert words in refusal(tmp_path / "file.ckpt")


@pytest.mark.parametrize("keep", [0, 7, 300])
def test_a_file_that_was_cut_short_is_one_line(tmp_path: Path, keep: int) -> None:
    torch.save({"state_dict": WEIGHTS}, tmp_path / "file.ckpt")
    (tmp_path / "file.ckpt").write_bytes((tmp_path / "file.ckpt").read_bytes()[:keep])
    assert "is the file whole?" in refusal(tmp_path / "file.ckpt")


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    assert "give the checkpoint that the authors published" in refusal(tmp_path / "none.ckpt")
    assert "is a folder" in refusal(tmp_path)
