"""The differences between two cards, one at a time, add up to what scoring by each of them says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hand_made import PEOPLE, predictions, preset, small_body, store

from hpe.errors import UserError
from hpe.metrics.card import differences
from hpe.scoring.protocol_effects import Sight
from hpe.scoring.score import score
from hpe.scoring.summary import summarise

BODIES = {gender: small_body(seed) for seed, gender in enumerate(("neutral", "male", "female"))}
A = preset("bedlam_3dpw")
B = replace(A, gt_gender="neutral", root="midhip", pve_root="none", box_source="file")


@pytest.fixture
def sight(tmp_path: Path) -> Sight:
    data = store(tmp_path)
    return Sight(predictions(data), data, BODIES)


def test_each_difference_is_the_card_with_that_one_field(sight: Sight) -> None:
    found = sight.effects(A, B)
    assert [effect.name for effect in found.single] == list(differences(A, B))
    moved = {effect.name: effect.moved for effect in found.single}
    alone = replace(A, root="midhip")
    expected = summarise(score(sight.predictions, sight.store, alone, BODIES), alone).metrics["mpjpe"]
    assert found.first["mpjpe"] + moved["root"]["mpjpe"] == pytest.approx(expected)
    assert moved["root"]["pve"] == 0
    assert abs(moved["pve_root"]["pve"]) > 1
    assert moved["box_source"] == {}


def test_the_ends_are_the_two_cards(sight: Sight) -> None:
    found = sight.effects(A, B)
    for card, means in ((A, found.first), (B, found.second)):
        summary = summarise(score(sight.predictions, sight.store, card, BODIES), card)
        assert means == {name: summary.metrics[name] for name in means}


def test_a_field_that_only_one_card_can_have_here_is_made_equal_with_its_reason(tmp_path: Path) -> None:
    data = store(tmp_path)
    sight = Sight(predictions(data), data, {"neutral": BODIES["neutral"]})
    found = sight.effects(replace(A, frames="tcmr", people="adults"), B)
    assert {*found.aside} == {"frames", "people", "gt_gender"}
    assert "there is no female body" in found.aside["gt_gender"]
    assert np.isfinite(found.first["mpjpe"])


def test_a_field_that_both_cards_want_and_nobody_has_is_an_error(tmp_path: Path) -> None:
    data = store(tmp_path, pose=None, betas=None, has_smpl=None)
    sight = Sight(predictions(data, pose=np.zeros((PEOPLE, 72), np.float32)), data, BODIES)
    with pytest.raises(UserError, match="field gt_model"):
        sight.effects(A, B)
