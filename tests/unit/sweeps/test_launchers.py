"""Launchers that Hydra knows, whose jobs go on where they ended."""

import pickle
import re
from pathlib import Path

import cloudpickle
import hydra
import pytest
from hydra.core.plugins import Plugins
from omegaconf import DictConfig

from hpe.config import config_folder
from hpe.errors import UserError
from hpe.sweeps.launchers import LocalSweep, SlurmSweep, with_resume


def composed(*overrides: str) -> DictConfig:
    with hydra.initialize_config_dir(str(config_folder()), version_base="1.3"):
        return hydra.compose("train", list(overrides), return_hydra_config=True).hydra.launcher


@pytest.mark.parametrize(("choice", "kind"), [("local", LocalSweep), ("slurm", SlurmSweep)])
def test_hydra_makes_the_launcher_that_a_config_names_and_it_travels(choice: str, kind: type) -> None:
    launcher = Plugins.instance()._instantiate(composed(f"hydra/launcher={choice}"))
    assert type(launcher) is kind
    assert type(pickle.loads(cloudpickle.dumps(launcher))) is kind


def test_a_slurm_job_that_would_be_warned_while_it_begins_is_refused() -> None:
    composed_for = ("hydra/launcher=slurm", "hydra.launcher.signal_delay_s=300")
    Plugins.instance()._instantiate(composed(*composed_for, "hydra.launcher.timeout_min=8")).check()
    with pytest.raises(UserError, match=r"timeout_min=7 is too short to be warned signal_delay_s=300 before"):
        Plugins.instance()._instantiate(composed(*composed_for, "hydra.launcher.timeout_min=7")).check()


def test_a_job_resumes_if_it_has_begun_whatever_was_asked_of_the_sweep() -> None:
    assert with_resume(["seed=1"], begun=True) == ["seed=1", "resume=true"]
    assert with_resume(["resume=true", "seed=1"], begun=False) == ["seed=1"]


def test_the_clusters_that_the_documentation_works_out_are_configs(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs/sweeps.md").read_text()
    single, many = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    folder = tmp_path / "hydra/launcher"
    folder.mkdir(parents=True)
    (folder / "lab.yaml").write_text(single)
    (folder / "centre.yaml").write_text(many)
    lab = composed(f"hydra.searchpath=[file://{tmp_path}]", "hydra/launcher=lab")
    assert (lab.nodes, lab.tasks_per_node, lab.gpus_per_node, lab.max_num_timeout) == (1, 1, 1, 20)
    of_four = ["trainer=ddp", "trainer.devices=8", "+trainer.num_nodes=4"]
    centre = composed(f"hydra.searchpath=[file://{tmp_path}]", "hydra/launcher=centre", *of_four)
    assert (centre.nodes, centre.tasks_per_node, centre.gpus_per_node, centre.signal_delay_s) == (4, 8, 8, 300)
