"""`python -m benchmarks.occlusion curves`: error against how much of people is hidden, of one or several systems."""

import logging
from collections.abc import Sequence
from pathlib import Path

from omegaconf import DictConfig

from benchmarks.occlusion.bins import Bins
from benchmarks.occlusion.config import CurvesConfig
from benchmarks.occlusion.kept import Result
from benchmarks.occlusion.kinds import occluders
from benchmarks.occlusion.models import Model, checkpoints, told_apart
from benchmarks.occlusion.numbers import numbers
from benchmarks.occlusion.provenance import not_resumed
from benchmarks.occlusion.report import report
from benchmarks.occlusion.scored import card_of, check, errors, scored_people
from benchmarks.occlusion.trial import trial
from hpe.cli import door
from hpe.datasets.sources import named_store
from hpe.errors import UserError
from hpe.runs.quiet import silence_libraries
from hpe.runs.story import Story

_log = logging.getLogger("hpe.occlusion")


@door("occlusion_curves", advice=not_resumed)
def main(config: DictConfig) -> None:
    """Occlude everybody, ask every system, and leave errors, numbers, tables and pictures in the run folder."""
    silence_libraries()
    bins, story = Bins(tuple(config.edges), config.area_to, config.fewest), Story()
    sizes = checked_sizes(config.sizes)
    models = told_apart([Model.read(path, config, CurvesConfig) for path in checkpoints(config)])
    config, card = models[0].config, card_of(models[0].config)
    with story.part("data", f"preparing {', '.join(config.data.sources)} and occluders"):
        models[0].data.prepare_data()
        store = named_store(models[0].data.sources, card.split, card.dataset)
        check(models, store, card)
        rows, kinds = scored_people(card, store, config.people), occluders(config)
    words = f"{len(rows)} people, {1 + len(kinds) * len(sizes)} pictures each, to {len(models)} systems"
    with story.part("trial", f"showing {words}"):
        shown = trial(models, store, rows, kinds, sizes, config.seed)
    with story.part("numbers", f"scoring by {card}"):
        scored = errors(shown, models, store, card)
        result = Result(config, models, card, store, kinds, shown, scored, numbers(scored, card.metrics, bins))
    run = Path(config.paths.run)
    result.write(run)
    report(run, result)
    _log.info("curves, tables, errors and a sheet of the occluders: %s", run)


def checked_sizes(sizes: Sequence[float]) -> list[float]:
    """The sizes of occluders. Raises UserError for one that is no share."""
    if not sizes or any(not 0 < size <= 1 for size in sizes):
        raise UserError(f"sizes={list(sizes)}: sizes are shares of the crop's side, above 0 and at most 1")
    return [float(size) for size in sizes]
