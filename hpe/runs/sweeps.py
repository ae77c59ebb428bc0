"""The end of a sweep: one table a protocol over its runs, mean and spread over seeds."""

from pathlib import Path
from typing import Any

from hydra.experimental.callback import Callback
from omegaconf import DictConfig

from hpe.runs.records import find
from hpe.runs.table import sweep_table


class SweepTable(Callback):
    """Prints the table of a multirun and writes it beside its runs: `sweep.csv`, or one file a protocol."""

    def on_multirun_end(self, config: DictConfig, **kwargs: Any) -> None:
        """Called by Hydra once every job has ended."""
        folder = Path(config.hydra.sweep.dir)
        records = list(find(folder).values())
        protocols = sorted({record.card_hash for record in records})
        for protocol in protocols:
            path = folder / ("sweep.csv" if len(protocols) == 1 else f"sweep_{protocol}.csv")
            sweep_table([record for record in records if record.card_hash == protocol]).to_csv(path)
            print(f"written to {path}")
