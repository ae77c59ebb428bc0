"""A text file is there as a whole or as it was before."""

from pathlib import Path

import pytest

from hpe.files.whole import write_whole


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_whole(tmp_path / "numbers.json", "1")
    assert path.read_text() == "1"

    def full(self: Path, text: str) -> None:
        self.write_bytes(text.encode()[:1])
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        with pytest.raises(OSError, match="no space"):
            write_whole(path, "2")
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text() == "1"
    assert write_whole(path, "2").read_text() == "2"
