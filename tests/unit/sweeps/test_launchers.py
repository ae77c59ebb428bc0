"""Launchers that Hydra knows, whose jobs go on where they ended."""

import pickle

import cloudpickle
import hydra
import pytest
from hydra.core.plugins import Plugins

from hpe.config import config_folder
from hpe.sweeps.launchers import LocalSweep, SlurmSweep, with_resume


@pytest.mark.parametrize(("choice", "kind"), [("local", LocalSweep), ("slurm", SlurmSweep)])
def test_hydra_makes_the_launcher_that_a_config_names_and_it_travels(choice: str, kind: type) -> None:
    with hydra.initialize_config_dir(str(config_folder()), version_base="1.3"):
        config = hydra.compose("train", [f"hydra/launcher={choice}"], return_hydra_config=True)
    launcher = Plugins.instance()._instantiate(config.hydra.launcher)
    assert type(launcher) is kind
    assert type(pickle.loads(cloudpickle.dumps(launcher))) is kind


def test_a_job_resumes_if_it_has_begun_whatever_was_asked_of_the_sweep() -> None:
    assert with_resume(["seed=1"], begun=True) == ["seed=1", "resume=true"]
    assert with_resume(["resume=true", "seed=1"], begun=False) == ["seed=1"]
