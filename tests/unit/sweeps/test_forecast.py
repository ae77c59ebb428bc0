"""Hours of a sweep by the records of earlier runs."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from hpe.metrics.card import ProtocolCard
from hpe.runs.progress import Progress
from hpe.runs.records import Record
from hpe.sweeps.forecast import forecasts, span

Keep = Callable[..., None]


def config(epochs: int = 10, size: int | None = 100, head: str = "iterative", **more: Any) -> dict[str, Any]:
    data = {"sources": {"a": {"name": "synthetic"}}, "size": size, "epoch_size": None, "batch_size": 16, "workers": 0}
    trainer = {"max_epochs": epochs, "devices": 1, "precision": "32-true", "accelerator": "auto"}
    parts = {"model": {"resolution": 64}, "backbone": {}, "head": {"_target_": head}, "loss": {}}
    return {"data": data, "trainer": trainer, **parts, **more}


@pytest.fixture
def keep(card: ProtocolCard, tmp_path: Path) -> Keep:
    """Leaves the record of a run of 10 epochs over 100 people, with 20 s beside its training."""

    def keep(name: str, train: float, hardware: str = "here", **more: Any) -> None:
        metrics = {"mpjpe": 1.0, "pa_mpjpe": 1.0, "pve": 1.0}
        seconds = {"train": train, "test": 20.0, "data": 500.0}
        said = Record(
            metrics, metrics, seconds, "hmr", "synthetic", "test", 0, 1, 1, asdict(card), card.hash, "command"
        )
        (tmp_path / name).mkdir()
        Record(**vars(said) | {"hardware": hardware, "config": config(**more)}).write(tmp_path / name)

    return keep


def test_time_grows_with_epochs_and_people(keep: Keep, tmp_path: Path) -> None:
    for number, seconds in enumerate((100.0, 110.0, 300.0)):
        keep(str(number), seconds)
    (found,) = forecasts([config(), config(epochs=20, size=200)], [tmp_path / "x", tmp_path / "y"], tmp_path, "here")
    assert list(found.seconds) == pytest.approx([130.0, 460.0])
    assert (found.wall(1), found.wall(2)) == pytest.approx((590.0, 460.0))
    assert str(found) == "10 min for 2 jobs on here, by 3 earlier runs"


def test_what_is_done_takes_no_time(keep: Keep, tmp_path: Path) -> None:
    keep("a", 100.0)
    Progress("training", 4, 10, 8, None).write(tmp_path / "begun")
    (found,) = forecasts([config()], [tmp_path / "begun"], tmp_path, "here")
    assert list(found.seconds) == pytest.approx([80.0])


def test_only_the_same_parts_on_the_same_hardware_tell(keep: Keep, tmp_path: Path) -> None:
    keep("other", 100.0, "there")
    keep("resumed", 1.0, resume=True)
    keep("unknown", 1.0, hardware="")
    assert forecasts([config()], [tmp_path / "x"], tmp_path, "here") == []
    keep("same", 200.0)
    grid = [config(), config(head="part_query")]
    (found,) = forecasts(grid, [tmp_path / "x", tmp_path / "y"], tmp_path, "here")
    assert list(found.seconds) == [pytest.approx(220.0), None]
    assert str(found).endswith("by 1 earlier runs; no earlier run tells of 1 more")


def test_where_the_cluster_chooses_each_hardware_has_its_own(keep: Keep, tmp_path: Path) -> None:
    keep("a", 100.0, "slow")
    keep("b", 10.0, "quick")
    found = forecasts([config()], [tmp_path / "x"], tmp_path, hardware=None)
    assert {one.hardware: one.seconds[0] for one in found} == pytest.approx({"slow": 120.0, "quick": 30.0})


def test_a_broken_record_tells_nothing(keep: Keep, tmp_path: Path) -> None:
    keep("a", 100.0)
    (tmp_path / "a/summary.json").write_text("{")
    assert forecasts([config()], [tmp_path / "x"], tmp_path, "here") == []


def test_times_are_said_as_people_say_them() -> None:
    assert [span(seconds) for seconds in (1.0, 3600.0, 9000.0)] == ["1 min", "60 min", "2.5 h"]
