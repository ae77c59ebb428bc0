"""What an evaluation leaves behind: the table on the console, errors a person, pictures, the record in its folder."""

import logging
import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from hydra.core.hydra_config import HydraConfig
from lightning.pytorch.loggers import Logger, WandbLogger
from omegaconf import DictConfig, OmegaConf

from hpe.bodies.body import Body
from hpe.datasets.module import DataModule
from hpe.datasets.store import Store
from hpe.estimator import Estimator
from hpe.files.hashes import file_hash
from hpe.metrics.card import ProtocolCard
from hpe.runs.evaluation import constant, predict
from hpe.runs.loading import ERRORS
from hpe.runs.pictures import draw_predictions
from hpe.runs.provenance import commit, hardware, versions
from hpe.runs.records import Record
from hpe.runs.story import Story
from hpe.runs.table import print_result
from hpe.scoring.predictions import FILE_NAME as PREDICTIONS
from hpe.scoring.predictions import Predictions
from hpe.scoring.score import score
from hpe.scoring.summary import Summary, summarise
from hpe.types import HeadOutput

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Result:
    """Predictions scored under a card: errors a person, their summary, and the mean person's in the same way."""

    card: ProtocolCard
    predictions: Predictions
    store: Store
    errors: pd.DataFrame
    summary: Summary
    baseline: dict[str, float]


def measure(
    card: ProtocolCard,
    predictions: Predictions,
    store: Store,
    bodies: Mapping[str, Body],
    person: HeadOutput | None,
) -> Result:
    """Score predictions, and the mean `person` for everybody where one is known.

    Raises UserError as `score` does.
    """
    errors = score(predictions, store, card, bodies)
    summary = summarise(errors, card)
    baseline = dict.fromkeys(summary.metrics, np.nan)
    # A body says no joints of its own: where the card compares those, the baseline has none.
    if person is not None and card.regressor != "own":
        same = constant(predictions, person, bodies["neutral"].name)
        baseline = summarise(score(same, store, card, bodies), card).metrics
    return Result(card, predictions, store, errors, summary, baseline)


def make_record(config: DictConfig, result: Result, seconds: dict[str, float], skipped: Sequence[str]) -> Record:
    """The record of a result under the Hydra job in hand."""
    state, summary = HydraConfig.get(), result.summary
    overrides = list(state.overrides.task)
    plain = OmegaConf.to_container(config, resolve=True)
    assert isinstance(plain, dict)
    return Record(
        metrics=summary.metrics,
        baseline=result.baseline,
        intervals=summary.intervals,
        undefined=summary.undefined,
        seconds=seconds,
        model=result.predictions.model,
        data=state.runtime.choices["data"],
        split=result.card.split,
        seed=config.seed,
        samples=summary.samples,
        sequences=summary.sequences,
        skipped=list(skipped),
        card=asdict(result.card),
        card_hash=result.card.hash,
        command=shlex.join(["python", "-m", f"hpe.{state.job.name}", *overrides]),
        checkpoint=result.predictions.checkpoint,
        data_hash=file_hash(result.store.path),
        commit=commit(),
        versions=versions(),
        hardware=hardware(),
        overrides=overrides,
        config={str(key): value for key, value in plain.items()},
    )


def observe(
    config: DictConfig,
    card: ProtocolCard,
    system: Estimator,
    bodies: Mapping[str, Body],
    person: HeadOutput | None,
    data: DataModule,
    story: Story,
    checkpoint: Path | None,
) -> tuple[Record, Result, Path | None]:
    """Predict, keep the predictions, score them, draw some: the record, and the sheet of pictures if any was drawn."""
    run, loader = Path(config.paths.run), data.evaluation_loader(card.split, card.dataset)
    with story.part("predictions", f"predicting the {card.split} split"):
        made = predict(system, loader, config.model.name, file_hash(checkpoint) if checkpoint else None)
        made.predictions.write(run / PREDICTIONS)
    with story.part(card.split, f"scoring by {card}"):
        result = measure(card, made.predictions, made.store, bodies, person)
    with story.part("pictures", f"drawing predictions into {run / 'pictures'}"):
        sheet = draw_predictions(system, loader, config.pictures, run / "pictures")
    return make_record(config, result, story.seconds, made.skipped), result, sheet


def report(
    config: DictConfig,
    card: ProtocolCard,
    system: Estimator,
    bodies: Mapping[str, Body],
    person: HeadOutput | None,
    data: DataModule,
    story: Story,
    checkpoint: Path | None,
    loggers: Sequence[Logger],
) -> Record:
    """`observe`, and leave it all in the run folder."""
    record, result, sheet = observe(config, card, system, bodies, person, data, story, checkpoint)
    leave(Path(config.paths.run), record, result, loggers, sheet)
    return record


def leave(run: Path, record: Record, result: Result, loggers: Sequence[Logger], sheet: Path | None) -> None:
    """Write errors a person, log, print the table, and leave the record in the run folder, last of all."""
    write_errors(run / ERRORS, result.errors)
    log_result(loggers, record, result.errors, sheet)
    print_result(record)
    _log.info("record: %s", record.write(run))


def write_errors(path: Path, errors: pd.DataFrame) -> None:
    """Write errors a person as parquet, whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    errors.to_parquet(unfinished, index=False)
    unfinished.replace(path)


def log_result(loggers: Sequence[Logger], record: Record, errors: pd.DataFrame, sheet: Path | None) -> None:
    """The numbers to every logger, errors a person and the pictures to Weights & Biases."""
    for logger in loggers:
        logger.log_metrics({f"{record.split}/{name}": value for name, value in record.metrics.items()})
        if isinstance(logger, WandbLogger):
            from hpe.runs.wandb_run import log_evaluation

            log_evaluation(logger.experiment, record, errors)
            if sheet:
                logger.log_image("predictions", [str(sheet)])
        logger.finalize("success")
