"""Training by Lightning, so that Ctrl-C and a resumed run end as they should."""

import sys
from pathlib import Path
from typing import Any, cast

import lightning
import torch
from hydra.utils import instantiate
from lightning.pytorch.callbacks import ModelCheckpoint
from lightning.pytorch.loggers import Logger, WandbLogger
from omegaconf import DictConfig, OmegaConf

from hpe.datasets.module import DataModule
from hpe.estimator import OBJECTIVE, Estimator
from hpe.runs.callbacks import CountSkipped, EpochLine, ReseedEachStep
from hpe.runs.checkpoints import KeepState, keepers
from hpe.runs.cluster import JobTasks, check_processes
from hpe.runs.epoch_ends import BeginNextEpoch
from hpe.runs.folders import LAST
from hpe.runs.interrupts import HeedInterrupts
from hpe.runs.metrics_file import KeepMetrics
from hpe.runs.norm_statistics import ShareStatistics
from hpe.runs.preemption import HeedPreemption
from hpe.runs.progress import ReportProgress
from hpe.runs.whole_checkpoints import WholeCheckpoints
from hpe.types import HeadOutput


def make_trainer(config: DictConfig, run: Path, person: HeadOutput, job: JobTasks | None) -> lightning.Trainer:
    """The trainer of a run in the folder `run`; the mean `person` goes into its checkpoints with the config.

    The tasks of the `job` are its processes. Raises UserError where these are others than the config asks for.
    """
    callbacks = [
        HeedInterrupts(),
        HeedPreemption(run / LAST),
        ReseedEachStep(config.seed),
        CountSkipped(),
        ShareStatistics(),
        BeginNextEpoch(),
        KeepMetrics(),
        EpochLine(),
        ReportProgress(run),
        KeepState(config, person),
        *keepers(run),
    ]
    make = instantiate(config.trainer, _partial_=True)
    # A bar in a log file is thousands of lines that nobody reads.
    watched = sys.stdout.isatty() and config.trainer.get("enable_progress_bar", True)
    plugins = [WholeCheckpoints(), *([job] if job else [])]
    trainer = make(callbacks=callbacks, logger=False, enable_progress_bar=watched, plugins=plugins)
    check_processes(trainer.num_devices, trainer.num_nodes, job)
    trainer.loggers = make_loggers(config)
    return trainer


def make_loggers(config: DictConfig) -> list[Logger]:
    """The loggers of a run that could start; Weights & Biases shows the config from then on."""
    made: list[Logger | None] = [instantiate(logger) for logger in config.logger.values()]
    loggers = [logger for logger in made if logger is not None]
    plain = cast(dict[str, Any], OmegaConf.to_container(config, resolve=True))
    for logger in loggers:
        if isinstance(logger, WandbLogger):
            logger.log_hyperparams(plain)
    return loggers


def fit(trainer: lightning.Trainer, system: Estimator, data: DataModule, checkpoint: Path | None) -> None:
    """Train, from `checkpoint` on if there is one.

    Raises KeyboardInterrupt where the user ended it, Preempted where the system wanted its place for others.
    """
    try:
        trainer.fit(system, datamodule=data, ckpt_path=checkpoint, weights_only=True)
    except SystemExit as ended:
        # Lightning turns Ctrl-C into an exit of its own.
        if isinstance(ended.__context__, KeyboardInterrupt):
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
