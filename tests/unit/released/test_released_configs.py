"""Every released system composes, names a card, a map of names, and rows that are published."""

import hydra
import pytest
from hydra.utils import get_object
from omegaconf import DictConfig

from benchmarks.published import published
from hpe.assembly import build_card
from hpe.config import checked, config_folder
from hpe.released.key_map import KeyMap
from hpe.runs.published_rows import published_rows
from hpe.schemas import ReproduceConfig

FOLDER = config_folder() / "released"
SYSTEMS = [path.stem for path in sorted((FOLDER / "model").glob("*.yaml"))]


def composed(*overrides: str) -> DictConfig:
    with hydra.initialize_config_dir(str(FOLDER), version_base="1.3"):
        config = hydra.compose("reproduce", [*overrides, "paths.run=run"])
    return checked(config, ReproduceConfig)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_released_system_is_judged_by_published_rows_under_the_card_of_its_paper(system: str) -> None:
    config = composed(f"model={system}")
    assert config.model.name == system
    assert build_card(config).name == config.released.protocol
    assert isinstance(get_object(config.released.key_map), KeyMap)
    rows = {row.name: row for row in published_rows(published(), config.released.rows)}
    assert set(rows[config.row].numbers) & set(config.protocol.metrics)


def test_a_card_chosen_by_the_user_stands() -> None:
    assert composed("model=pare", "protocol=bedlam_3dpw").protocol.name == "bedlam_3dpw"


def test_the_same_name_is_another_config_for_training() -> None:
    with hydra.initialize_config_dir(str(config_folder()), version_base="1.3"):
        trained = hydra.compose("train", ["model=pare"])
    released = composed("model=pare")
    assert trained.model.resolution < released.model.resolution
    assert "optimiser" not in released.model
