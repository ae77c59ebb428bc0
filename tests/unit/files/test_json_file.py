"""JSON of strangers: what it says comes through; what cannot be read is one line."""

import json

import pytest

from hpe.errors import UserError
from hpe.files.json_file import read_json


def test_what_was_written_is_read(tmp_path):
    content = {"images": [{"id": 1, "name": "hörn.jpg"}], "scores": [0.5, None, True]}
    (tmp_path / "a.json").write_text(json.dumps(content))
    assert read_json(tmp_path / "a.json") == content


def test_only_what_is_asked_for_is_kept(tmp_path):
    content = {"images": [{"id": 1, "segmentation": [[1, 2]]}], "info": {"id": 7}}
    (tmp_path / "a.json").write_text(json.dumps(content))
    assert read_json(tmp_path / "a.json", keys={"images", "id"}) == {"images": [{"id": 1}]}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"images": [1, 2',
        b"\xff\xfe\xfa",
        b"[" * 1_000_000,
        b'{"a":' * 1_000_000,
        b"[" + b"9" * 5000 + b"]",
        b"\x89PNG\r\n\x1a\n",
    ],
    ids=["empty", "truncated", "not text", "nested lists", "nested objects", "an endless number", "a picture"],
)
@pytest.mark.parametrize("keys", [None, {"images"}])
def test_what_is_not_json_is_one_line(tmp_path, content, keys):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(UserError, match=r"a\.json is not JSON \(.+\); fetch it again") as caught:
        read_json(tmp_path / "a.json", keys=keys)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"no file .*missing\.json"):
        read_json(tmp_path / "missing.json")


def test_a_file_larger_than_any_is_not_read(tmp_path):
    with (tmp_path / "a.json").open("wb") as file:
        file.truncate(3 << 30)  # a hole: it takes no room on the disk
    with pytest.raises(UserError, match="has 3221225472 bytes, more than such a file can have; fetch"):
        read_json(tmp_path / "a.json")
    (tmp_path / "b.json").write_text("[1, 2, 3]")
    with pytest.raises(UserError, match="has 9 bytes"):
        read_json(tmp_path / "b.json", most_bytes=8)
