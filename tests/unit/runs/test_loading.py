"""All runs in one table, and the examples of docs/analysis.md on it."""

import re
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hpe.runs
from hpe.errors import UserError
from hpe.runs.records import Record

ANALYSIS = Path(__file__).parents[3] / "docs/analysis.md"
SEQUENCES, FRAMES = 12, 10
JOINTS = {"pelvis": 0, "left_knee": 40, "right_knee": 42, "left_wrist": 90}


def made_up(model, seed):
    """Errors that grow with occlusion, more so for one of the models."""
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product([[f"walk_{n:02}" for n in range(SEQUENCES)], range(FRAMES), [0]])
    people = index.to_frame(index=False, name=["sequence", "frame", "person"])
    occlusion = rng.uniform(0, 1, len(people)).round(2)
    mpjpe = 70 + (90 if model == "hmr" else 40) * occlusion + rng.normal(0, 8, SEQUENCES).repeat(FRAMES)
    joints = {f"joint_error/{name}": mean * (1 + occlusion) for name, mean in JOINTS.items()}
    return people.assign(sample=range(len(people)), occlusion=occlusion, mpjpe=mpjpe, pa_mpjpe=0.6 * mpjpe, **joints)


@pytest.fixture
def outputs(card, tmp_path):
    """A folder with four runs: two models, two seeds each."""
    for model in ("hmr", "mpqa"):
        for seed in (0, 1):
            errors, folder = made_up(model, seed), tmp_path / f"outputs/train/{model}_{seed}"
            folder.mkdir(parents=True)
            errors.to_parquet(folder / "errors.parquet")
            metrics = {"mpjpe": errors["mpjpe"].mean(), "pa_mpjpe": errors["pa_mpjpe"].mean(), "pve": float("nan")}
            Record(
                metrics=metrics,
                baseline=metrics,
                seconds={},
                model=model,
                data="synthetic",
                split="test",
                seed=seed,
                samples=len(errors),
                sequences=SEQUENCES,
                card=asdict(card),
                card_hash=card.hash,
                command="python -m hpe.train",
            ).write(folder)
    return tmp_path / "outputs"


def test_every_run_and_person_is_a_row(outputs, card):
    errors = hpe.runs.load(f"{outputs}/**")
    assert len(errors) == 4 * SEQUENCES * FRAMES
    assert not errors.duplicated(["run", "sequence", "frame", "person"]).any()
    assert set(errors["run"]) == {str(outputs / "train" / name) for name in ("hmr_0", "hmr_1", "mpqa_0", "mpqa_1")}
    assert set(errors["protocol_hash"]) == {card.hash}


def test_it_is_ready_for_groupby(outputs):
    means = hpe.runs.load(f"{outputs}/**").groupby(["protocol_hash", "data", "model", "seed"])["mpjpe"].mean()
    records = [Record.read(path) for path in sorted(outputs.rglob("summary.json"))]
    assert means.tolist() == pytest.approx([record.metrics["mpjpe"] for record in records])


def test_the_pattern_chooses(outputs):
    assert set(hpe.runs.load(f"{outputs}/*/mpqa_*")["model"]) == {"mpqa"}
    assert set(hpe.runs.load(f"{outputs}/train/hmr_1")["seed"]) == {1}


def test_a_metric_of_some_runs_only_is_undefined_in_the_others(outputs):
    made_up("hmr", 0).assign(pck=99.0).to_parquet(outputs / "train/hmr_0/errors.parquet")
    errors = hpe.runs.load(f"{outputs}/**")
    assert errors.groupby("run")["pck"].count().tolist() == [SEQUENCES * FRAMES, 0, 0, 0]


def test_no_run_is_one_line(tmp_path):
    with pytest.raises(UserError, match="no run matches"):
        hpe.runs.load(f"{tmp_path}/**")


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (Path.unlink, r"hmr_1 has a record but no errors\.parquet"),
        (lambda path: path.write_bytes(path.read_bytes()[:-100]), r"errors\.parquet cannot be read as parquet"),
        (lambda path: made_up("hmr", 1).drop(columns="person").to_parquet(path), "column 'person' is missing"),
    ],
)
def test_a_damaged_run_is_named(damage, complaint, outputs):
    damage(outputs / "train/hmr_1/errors.parquet")
    with pytest.raises(UserError, match=complaint) as error:
        hpe.runs.load(f"{outputs}/**")
    assert "\n" not in str(error.value)


@pytest.mark.slow
def test_importing_the_package_does_not_import_pandas():
    code = "import sys, hpe.runs; assert 'pandas' not in sys.modules; hpe.runs.load; assert 'pandas' in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow
def test_the_examples_of_the_documentation_run(outputs, tmp_path):
    """In order, each after what the ones above it left, as a reader would run them."""
    code = "\n".join(re.findall(r"```python\n(.*?)```", ANALYSIS.read_text(), re.DOTALL))
    command = [sys.executable, "-W", "error", "-c", code]
    environment = {"MPLBACKEND": "agg", "PATH": "", "HOME": str(tmp_path)}
    answer = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert "difference=-2" in answer.stdout
    assert "tie=False" in answer.stdout
    assert (tmp_path / "errors.png").stat().st_size > 10_000
