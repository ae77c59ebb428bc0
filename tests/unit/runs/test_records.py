import json
import math
from dataclasses import asdict

import pytest

from hpe.errors import UserError
from hpe.runs.records import Record, find


@pytest.fixture
def record(card):
    return Record(
        metrics={"mpjpe": 120.0, "pa_mpjpe": 80.0, "pve": math.nan},
        baseline={"mpjpe": 240.0, "pa_mpjpe": 100.0, "pve": 300.0},
        seconds={"train": 60.0},
        model="hmr",
        data="synthetic",
        split="test",
        seed=0,
        samples=500,
        sequences=20,
        card=asdict(card),
        card_hash=card.hash,
        command="python -m hpe.train",
        intervals={"mpjpe": [110.0, 130.0], "pve": [math.nan, math.nan]},
        undefined={"pve": 500},
        skipped=["broken.jpg"],
        config={"trainer": {"max_epochs": 3}},
    )


def changed(path, **values):
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_a_record_comes_back_as_it_was_written(record, tmp_path):
    back = Record.read(record.write(tmp_path))
    assert math.isnan(back.metrics["pve"])
    assert back.metrics["mpjpe"] == 120.0
    assert back.protocol == record.protocol
    assert back.intervals["mpjpe"] == [110.0, 130.0]
    assert math.isnan(back.intervals["pve"][0])
    assert (back.config, back.skipped, back.commit) == (record.config, record.skipped, None)


def test_a_record_of_before_there_were_verdicts_and_hardware_is_read(record, tmp_path):
    path = record.write(tmp_path)
    older = {key: value for key, value in json.loads(path.read_text()).items() if key not in ("verdict", "hardware")}
    path.write_text(json.dumps(older))
    assert (Record.read(path).verdict, Record.read(path).hardware) == ({}, "")


def test_undefined_is_written_as_null_and_nothing_else_is_left_behind(record, tmp_path):
    assert json.loads(record.write(tmp_path).read_text())["metrics"]["pve"] is None
    assert [path.name for path in tmp_path.iterdir()] == ["summary.json"]


def test_find_gives_every_run_by_its_folder(record, tmp_path):
    folders = [tmp_path / "2024" / name for name in ("a", "b")]
    for folder in folders:
        folder.mkdir(parents=True)
        record.write(folder)
    assert list(find(tmp_path)) == folders


def test_find_in_no_folder(tmp_path):
    with pytest.raises(UserError, match="nowhere"):
        find(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", '{"metrics": {}}'])
def test_a_file_that_is_no_record_is_named(text, tmp_path):
    path = tmp_path / "summary.json"
    path.write_text(text)
    with pytest.raises(UserError, match=r"summary\.json") as error:
        Record.read(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"sead": 1}, "unknown key 'sead'"),
        ({"seed": "one"}, "'seed' is 'one'"),
        ({"metrics": {"mpjpe": "low"}}, "mpjpe is 'low'"),
        ({"metrics": {"mpjpe": 1.0}}, "'pa_mpjpe' is not in both"),
        ({"card": {"root": "pelvis"}}, "card: field 'name' is missing"),
        ({"card_hash": "0"}, "'card_hash' is not the hash of its card"),
        ({"intervals": {"mpjpe": [1.0]}}, "'intervals' of mpjpe are not a low and a high end"),
    ],
)
def test_a_malformed_record_says_what_is_wrong(record, values, complaint, tmp_path):
    path = record.write(tmp_path)
    changed(path, **values)
    with pytest.raises(UserError, match=complaint):
        Record.read(path)


def test_a_missing_record_is_named(tmp_path):
    with pytest.raises(UserError, match="no result record"):
        Record.read(tmp_path / "summary.json")
