"""A checkpoint is whole, or the one before it is still there."""

import pytest
import torch

from hpe.runs.whole_checkpoints import WholeCheckpoints


class Broken:
    """Cannot be saved."""

    def __reduce__(self):
        raise OSError("the disk is full")


def test_a_checkpoint_that_breaks_off_leaves_the_last_one(tmp_path):
    path, files = tmp_path / "checkpoints/last.ckpt", WholeCheckpoints()
    files.save_checkpoint({"step": torch.tensor(1)}, str(path))
    with pytest.raises(OSError, match="full"):
        files.save_checkpoint({"step": torch.tensor(2), "broken": Broken()}, str(path))
    assert files.load_checkpoint(path, weights_only=True) == {"step": 1}


def test_a_checkpoint_is_written_where_it_will_lie(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    WholeCheckpoints().save_checkpoint({"step": 1}, tmp_path / "last.ckpt")
    assert [path.name for path in tmp_path.iterdir()] == ["last.ckpt"]
