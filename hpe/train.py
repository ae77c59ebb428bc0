"""The main job, `python -m hpe.train`: body, data, training, evaluation, table, pictures."""

import math
from collections.abc import Mapping
from pathlib import Path

import lightning
from hydra.utils import instantiate
from omegaconf import DictConfig

from hpe.assembly import bodies_of_labels, build_bodies, build_card, build_data, build_networks, build_system
from hpe.bodies.body import Body
from hpe.cli import door
from hpe.config import checked
from hpe.datasets.module import DataModule
from hpe.datasets.sources import named_store, open_stores
from hpe.estimator import Estimator
from hpe.metrics.card import ProtocolCard
from hpe.runs.checkpoints import Checkpoint
from hpe.runs.cluster import join_job
from hpe.runs.fitting import fit, make_trainer, objective
from hpe.runs.folders import BEST, check_free
from hpe.runs.mean_person import mean_person
from hpe.runs.quiet import silence_libraries
from hpe.runs.reporting import report
from hpe.runs.story import Story
from hpe.schemas import TrainConfig
from hpe.scoring.score import check_card
from hpe.sweeps.preview import preview


@door("train")
def main(config: DictConfig) -> float:
    """Train, then evaluate the best epoch by the protocol. Returns the best validation MPJPE in mm, NaN if dry."""
    config, job = checked(config, TrainConfig), join_job()
    if config.dry_run:
        preview(config)
        return math.nan
    run, story = Path(config.paths.run), Story()
    checkpoint = check_free(run, config.resume)
    silence_libraries()
    lightning.seed_everything(config.seed, verbose=False)
    card = build_card(config)
    initial = Checkpoint.read(Path(config.initial)) if config.initial and not checkpoint else None
    system, data, bodies = prepare(config, card, story, initial)
    check_card(card, named_store(data.sources, card.split, card.dataset), bodies)
    person = mean_person(open_stores(data.sources, "train")[1])
    trainer = make_trainer(config, run, person, job)
    words = f"resuming {run}" if checkpoint else f"training {config.model.name} in {run}"
    with story.part("train", words):
        fit(trainer, system, data, checkpoint)
    if trainer.is_global_zero:
        best = run / BEST if (run / BEST).is_file() else None
        if best:
            Checkpoint.read(best).load_into(system)
        report(config, card, system, bodies, person, data, story, best, trainer.loggers)
    return objective(trainer)


def prepare(
    config: DictConfig, card: ProtocolCard, story: Story, initial: Checkpoint | None
) -> tuple[Estimator, DataModule, Mapping[str, Body]]:
    """System with `initial` weights, data and the bodies of the protocol, the quick checks before the slow work."""
    networks = build_networks(config)
    data = build_data(config, networks[0])
    with story.part("body", "loading the body"):
        bodies = build_bodies(config, card, instantiate(config.body))
        gendered = bodies_of_labels(config, data, bodies)
    system = build_system(config, networks, bodies["neutral"], gendered)
    if initial:
        initial.load_into(system)
    with story.part("data", f"preparing {', '.join(source.name for source in data.sources)}"):
        data.prepare_data()
    return system, data, bodies


if __name__ == "__main__":
    main()
