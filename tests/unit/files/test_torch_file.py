import io
import os
import pickle
import zipfile

import pytest
import torch

from hpe.backbones.weights import read_weights
from hpe.errors import UserError
from hpe.files.torch_file import refusal
from hpe.released.published_file import read_published
from hpe.runs.checkpoints import Checkpoint


def test_the_global_that_a_checkpoint_asks_for_is_named(tmp_path):
    torch.save({"weights": os.system}, tmp_path / "evil.pth")
    with pytest.raises(pickle.UnpicklingError) as caught:
        torch.load(tmp_path / "evil.pth", weights_only=True)
    assert refusal(caught.value) == "it asks for posix.system, which weights have no need of"
    outer = ValueError("not loaded")
    outer.__cause__ = caught.value
    assert refusal(outer) == refusal(caught.value)


def test_any_other_reason_is_its_first_line():
    assert refusal(RuntimeError("\ncut short\nat byte 7")) == "cut short"


def test_advice_that_pytorch_gives_after_its_first_sentence_is_left_out():
    assert refusal(RuntimeError("no central directory. If you see this, the file is corrupted.")) == (
        "no central directory"
    )


def archive(data):
    """The bytes of a PyTorch archive whose pickle is `data`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        for name, content in (("data.pkl", data), ("version", b"3"), ("byteorder", b"little")):
            zipped.writestr(f"file/{name}", content)
    return stream.getvalue()


DAMAGED = {
    "no_zip": b"PK\x03\x04 and no more",
    "empty_stack": archive(b"\x80\x02a."),
    "no_memo": archive(b"\x80\x02h\x07."),
    "no_text": archive(b"\x80\x02X\x01\x00\x00\x00\xe9."),
    "of_today": pickle.dumps({"state_dict": {}}, 4),
}


@pytest.mark.parametrize("read", [Checkpoint.read, read_published, read_weights])
@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_one_line_whoever_reads_it(tmp_path, read, name):
    path = tmp_path / "file.pth"
    path.write_bytes(DAMAGED[name])
    with pytest.raises(UserError, match=r"file\.pth (cannot be read|is damaged)") as caught:
        read(path)
    assert "\n" not in str(caught.value)
