"""The main job at a tiny size, then evaluate and predict with what it learned."""

import json
from pathlib import Path
from typing import Any

import matplotlib.cbook
import numpy as np
import pytest
import torch
from doors import door_process

pytestmark = pytest.mark.slow
BEST = "outputs/train/first/checkpoints/best.ckpt"


@pytest.fixture(scope="module")
def trained(data: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("main_job")
    short = ["model=hmr", "trainer.max_epochs=2", "pictures=2", "hydra.run.dir=outputs/train/first"]
    finished = door_process("train", *data, *short, cwd=folder)
    assert finished.returncode == 0, finished.stderr
    return folder


def summary(run: Path) -> dict[str, Any]:
    return json.loads((run / "summary.json").read_text())


def test_the_main_job_leaves_a_record_pictures_and_both_logs(trained: Path) -> None:
    run = trained / "outputs/train/first"
    for numbers in (summary(run)["metrics"], summary(run)["baseline"]):
        assert all(numbers[name] > 0 for name in ("mpjpe", "pa_mpjpe", "pve"))
    assert {"predictions.h5", "errors.parquet"} <= {path.name for path in run.iterdir()}
    assert {"body", "data", "train", "test"} <= set(summary(run)["seconds"])
    assert len(list((run / "pictures").glob("*.png"))) == 3
    assert "val/mpjpe" in (run / "metrics.csv").read_text()
    assert list((run / "wandb").glob("offline-run-*/files/media/images/*.png"))


def test_a_checkpoint_holds_plain_data_and_no_body(trained: Path) -> None:
    stored = torch.load(trained / BEST, weights_only=True)
    assert stored["hpe_config"]["model"]["name"] == "hmr"
    assert not any(name.startswith("body.") for name in stored["state_dict"])


def test_evaluating_the_best_checkpoint_gives_the_numbers_of_the_run(trained: Path, data: list[str]) -> None:
    finished = door_process("evaluate", f"checkpoint={BEST}", *data, "hydra.run.dir=again", cwd=trained)
    assert finished.returncode == 0, finished.stderr
    first, again = summary(trained / "outputs/train/first"), summary(trained / "again")
    assert again["metrics"] == pytest.approx(first["metrics"])
    assert again["baseline"] == pytest.approx(first["baseline"])


def test_kept_predictions_give_the_numbers_of_the_run_without_a_network(trained: Path, data: list[str]) -> None:
    kept = "predictions=outputs/train/first/predictions.h5"
    finished = door_process("evaluate", kept, *data, "logger=csv", "hydra.run.dir=kept", cwd=trained)
    assert finished.returncode == 0, finished.stderr
    first, again = summary(trained / "outputs/train/first"), summary(trained / "kept")
    assert {key: again[key] for key in ("metrics", "baseline", "intervals", "card_hash", "data_hash")} == {
        key: first[key] for key in ("metrics", "baseline", "intervals", "card_hash", "data_hash")
    }


def test_another_split_than_the_predicted_one_is_refused(trained: Path, data: list[str]) -> None:
    kept = "predictions=outputs/train/first/predictions.h5"
    refused = door_process("evaluate", kept, *data, "split=val", "logger=csv", "hydra.run.dir=refused", cwd=trained)
    assert refused.returncode == 2
    assert "is synthetic val, but the predictions are about synthetic test" in refused.stderr.splitlines()[-1]
    assert not (trained / "refused/summary.json").exists()


def test_another_architecture_is_refused_with_the_names_of_its_tensors(trained: Path, data: list[str]) -> None:
    refused = door_process("evaluate", f"checkpoint={BEST}", "model=mpqa", *data, cwd=trained)
    assert refused.returncode == 2
    assert "12 missing (head.attention.queries" in refused.stderr
    assert "10 unexpected (head.regression.deccam.bias" in refused.stderr
    assert "0 misshaped" in refused.stderr


def test_a_run_begins_with_the_weights_of_another_of_its_architecture(trained: Path, data: list[str]) -> None:
    short = [*data, f"initial={BEST}", "trainer.max_epochs=1", "logger=csv", "pictures=0"]
    refused = door_process("train", *short, "model=mpqa", "hydra.run.dir=refused_stage", cwd=trained)
    assert refused.returncode == 2
    assert "best.ckpt is of another architecture: 12 missing" in refused.stderr.splitlines()[-1]
    unmoved = ["model=hmr", "model.optimiser.lr=1e-12", "hydra.run.dir=second"]
    finished = door_process("train", *short, *unmoved, cwd=trained)
    assert finished.returncode == 0, finished.stderr
    first, second = summary(trained / "outputs/train/first"), summary(trained / "second")
    assert second["metrics"]["mpjpe"] == pytest.approx(first["metrics"]["mpjpe"], rel=0.05)


def test_predict_finds_the_newest_checkpoint_and_writes_overlay_and_mesh(trained: Path) -> None:
    photograph = matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)
    finished = door_process("predict", f"source={photograph}", "hydra.run.dir=people", cwd=trained)
    assert finished.returncode == 0, finished.stderr
    assert BEST in finished.stdout
    person = np.load(trained / "people/grace_hopper.npz")
    assert person["vertices"].shape == (1229, 3)
    lines = (trained / "people/grace_hopper.obj").read_text().splitlines()
    assert sum(line.startswith("v ") for line in lines) == 1229
    assert (trained / "people/grace_hopper_overlay.png").stat().st_size > 0
