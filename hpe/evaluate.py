"""`python -m hpe.evaluate checkpoint=FILE` or `predictions=FILE`: every metric of a protocol on one data set."""

from pathlib import Path

import lightning
from hydra.utils import instantiate
from omegaconf import DictConfig

from hpe.assembly import build_bodies, build_card, build_data, build_networks, build_system, with_body
from hpe.cli import door
from hpe.config import checked
from hpe.datasets.sources import named_store
from hpe.errors import UserError
from hpe.runs.checkpoints import Checkpoint
from hpe.runs.evaluation import device
from hpe.runs.fitting import make_loggers
from hpe.runs.folders import check_free
from hpe.runs.inference import compile_networks, ready
from hpe.runs.mean_person import known_person
from hpe.runs.quiet import silence_libraries
from hpe.runs.reporting import leave, make_record, measure, report
from hpe.runs.story import Story
from hpe.schemas import EvaluateConfig
from hpe.scoring.predictions import FILE_NAME, Predictions


@door("evaluate")
def main(config: DictConfig) -> float:
    """Evaluate a checkpoint, or predictions that were kept, beside the mean person. Returns MPJPE in mm."""
    if bool(config.checkpoint) == bool(config.predictions):
        raise UserError("give one of checkpoint=FILE (a .ckpt of hpe.train) and predictions=FILE (a predictions.h5)")
    silence_libraries()
    return _predicted_anew(config) if config.checkpoint else _predicted_before(config)


def _predicted_anew(config: DictConfig) -> float:
    checkpoint = Checkpoint.read(Path(config.checkpoint))
    config, story = checked(checkpoint.parts(config), EvaluateConfig), Story()
    check_free(Path(config.paths.run), resume=False)
    lightning.seed_everything(config.seed, verbose=False)
    card, networks = build_card(config), build_networks(config)
    data = build_data(config, networks[0])
    system = build_system(config, networks, instantiate(config.body))
    bodies = build_bodies(config, card, system.body)
    checkpoint.load_into(system)
    with story.part("data", f"preparing {', '.join(source.name for source in data.sources)}"):
        data.prepare_data()
    if config.compile:
        with story.part("compile", "compiling backbone and head"):
            compile_networks(ready(system.to(device())), data.batch_size)
    loggers = make_loggers(config)
    record = report(config, card, system, bodies, checkpoint.person, data, story, checkpoint.path, loggers)
    return record.metrics["mpjpe"]


def _predicted_before(config: DictConfig) -> float:
    """No network and no picture: from kept predictions and labels alone."""
    predictions = Predictions.read(Path(config.predictions))
    config, story = checked(with_body(config, predictions.body), EvaluateConfig), Story()
    run = Path(config.paths.run)
    check_free(run, resume=False)
    card, sources = build_card(config), list(instantiate(config.data.sources, _convert_="all").values())
    bodies = build_bodies(config, card, instantiate(config.body))
    with story.part("data", f"preparing {', '.join(source.name for source in sources)}"):
        for source in sources:
            if source.generate is not None:
                source.generate()
    store = named_store(sources, card.split, card.dataset)
    with story.part(card.split, f"scoring {len(predictions)} people by {card}"):
        result = measure(card, predictions, store, bodies, known_person(sources))
    predictions.write(run / FILE_NAME)
    record = make_record(config, result, story.seconds, skipped=[])
    leave(run, record, result, make_loggers(config), sheet=None)
    return record.metrics["mpjpe"]


if __name__ == "__main__":
    main()
