"""Checkpoints in the released layouts, judged by the real command on a few people of a hand-made 3DPW."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from doors import door_process
from official_3dpw import sequence, write
from official_smpl import write_smpl
from released_files import hmr_file, mpqa_file, pare_file, spin_file, weights

from hpe.errors import UserError
from hpe.files.hashes import file_hash
from hpe.released import load

pytestmark = pytest.mark.slow
QUIET = ("logger=csv", "pictures=0", "data.workers=0", "data.batch_size=4")
LIKE_PAPER = ("protocol=pare_3dpw", "protocol.frames=campose_valid", "data.interpolation=spin")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three people of each split, SMPL, and PARE's checkpoint."""
    folder = tmp_path_factory.mktemp("reproduce")
    for split in ("train", "validation", "test"):
        for number in range(3):
            write(folder / "data/3dpw", split, sequence(f"{split}_{number:02}", actors=1, frames=2))
    prepared = door_process("prepare", "data=3dpw", "workers=1", cwd=folder)
    assert prepared.returncode == 0, prepared.stderr
    for gender in ("NEUTRAL", "MALE", "FEMALE"):
        write_smpl(folder / "data/smpl", gender)
    torch.save(pare_file(), folder / "pare.ckpt")
    return folder


@pytest.fixture(scope="module")
def reproduced(folder: Path) -> "tuple[str, dict[str, Any]]":
    """What the command says, and the record that it leaves."""
    finished = door_process("reproduce", "checkpoint=pare.ckpt", *QUIET, "hydra.run.dir=pare", cwd=folder)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout, json.loads((folder / "pare/summary.json").read_text())


def refused(folder: Path, *overrides: str) -> str:
    finished = door_process("reproduce", *overrides, *QUIET, "hydra.run.dir=refused", cwd=folder)
    assert finished.returncode == 2, finished.stderr
    assert not (folder / "refused/summary.json").exists()
    return finished.stderr.strip().splitlines()[-1]


def test_random_weights_are_told_from_those_of_the_paper(reproduced: "tuple[str, dict[str, Any]]") -> None:
    said, record = reproduced
    assert "not reproduced: " in said
    verdict = record["verdict"]
    assert verdict["verdict"] == "not reproduced"
    assert verdict["row"]["numbers"] == {"mpjpe": 82.0, "pa_mpjpe": 50.9, "pve": 97.9}
    for name, gap in verdict["gaps"].items():
        assert gap["measured"] == record["metrics"][name]
        assert gap["gap"] == pytest.approx(gap["measured"] - gap["published"])
        assert not gap["agrees"]


def test_every_tensor_is_accounted_for(reproduced: "tuple[str, dict[str, Any]]") -> None:
    said, record = reproduced
    counts = record["verdict"]["tensors"]
    assert counts["loaded"] + counts["unused"] == len(pare_file()["state_dict"])
    assert [counts[kind] for kind in ("unknown", "missing", "misshaped", "spared")] == [0, 0, 0, 0]
    for name in (
        "model.backbone.final_layer.weight",
        "model.smpl.smpl.betas",
        "body_part_texture",
        "smpl_native.betas",
    ):
        assert name in said.replace("\n", "")


def test_what_differs_from_the_papers_protocol_is_said(folder: Path, reproduced: "tuple[str, dict[str, Any]]") -> None:
    said, record = reproduced
    assert record["checkpoint"] == file_hash(folder / "pare.ckpt")
    assert record["card"]["frames"] == "campose_valid"
    doubts = " ".join(record["verdict"]["doubts"])
    assert "frames is campose_valid, pare_npz in the paper's protocol pare_3dpw" in doubts
    assert "USE_GENDER" in doubts
    assert "USE_GENDER" in said


def test_numbers_are_those_of_evaluating_the_checkpoint_that_it_leaves(
    folder: Path, reproduced: "tuple[str, dict[str, Any]]"
) -> None:
    module, _ = load("pare", pare_file()["state_dict"])
    left = torch.load(folder / "pare/checkpoints/released.ckpt", weights_only=True)["state_dict"]
    assert all(torch.equal(left[name], tensor) for name, tensor in module.state_dict().items())
    command = ("evaluate", "checkpoint=pare/checkpoints/released.ckpt", "data=3dpw", *LIKE_PAPER, *QUIET)
    finished = door_process(*command, "hydra.run.dir=ours", cwd=folder)
    assert finished.returncode == 0, finished.stderr
    assert json.loads((folder / "ours/summary.json").read_text())["metrics"] == reproduced[1]["metrics"]


def test_without_body_or_data_nothing_is_evaluated(folder: Path) -> None:
    line = refused(folder, "checkpoint=pare.ckpt", "paths.smpl=nowhere")
    assert line.startswith("error: no neutral SMPL model in nowhere")
    line = refused(folder, "checkpoint=pare.ckpt", "data.sources.pw3d.root=nowhere")
    assert line.startswith("error: data set 3dpw: no train.h5 in")


def test_a_file_of_another_network_is_refused_with_its_tensors(folder: Path) -> None:
    torch.save(hmr_file(), folder / "hmr.ckpt")
    line = refused(folder, "checkpoint=hmr.ckpt")
    assert line.startswith("error: hmr.ckpt is not of the released network: ")
    assert "missing (model.backbone." in line


@pytest.mark.parametrize(("system", "content"), [("hmr", hmr_file), ("spin", spin_file), ("mpqa", mpqa_file)])
def test_other_systems_load_whole(system: str, content: Any) -> None:
    file = content()
    module, report = load(system, file.get("state_dict") or file["model"])
    assert not report.unknown
    assert not report.spared
    assert len(report.loaded) == len(module.state_dict())


def test_a_missing_or_misshaped_tensor_is_refused() -> None:
    tensors = weights("pare", "pare_hrnet_w32_conv")
    tensors["head.pose_mlp.weight"] = tensors["head.pose_mlp.weight"][:, :, :64]
    del tensors["backbone.conv1.weight"]
    with pytest.raises(
        UserError, match=r"1 missing \(backbone\.conv1\.weight\); 1 misshaped \(head\.pose_mlp\.weight is"
    ):
        load("pare", tensors)
