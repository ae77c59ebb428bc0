"""`python -m benchmarks.occlusion` by its real command line, on a system that was trained for an epoch."""

import json
from pathlib import Path
from subprocess import CompletedProcess

import matplotlib.cbook
import numpy as np
import pandas as pd
import pytest
from doors import SHORT, door_process, program

pytestmark = pytest.mark.slow


def command(*arguments: str, cwd: Path) -> CompletedProcess[str]:
    return program("benchmarks.occlusion", *arguments, cwd=cwd)


@pytest.fixture(scope="module")
def trained(data: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("occlusion")
    made = door_process("train", *data, *SHORT, "model=hmr", "hydra.run.dir=outputs/train/run", cwd=folder)
    assert made.returncode == 0, made.stderr
    return folder


def test_sensitivity_of_a_person_whose_body_is_known(trained: Path, data: list[str]) -> None:
    finished = command("sensitivity", "model=hmr", *data, "sample=2", "hydra.run.dir=known", cwd=trained)
    assert finished.returncode == 0, finished.stderr
    assert "against the true body" in finished.stdout
    with np.load(trained / "known/synthetic_test_000002.npz") as kept:
        assert kept["mpjpe"].shape == kept["pa_mpjpe"].shape == (6, 6, 14)
        assert (int(kept["size"]), int(kept["stride"]), str(kept["units"])) == (11, 11, "mm")
        assert list(kept["joints"])[:2] == ["right_ankle", "right_knee"]
        assert kept["clean_mpjpe"].mean() > 0
    assert len(list((trained / "known").glob("*.png"))) == 5


def test_sensitivity_of_a_photograph_is_against_the_prediction_itself(trained: Path) -> None:
    photograph = matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)
    chosen = [f"source={photograph}", "size=20", "stride=20", "hydra.run.dir=photo"]
    finished = command("sensitivity", *chosen, cwd=trained)
    assert finished.returncode == 0, finished.stderr
    assert "no true body is known" in finished.stdout
    with np.load(trained / "photo/grace_hopper.npz") as kept:
        assert kept["mpjpe"].shape == (4, 4, 14)
        assert (kept["clean_mpjpe"] == 0).all()


def test_curves_of_two_systems_on_the_same_people(trained: Path, data: list[str]) -> None:
    best = "outputs/train/run/checkpoints"
    small = ["others.generate.size=16", "others.generate.resolution=64", "sizes=[0.3,0.7]", "fewest=2"]
    chosen = [f"checkpoint=[{best}/best.ckpt,{best}/last.ckpt]", *data, *small, "people=6", "hydra.run.dir=curves"]
    finished = command("curves", *chosen, cwd=trained)
    assert finished.returncode == 0, finished.stderr
    assert "procedural objects, because there is no Pascal VOC 2012" in finished.stdout
    errors = pd.read_parquet(trained / "curves/errors.parquet")
    assert len(errors) == 2 * 6 * (1 + 5 * 2)
    one, other = (part.drop(columns=["model", "mpjpe", "pa_mpjpe", "pve"]) for _, part in errors.groupby("model"))
    pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))
    record = json.loads((trained / "curves/curves.json").read_text())
    assert len(record["checkpoints"]) == 2
    assert set(record["occluders"]) == {"patch", "cutout", "limb", "person", "truncation"}
    names = {path.name for path in (trained / "curves").iterdir()}
    assert {"curves_mpjpe.png", "curves_pve.png", "occluders.png", "table.md", "table.csv", "table.html"} <= names
