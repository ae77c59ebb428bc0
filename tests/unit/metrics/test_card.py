"""Every card of the tree is whole and its own; a hash changes with all that moves a number and with nothing else."""

from dataclasses import asdict, replace
from pathlib import Path

import pytest

from hpe.config import config_folder
from hpe.errors import UserError
from hpe.metrics.card import ProtocolCard, differences, one_protocol
from hpe.metrics.card_fields import KNOWN, WORDS

FILES = sorted((config_folder() / "protocol").glob("*.yaml"))


@pytest.fixture
def pare() -> ProtocolCard:
    return ProtocolCard.read(config_folder() / "protocol/pare_3dpw.yaml")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_card_of_the_tree_is_valid_says_its_source_and_bears_its_file_name(path: Path) -> None:
    found = ProtocolCard.read(path)
    assert found.name == path.stem
    assert len(found.source) > 20
    assert str(found) == f"{path.stem}@{found.version} ({found.hash})"


def test_no_two_cards_are_the_same_protocol() -> None:
    assert len({ProtocolCard.read(path).hash for path in FILES}) == len(FILES) >= 27


OTHERS = {
    **{field: next(value for value in reversed(values)) for field, values in KNOWN.items() if len(values) > 1},
    **{"version": 2, "dataset": "emdb", "frames": "all", "people": "adults", "box_source": "detector"},
    **{"camera_source": "dataset", "frame_rate": 25.0, "metrics": ("mpjpe",), "seams": True, "failed": 300.0},
}


@pytest.mark.parametrize("field", OTHERS)
def test_the_hash_changes_with_every_field_that_moves_a_number(pare: ProtocolCard, field: str) -> None:
    other = replace(pare, **{field: OTHERS[field]})
    assert other.hash != pare.hash
    assert differences(pare, other) == {field: (getattr(pare, field), OTHERS[field])}


def test_all_fields_are_words_or_tested_here(pare: ProtocolCard) -> None:
    assert {*WORDS, *OTHERS, *(field for field, values in KNOWN.items() if len(values) == 1)} == {*asdict(pare)}


@pytest.mark.parametrize("field", WORDS)
def test_words_do_not_change_the_hash(pare: ProtocolCard, field: str) -> None:
    assert replace(pare, **{field: "other words"}).hash == pare.hash


def test_equal_numbers_are_one_protocol(pare: ProtocolCard) -> None:
    again = ProtocolCard.of(asdict(pare) | {"frame_rate": 30, "metrics": list(pare.metrics)})
    assert again.hash == pare.hash


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("root", "midhp", "root is 'midhp'; did you mean 'midhip'"),
        ("joint_set", "smpl24", "joint_set is 'smpl24'; did you mean 'smpl_24'"),
        ("failed", "drpo", "failed is 'drpo', not an error in mm; did you mean 'drop'"),
        ("failed", -1.0, "failed is -1.0"),
        ("metrics", ["mpjp"], "did you mean 'mpjpe'"),
        ("metrics", "mpjpe", "metrics is 'mpjpe', which is not a list"),
        ("frame_rate", 0, "frame_rate"),
        ("version", "one", "version"),
        ("frames", "", "frames is '', which is not what"),
        ("rot", "midhip", "unknown field 'rot'; did you mean 'root'"),
    ],
)
def test_a_wrong_field_is_one_line(pare: ProtocolCard, field: str, value: object, words: str) -> None:
    with pytest.raises(UserError, match=words) as error:
        ProtocolCard.of(asdict(pare) | {field: value})
    assert "\n" not in str(error.value)


def test_a_missing_field_is_named(pare: ProtocolCard) -> None:
    with pytest.raises(UserError, match="field 'title' is missing"):
        ProtocolCard.of({name: value for name, value in asdict(pare).items() if name != "title"})


def test_two_protocols_never_share_a_column(pare: ProtocolCard) -> None:
    assert one_protocol([pare, replace(pare, title="other words")]) == pare
    with pytest.raises(UserError, match="root: 'h36m0' and 'midhip'"):
        one_protocol([pare, replace(pare, root="midhip")])


@pytest.mark.parametrize(("text", "words"), [("[1]", "holds no fields"), ("root: [", "cannot be read")])
def test_a_file_that_is_no_card_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "some.yaml").write_text(text)
    with pytest.raises(UserError, match=rf"some\.yaml.*{words}"):
        ProtocolCard.read(tmp_path / "some.yaml")
