"""Who is scored, and what cannot be: said before anybody is shown to a system."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hand_made import PEOPLE, preset, small_body, store
from omegaconf import OmegaConf

from benchmarks.occlusion.models import Model
from benchmarks.occlusion.scored import check, scored_people
from hpe.errors import UserError

CARD = replace(preset("synthetic"), split="test")


def test_people_are_spread_over_those_whom_the_card_scores(tmp_path):
    people = store(tmp_path)
    assert scored_people(CARD, people, None).tolist() == list(range(PEOPLE))
    assert scored_people(CARD, people, 2).tolist() == [0, PEOPLE - 1]


@pytest.mark.parametrize("people", [0, PEOPLE + 1])
def test_so_many_people_are_not_there(tmp_path, people):
    with pytest.raises(UserError, match=f"people={people}: synthetic@1 .* scores {PEOPLE} people of "):
        scored_people(CARD, store(tmp_path), people)


def test_nobody_to_score_is_one_line(tmp_path):
    nobody = store(tmp_path)
    nobody = replace(nobody, columns={name: values[:0] for name, values in nobody.columns.items()})
    with pytest.raises(UserError, match="scores nobody of"):
        scored_people(CARD, nobody, None)


def test_a_system_whose_body_has_no_genders_is_refused_by_a_card_that_asks_for_them(tmp_path):
    config = OmegaConf.create({"body": {"_target_": "hpe.bodies.anny.load_anny"}})
    system = SimpleNamespace(body=small_body(0, "anny"))
    model = Model("pare", 0, tmp_path, "", config, system, None)
    with pytest.raises(UserError, match=r"gt_gender \(gendered\): body anny has no genders"):
        check([model], store(tmp_path), replace(CARD, gt_gender="gendered"))
