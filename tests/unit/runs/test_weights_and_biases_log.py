"""What an evaluation leaves in an offline Weights & Biases run, read back from the run's own file."""

import json
import math
import struct
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pytest
import wandb
from hydra.core.hydra_config import HydraConfig
from wandb.proto import wandb_internal_pb2

from hpe.runs.records import Record
from hpe.runs.reporting import log_result
from hpe.runs.weights_and_biases import wandb_logger

pytestmark = pytest.mark.slow

BLOCK, HEADER = 32_768, 7
WHOLE, LAST = 1, 4
PEOPLE = 12_000


def records(path):
    """What W&B would send: the file is LevelDB's log of protocol buffers, after a header of its own."""
    data, place, parts = path.read_bytes(), HEADER, b""
    assert data.startswith(b":W&B")
    while place + HEADER <= len(data):
        if BLOCK - place % BLOCK < HEADER:
            place += BLOCK - place % BLOCK
        _, length, kind = struct.unpack_from("<IHB", data, place)
        parts += data[place + HEADER : place + HEADER + length]
        place += HEADER + length
        if kind in (WHOLE, LAST):
            yield wandb_internal_pb2.Record.FromString(parts)
            parts = b""


def values(items):
    return {"/".join(item.nested_key) or item.key: json.loads(item.value_json) for item in items}


@pytest.fixture(scope="module")
def logged(card, tmp_path_factory):
    """The folder of an offline run that holds one evaluation, and the columns that its table should have."""
    folder = tmp_path_factory.mktemp("run")
    errors = pd.DataFrame({"sequence": "walk", "frame": range(PEOPLE), "mpjpe": 80.5})
    errors.loc[1, "mpjpe"] = math.nan
    record = Record(
        metrics={"mpjpe": 80.5, "pa_mpjpe": 50.0, "pve": math.nan},
        baseline={"mpjpe": 240.0, "pa_mpjpe": 100.0, "pve": math.nan},
        intervals={"mpjpe": [78.0, 83.0]},
        undefined={"mpjpe": 1},
        seconds={},
        model="hmr",
        data="synthetic",
        split="test",
        seed=0,
        samples=PEOPLE,
        sequences=1,
        card=asdict(card),
        card_hash=card.hash,
        command="python -m hpe.evaluate",
        config={"seed": 0, "model": {"name": "hmr"}},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WANDB_MODE", "offline")
        patch.setattr(HydraConfig.instance(), "cfg", None)
        logger = wandb_logger(str(folder), "hpe", group="heads", tags=["pooled"])
        log_result([logger], record, errors.assign(**{"joint_error/pelvis": 0.0}), sheet=None)
        wandb.finish()
        # The end of W&B's own process, as at the end of ours: only then is the file surely written.
        wandb.teardown()
    return next(folder.glob("wandb/offline-run-*")), errors


def test_the_summary_waits_to_be_synced(logged, card):
    summary, config = {}, {}
    for record in records(next(logged[0].glob("*.wandb"))):
        summary |= values(record.summary.update)
        config |= values(record.config.update)
    assert summary["test/mpjpe"] == 80.5
    assert [summary["test/mpjpe_low"], summary["test/mpjpe_high"]] == [78.0, 83.0]
    assert (summary["test/samples"], summary["test/mpjpe_undefined"]) == (PEOPLE, 1)
    assert (summary["test/protocol"], summary["test/protocol_hash"]) == (card.name, card.hash)
    assert config["model"] == {"name": "hmr"}


def test_a_sweep_and_its_tags_wait_with_it(logged):
    (run,) = (record.run for record in records(next(logged[0].glob("*.wandb"))) if record.HasField("run"))
    assert run.run_group == "heads"
    assert list(run.tags) == ["pooled"]


def test_the_table_waits_whole_in_the_run_folder(logged):
    folder, errors = logged
    artifacts = [record.artifact for record in records(next(folder.glob("*.wandb"))) if record.HasField("artifact")]
    assert [artifact.type for artifact in artifacts] == ["run_table"]
    staged = Path(artifacts[0].manifest.contents[0].local_path)
    assert staged.is_relative_to(folder)
    table = json.loads(staged.read_text())
    back = pd.DataFrame(table["data"], columns=table["columns"])
    pd.testing.assert_frame_equal(back, errors, check_dtype=False)


def test_the_history_points_at_the_table(logged):
    folder, errors = logged
    history = {}
    for record in records(next(folder.glob("*.wandb"))):
        history |= values(record.history.item)
    assert history["test/errors/_type"] == "table-file"
    shown = json.loads((folder / "files" / history["test/errors/path"]).read_text())
    assert shown["columns"] == list(errors)
    assert history["test/errors/nrows"] == PEOPLE
