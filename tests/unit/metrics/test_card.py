"""Every card of the tree is whole and its own; a hash changes with all that moves a number and with nothing else."""

from dataclasses import asdict, replace
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from hpe.cli import config_folder
from hpe.errors import UserError
from hpe.metrics.card import ProtocolCard, differences, one_protocol
from hpe.metrics.card_fields import KNOWN, WORDS

FILES = sorted((config_folder() / "protocol").glob("*.yaml"))


def read(path: Path) -> ProtocolCard:
    values = OmegaConf.to_container(OmegaConf.load(path))
    assert isinstance(values, dict)
    return ProtocolCard.of({str(name): value for name, value in values.items()}, path.name)


@pytest.fixture
def card() -> ProtocolCard:
    return read(config_folder() / "protocol/pare_3dpw.yaml")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_card_of_the_tree_is_valid_says_its_source_and_bears_its_file_name(path: Path) -> None:
    found = read(path)
    assert found.name == path.stem
    assert len(found.source) > 20
    assert str(found) == f"{path.stem}@{found.version} ({found.hash})"


def test_no_two_cards_are_the_same_protocol() -> None:
    assert len({read(path).hash for path in FILES}) == len(FILES) >= 27


OTHERS = {
    **{field: next(value for value in reversed(values)) for field, values in KNOWN.items() if len(values) > 1},
    **{"version": 2, "dataset": "emdb", "frames": "all", "people": "adults", "box_source": "detector"},
    **{"camera_source": "dataset", "frame_rate": 25.0, "metrics": ("mpjpe",), "seams": True, "failed": 300.0},
}


@pytest.mark.parametrize("field", OTHERS)
def test_the_hash_changes_with_every_field_that_moves_a_number(card: ProtocolCard, field: str) -> None:
    other = replace(card, **{field: OTHERS[field]})
    assert other.hash != card.hash
    assert differences(card, other) == {field: (getattr(card, field), OTHERS[field])}


def test_all_fields_are_words_or_tested_here(card: ProtocolCard) -> None:
    assert {*WORDS, *OTHERS, *(field for field, values in KNOWN.items() if len(values) == 1)} == {*asdict(card)}


@pytest.mark.parametrize("field", WORDS)
def test_words_do_not_change_the_hash(card: ProtocolCard, field: str) -> None:
    assert replace(card, **{field: "other words"}).hash == card.hash


def test_equal_numbers_are_one_protocol(card: ProtocolCard) -> None:
    again = ProtocolCard.of(asdict(card) | {"frame_rate": 30, "metrics": list(card.metrics)})
    assert again.hash == card.hash


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
def test_a_wrong_field_is_one_line(card: ProtocolCard, field: str, value: object, words: str) -> None:
    with pytest.raises(UserError, match=words) as error:
        ProtocolCard.of(asdict(card) | {field: value})
    assert "\n" not in str(error.value)


def test_a_missing_field_is_named(card: ProtocolCard) -> None:
    with pytest.raises(UserError, match="field 'title' is missing"):
        ProtocolCard.of({name: value for name, value in asdict(card).items() if name != "title"})


def test_two_protocols_never_share_a_column(card: ProtocolCard) -> None:
    assert one_protocol([card, replace(card, title="other words")]) == card
    with pytest.raises(UserError, match="root: 'h36m0' and 'midhip'"):
        one_protocol([card, replace(card, root="midhip")])
