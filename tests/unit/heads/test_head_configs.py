"""The parts of a head are groups of their own: every choice builds."""

import hydra
import pytest
import torch
from omegaconf import DictConfig

from hpe.config import config_folder
from hpe.errors import UserError
from hpe.heads.head import build_head
from hpe.types import Batch

FOLDERS = sorted(path for path in (config_folder() / "head").iterdir() if path.is_dir())
CHOICES = [f"head/{folder.name}={path.stem}" for folder in FOLDERS for path in sorted(folder.glob("*.yaml"))]
BATCH = Batch(torch.zeros(2, 3, 1, 1), torch.arange(2), torch.ones(2, 3), torch.ones(2, 2))


def composed(*overrides: str) -> DictConfig:
    with hydra.initialize_config_dir(str(config_folder()), version_base="1.3"):
        return hydra.compose("train", list(overrides)).head


@pytest.mark.parametrize("choice", CHOICES)
def test_every_part_of_a_head_can_be_exchanged(choice: str) -> None:
    head = build_head(composed("head=part_attention", choice), channels=6, feature_size=4)
    assert head(torch.randn(2, 6, 4, 4), BATCH).betas.shape == (2, 10)


def test_the_published_head_says_which_features_it_is_made_for() -> None:
    with pytest.raises(UserError, match="channels=480 but the backbone gives channels=6"):
        build_head(composed("head=pare"), channels=6, feature_size=4)
