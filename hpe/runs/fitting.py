"""Training by Lightning, so that Ctrl-C and a resumed run end as they should."""

import sys
from pathlib import Path

import lightning
import torch
from hydra.utils import instantiate
from lightning.pytorch.callbacks import ModelCheckpoint
from lightning.pytorch.loggers import Logger
from omegaconf import DictConfig

from hpe.datasets.module import DataModule
from hpe.estimator import OBJECTIVE, Estimator
from hpe.runs.callbacks import CountSkipped, EpochLine, ReseedEachStep
from hpe.runs.checkpoints import KeepState, keepers
from hpe.runs.interrupts import HeedInterrupts
from hpe.runs.progress import ReportProgress
from hpe.types import HeadOutput


def make_trainer(config: DictConfig, run: Path, person: HeadOutput) -> lightning.Trainer:
    """The trainer of a run in the folder `run`; the mean `person` goes into its checkpoints with the config."""
    callbacks = [
        HeedInterrupts(),
        ReseedEachStep(config.seed),
        CountSkipped(),
        EpochLine(),
        ReportProgress(run),
        KeepState(config, person),
        *keepers(run),
    ]
    make = instantiate(config.trainer, _partial_=True)
    # A bar in a log file is thousands of lines that nobody reads.
    watched = sys.stdout.isatty() and config.trainer.get("enable_progress_bar", True)
    return make(callbacks=callbacks, logger=make_loggers(config), enable_progress_bar=watched)


def make_loggers(config: DictConfig) -> list[Logger]:
    """The loggers of a run that could start."""
    loggers: list[Logger | None] = [instantiate(logger) for logger in config.logger.values()]
    return [logger for logger in loggers if logger is not None]


def fit(trainer: lightning.Trainer, system: Estimator, data: DataModule, checkpoint: Path | None) -> None:
    """Train, from `checkpoint` on if there is one. Raises KeyboardInterrupt where the user ended it."""
    try:
        trainer.fit(system, datamodule=data, ckpt_path=checkpoint, weights_only=True)
    except SystemExit:
        # Lightning turns Ctrl-C into an exit of its own.
        if trainer.interrupted:
            raise KeyboardInterrupt from None
        raise
    # What follows is the first process's alone; in a group, samplers would still share the samples out.
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


def objective(trainer: lightning.Trainer) -> float:
    """What a sweep minimises: the best validation MPJPE in mm."""
    keeper = trainer.checkpoint_callback
    assert isinstance(keeper, ModelCheckpoint)
    best = keeper.best_model_score
    return float(trainer.callback_metrics[OBJECTIVE] if best is None else best)
