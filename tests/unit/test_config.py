"""The schema finds what is misspelt or of the wrong type, and every config of the tree fits it."""

from pathlib import Path

import hydra
import pytest
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf, open_dict

from hpe.config import checked, config_folder, signature_schema
from hpe.errors import UserError
from hpe.schemas import TrainConfig

CONF = config_folder()
GROUPS = ("model", "backbone", "head", "loss", "data", "body", "augment", "trainer", "logger", "paths")
CHOICES = [f"{group}={path.stem}" for group in GROUPS for path in sorted((CONF / group).glob("*.yaml"))]
PARTS_OF_HEADS = [f"head/{path.parent.name}={path.stem}" for path in sorted((CONF / "head").glob("*/*.yaml"))]
LAUNCHERS = [f"hydra/launcher={path.stem}" for path in sorted((CONF / "hydra/launcher").glob("*.yaml"))]
SWEEPS = [f"+sweep={path.stem}" for path in sorted((CONF / "sweep").glob("*.yaml"))]
EXPERIMENTS = [
    f"+experiment={path.relative_to(CONF / 'experiment').with_suffix('')}"
    for path in sorted((CONF / "experiment").rglob("*.yaml"))
]
# backbone=timm wants a name, and the parts of a head one that is made of such.
INCOMPLETE = {"backbone=timm": ["backbone.name=resnet18"], **{part: ["head=part_attention"] for part in PARTS_OF_HEADS}}


def composed(*overrides: str) -> DictConfig:
    with hydra.initialize_config_dir(str(CONF), version_base="1.3"):
        config = hydra.compose("train", list(overrides), return_hydra_config=True)
    with open_dict(config):
        config.hydra.runtime.output_dir = "run"
    HydraConfig.instance().set_config(config)
    with open_dict(config):
        del config["hydra"]
    return config


@pytest.mark.no_cover  # to watch all that Hydra does, a hundred times, would take minutes
@pytest.mark.parametrize("choice", [*CHOICES, *PARTS_OF_HEADS, *LAUNCHERS, *SWEEPS, *EXPERIMENTS])
def test_every_config_in_the_tree_composes_and_fits_the_schema(choice: str) -> None:
    config = checked(composed(choice, *INCOMPLETE.get(choice, [])), TrainConfig)
    assert config.paths.run == "run"


def test_a_model_brings_its_own_parts_and_each_can_be_overridden() -> None:
    assert composed("model=mpqa").head._target_.endswith("PartQueryHead")
    assert composed("model=hmr", "backbone=resnet50").backbone.name == "resnet50"
    assert composed("model=mpqa", "head=iterative").head._target_.endswith("IterativeHead")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("sead", 1, "unknown key 'sead'; did you mean 'seed'?"),
        ("model.resolutoin", 1, "unknown key 'model.resolutoin'; did you mean 'resolution'?"),
        ("head.widht", 1, "unknown key 'head.widht'; did you mean 'width'?"),
        ("seed", "one", "seed: value 'one' of type 'str' is not a whole number"),
        ("head.mask_sampling", "unform", "head.mask_sampling: 'unform' is no choice; did you mean 'uniform'?"),
        ("head.mask_ratio", "half", "head.mask_ratio: .* is not a number"),
        ("head._target_", "hpe.heads.nothing.Head", "head._target_: cannot find"),
        ("model.name", "???", "model.name"),
    ],
)
def test_a_fault_is_named_by_its_key(key: str, value: object, words: str) -> None:
    config = composed()
    OmegaConf.update(config, key, value, force_add=True)
    if value == "???":
        with pytest.raises(Exception, match=words):
            checked(config, TrainConfig)
    else:
        with pytest.raises(UserError, match=words):
            checked(config, TrainConfig)


def example(count: int, name: str | None = None, **more: object) -> None: ...


def test_a_signature_is_a_schema() -> None:
    schema = signature_schema(f"{__name__}.example", "", {"extra": 1})
    assert set(schema) == {"count", "name", "extra"}


def test_configs_are_found_in_the_clone() -> None:
    assert Path(CONF / "train.yaml").is_file()
