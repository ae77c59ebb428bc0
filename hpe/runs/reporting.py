"""What a run says at its end: the table, the pictures, the record in its folder."""

import logging
import shlex
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from hydra.core.hydra_config import HydraConfig
from lightning.pytorch.loggers import Logger, WandbLogger
from omegaconf import DictConfig, OmegaConf
from torch.utils.data import DataLoader

from hpe.estimator import Estimator
from hpe.metrics.card import ProtocolCard
from hpe.runs.evaluation import Evaluation, evaluate
from hpe.runs.pictures import draw_predictions
from hpe.runs.provenance import commit, file_hash, versions
from hpe.runs.records import Record
from hpe.runs.story import Story
from hpe.runs.table import print_result
from hpe.types import Batch, HeadOutput

_log = logging.getLogger(__name__)


def make_record(
    config: DictConfig, result: Evaluation, seconds: dict[str, float], split: str, checkpoint: Path | None
) -> Record:
    """The record of an evaluation under the Hydra job in hand."""
    state = HydraConfig.get()
    overrides = list(state.overrides.task)
    plain = OmegaConf.to_container(config, resolve=True)
    assert isinstance(plain, dict)
    card = ProtocolCard.of(plain["protocol"])
    return Record(
        metrics=result.system.means(),
        baseline=result.baseline.means(),
        undefined=result.system.undefined(),
        seconds=seconds,
        model=config.model.name,
        data=state.runtime.choices["data"],
        split=split,
        seed=config.seed,
        samples=result.samples,
        skipped=result.skipped,
        sequences=result.sequences,
        card=asdict(card),
        card_hash=card.hash,
        command=shlex.join(["python", "-m", f"hpe.{state.job.name}", *overrides]),
        checkpoint=file_hash(checkpoint) if checkpoint else None,
        commit=commit(),
        versions=versions(),
        overrides=overrides,
        config={str(key): value for key, value in plain.items()},
    )


def report(
    config: DictConfig,
    system: Estimator,
    person: HeadOutput,
    loader: DataLoader[Batch],
    split: str,
    story: Story,
    checkpoint: Path | None,
    loggers: Sequence[Logger],
) -> Record:
    """Evaluate, print the table, draw the pictures, and leave the record in the run folder, last of all."""
    run = Path(config.paths.run)
    with story.part(split, f"evaluating on the {split} split"):
        result = evaluate(system, person, loader)
    with story.part("pictures", f"drawing predictions into {run / 'pictures'}"):
        sheet = draw_predictions(system, loader, config.pictures, run / "pictures")
    record = make_record(config, result, story.seconds, split, checkpoint)
    log_result(loggers, record, sheet)
    print_result(record)
    _log.info("record: %s", record.write(run))
    return record


def log_result(loggers: Sequence[Logger], record: Record, sheet: Path | None) -> None:
    """The numbers to every logger, the pictures to Weights & Biases."""
    for logger in loggers:
        logger.log_metrics({f"{record.split}/{name}": value for name, value in record.metrics.items()})
        if sheet and isinstance(logger, WandbLogger):
            logger.log_image("predictions", [str(sheet)])
        logger.finalize("success")
