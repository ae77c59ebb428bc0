from pathlib import Path

import numpy as np
import pytest
from hand_made import PEOPLE, preset, store

from hpe.errors import UserError
from hpe.scoring.stand_in import for_store

OTHERWISE = {"frames": "campose_valid", "box_source": "poses2d"}


def test_a_card_stays_as_it_is_where_its_people_are_known(tmp_path: Path) -> None:
    data = store(tmp_path, select_pare_npz=np.ones(PEOPLE, bool))
    assert for_store(preset("pare_3dpw"), data, OTHERWISE) == preset("pare_3dpw")


def test_others_stand_in_for_people_that_the_data_do_not_know_and_the_hash_is_another(tmp_path: Path) -> None:
    card = for_store(preset("pare_3dpw"), store(tmp_path), OTHERWISE)
    assert (card.frames, card.box_source) == ("campose_valid", "poses2d")
    assert card.hash != preset("pare_3dpw").hash


def test_a_field_that_no_card_has_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="unknown field 'frame'; did you mean 'frames'"):
        for_store(preset("pare_3dpw"), store(tmp_path), {"frame": "campose_valid"})
