"""The main job, `python -m hpe.train`: body, data, training, evaluation, table, pictures."""

from pathlib import Path

import lightning
from hydra.utils import instantiate
from omegaconf import DictConfig

from hpe.assembly import build_data, build_networks, build_system
from hpe.cli import door
from hpe.config import TrainConfig, checked
from hpe.datasets.module import DataModule
from hpe.datasets.sources import open_stores
from hpe.estimator import Estimator
from hpe.runs.checkpoints import Checkpoint
from hpe.runs.fitting import fit, make_trainer, objective
from hpe.runs.folders import BEST, check_free
from hpe.runs.mean_person import mean_person
from hpe.runs.quiet import silence_libraries
from hpe.runs.reporting import report
from hpe.runs.story import Story


@door("train")
def main(config: DictConfig) -> float:
    """Train, then evaluate the best epoch on the test split. Returns the best validation MPJPE in mm."""
    config = checked(config, TrainConfig)
    run, story = Path(config.paths.run), Story()
    checkpoint = check_free(run, config.resume)
    silence_libraries()
    lightning.seed_everything(config.seed, verbose=False)
    system, data = prepare(config, story)
    person = mean_person(open_stores(data.sources, "train")[1])
    trainer = make_trainer(config, run, person)
    words = f"resuming {run}" if checkpoint else f"training {config.model.name} in {run}"
    with story.part("train", words):
        fit(trainer, system, data, checkpoint)
    if trainer.is_global_zero:
        best = run / BEST if (run / BEST).is_file() else None
        if best:
            Checkpoint.read(best).load_into(system)
        report(config, system, person, data.test_dataloader(), "test", story, best, trainer.loggers)
    return objective(trainer)


def prepare(config: DictConfig, story: Story) -> tuple[Estimator, DataModule]:
    """System and data, the quick checks before the slow work."""
    networks = build_networks(config)
    data = build_data(config, networks[0])
    with story.part("body", "loading the body"):
        body = instantiate(config.body)
    with story.part("data", f"preparing {', '.join(source.name for source in data.sources)}"):
        data.prepare_data()
    return build_system(config, networks, body), data


if __name__ == "__main__":
    main()
