"""Every way to fit composes into a config that the schema takes, and into objects."""

import hydra
import pytest
from hydra.core.hydra_config import HydraConfig
from hydra.utils import instantiate
from omegaconf import DictConfig, open_dict

from hpe.config import checked, config_folder
from hpe.fitting.smplify import SMPLify
from hpe.schemas import FitConfig

CHOICES = [
    f"{group}={path.stem}"
    for group in ("fitting", "minimiser", "prior")
    for path in sorted((config_folder() / group).glob("*.yaml"))
]


def composed(*overrides: str) -> DictConfig:
    with hydra.initialize_config_dir(str(config_folder()), version_base="1.3"):
        config = hydra.compose("fit", ["body=anny", *overrides], return_hydra_config=True)
    with open_dict(config):
        config.hydra.runtime.output_dir = "run"
    HydraConfig.instance().set_config(config)
    with open_dict(config):
        del config["hydra"]
    return config


@pytest.mark.parametrize("choice", CHOICES)
def test_every_choice_composes_and_fits_the_schema(choice: str) -> None:
    assert checked(composed(choice), FitConfig).paths.run == "run"


@pytest.mark.parametrize("choice", [choice for choice in CHOICES if choice != "prior=gmm"])
def test_every_choice_that_needs_no_licensed_file_is_built(choice: str) -> None:
    smplify = instantiate(checked(composed(choice), FitConfig).fitting)
    assert isinstance(smplify, SMPLify)
    assert len(smplify.objective.prior.means) == 5
