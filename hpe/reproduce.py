"""`python -m hpe.reproduce model=NAME checkpoint=FILE`: are these the weights of the paper?"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import lightning
from hydra.utils import instantiate
from omegaconf import DictConfig

from hpe.assembly import build_bodies, build_card, build_data, build_system
from hpe.backbones.backbone import Backbone
from hpe.bodies.body import Body
from hpe.cli import door
from hpe.config import checked, config_folder
from hpe.datasets.module import DataModule
from hpe.datasets.sources import named_store
from hpe.errors import UserError, did_you_mean
from hpe.estimator import Estimator
from hpe.heads.head import Head
from hpe.metrics.card import ProtocolCard, differences
from hpe.released.load_report import LoadReport
from hpe.released.published_file import read_published
from hpe.released.systems import load_composed
from hpe.runs.checkpoints import keep_weights
from hpe.runs.fitting import make_loggers
from hpe.runs.folders import check_free
from hpe.runs.mean_person import known_person
from hpe.runs.published_rows import published_rows
from hpe.runs.quiet import silence_libraries
from hpe.runs.reporting import leave, observe
from hpe.runs.story import Story
from hpe.runs.verdict import PublishedRow, judge
from hpe.runs.verdict_table import print_verdict
from hpe.schemas import ReproduceConfig
from hpe.scoring.score import check_card
from hpe.scoring.stand_in import for_store

_log = logging.getLogger("hpe.reproduce")  # not __name__, which is __main__ here

RELEASED = Path("checkpoints/released.ckpt")


@door("released/reproduce")
def main(config: DictConfig) -> float:
    """Load released weights, evaluate under the paper's card, judge by the published row. Returns MPJPE in mm."""
    config, story = checked(config, ReproduceConfig), Story()
    check_free(Path(config.paths.run), resume=False)
    silence_libraries()
    lightning.seed_everything(config.seed, verbose=False)
    rows, (networks, report) = _rows(config), _load(config)
    card, data, system, bodies = _prepare(config, networks)
    person, path = known_person(data.sources), Path(config.checkpoint)
    if person is not None:
        kept = keep_weights(Path(config.paths.run) / RELEASED, config, person, system)
        _log.info("the same weights for hpe.evaluate, hpe.predict, benchmarks.occlusion: %s", kept)
    record, result, sheet = observe(config, card, system, bodies, person, data, story, path)
    measured, apart = {name: record.metrics[name] for name in card.metrics}, _unlike_the_paper(config, card)
    verdict = judge(rows, config.row, measured, record.intervals, config.tolerance, not apart)
    doubts = [*apart, *([card.doubt] if card.doubt else []), *report.doubts]
    record = replace(record, verdict=verdict.plain() | {"doubts": doubts, "tensors": report.counts})
    leave(Path(config.paths.run), record, result, make_loggers(config), sheet)
    print_verdict(verdict, doubts)
    return record.metrics["mpjpe"]


def _rows(config: DictConfig) -> list[PublishedRow]:
    """The published rows, once the claimed one is known to be among them and to be measured."""
    try:
        from benchmarks.published import published  # a clone has it, an installed package does not
    except ModuleNotFoundError as error:
        raise UserError("the published numbers are in benchmarks/ of a clone: run this command there") from error
    rows = {row.name: row for row in published_rows(published(), config.released.rows)}
    if config.row not in rows:
        raise UserError(f"no published row '{config.row}' of {config.model.name}; {did_you_mean(config.row, rows)}")
    if not rows[config.row].numbers.keys() & set(config.protocol.metrics):
        raise UserError(f"protocol {config.protocol.name} measures nothing of row '{config.row}'; choose another")
    return list(rows.values())


def _load(config: DictConfig) -> tuple[tuple[Backbone, Head], LoadReport]:
    """The networks with released weights; says what became of all tensors. Raises UserError where they misfit."""
    if not config.checkpoint:
        raise UserError(f"give checkpoint=FILE, the weights of {config.model.name} as their authors give them out")
    networks, report = load_composed(config, read_published(Path(config.checkpoint)))
    for line in (f"{config.checkpoint}:", *report.lines()):
        _log.info("%s", line)
    report.check(config.checkpoint)
    return networks, report


def _prepare(
    config: DictConfig, networks: tuple[Backbone, Head]
) -> tuple[ProtocolCard, DataModule, Estimator, Mapping[str, Body]]:
    """The protocol as far as the data know its people, data, system, and the bodies that the protocol needs."""
    card, data = build_card(config), build_data(config, networks[0])
    system = build_system(config, networks, instantiate(config.body))
    store = named_store(data.sources, card.split, card.dataset)
    card = for_store(card, store, config.released.otherwise)
    bodies = build_bodies(config, card, system.body)
    check_card(card, store, bodies)
    return card, data, system, bodies


def _unlike_the_paper(config: DictConfig, card: ProtocolCard) -> list[str]:
    """What is not as in the paper's own protocol."""
    paper = ProtocolCard.read(config_folder() / f"protocol/{config.released.protocol}.yaml")
    return [
        f"{field} is {ours}, {theirs} in the paper's protocol {paper.name}"
        for field, (theirs, ours) in differences(paper, card).items()
    ]


if __name__ == "__main__":
    main()
