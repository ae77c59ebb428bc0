"""What a trial leaves behind: errors a row, and a record of all numbers and of where they come from."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from omegaconf import DictConfig, OmegaConf

from benchmarks.occlusion.models import Model
from benchmarks.occlusion.occluders import Occluder
from benchmarks.occlusion.provenance import provenance, write_text, write_whole
from benchmarks.occlusion.trial import Trial
from hpe.datasets.store import Store
from hpe.files.hashes import file_hash
from hpe.metrics.card import ProtocolCard

SETTINGS = ("people", "kinds", "sizes", "edges", "area_to", "fewest", "seed")


@dataclass(frozen=True)
class Result:
    """A trial and what came of it: `errors` a row a system, person and occluder, `numbers` as `numbers.Said`."""

    config: DictConfig
    models: Sequence[Model]
    card: ProtocolCard
    store: Store
    kinds: Mapping[str, Occluder]
    trial: Trial
    errors: pd.DataFrame
    numbers: pd.DataFrame

    def write(self, run: Path) -> None:
        """`errors.parquet` and `curves.json` in the run folder."""
        write_whole(run / "errors.parquet", lambda file: self.errors.to_parquet(file, index=False))
        write_text(run / "curves.json", json.dumps(self.record(), indent=1, allow_nan=False) + "\n")

    def record(self) -> dict[str, Any]:
        """Numbers with null for NaN, provenance, data, protocol, occluders, settings, and what was left out."""
        chosen = OmegaConf.to_container(self.config, resolve=True)
        assert isinstance(chosen, dict)
        store, card = self.store, self.card
        data = {"name": store.name, "split": store.split, "store": str(store.path), "sha256": file_hash(store.path)}
        return provenance(self.models) | {
            "data": data,
            "protocol": {"name": card.name, "hash": card.hash, "fields": card.moving},
            "occluders": {name: kind.origin for name, kind in self.kinds.items()},
            "settings": {name: chosen[name] for name in SETTINGS},
            **self.left_out(),
            "skipped_pictures": self.trial.skipped,
            "numbers": json.loads(self.numbers.to_json(orient="records")),
        }

    def left_out(self) -> dict[str, int]:
        """Pictures of a person behind an occluder that are in no number, or in no bin."""
        undefined = self.errors[self.card.metrics[0]].isna().sum() // len(self.models)
        unknown = self.trial.shown["occlusion"].isna().sum()
        return {"pictures_without_errors": int(undefined), "pictures_of_unknown_occlusion": int(unknown)}
