"""The prediction store: what a system said about each person, a few hundred bytes each, to be scored at any time."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from hpe.datasets.store import Store
from hpe.errors import UserError, reason_of
from hpe.files.hashes import file_hash
from hpe.files.hdf5 import attribute, stored_dataset, write_attributes
from hpe.joints import joint_set
from hpe.scoring.prediction_schema import COLUMNS, SCHEMA, VERSION, checked

FILE_NAME = "predictions.h5"
ATTRIBUTES = ("dataset", "split", "body", "joint_set", "model", "data_hash", "checkpoint")
OPTIONAL = ("body", "data_hash", "checkpoint")
MEND = "predict or import again"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Predictions:
    """One system's predictions on one split, a row a person; `prediction_schema.COLUMNS` says which columns.

    `dataset` and `split` name the data store that `sample` points into, `data_hash` its SHA-256. `body` names the
    body that `pose` and `betas` are of, None where there is none; `joint_set` orders `joints3d` and `uncertainty`.
    `checkpoint` is the SHA-256 of the weights, None where they are not known. Raises UserError for columns that the
    schema does not allow.
    """

    dataset: str
    split: str
    body: str | None
    joint_set: str
    model: str
    columns: Mapping[str, np.ndarray]
    data_hash: str | None = None
    checkpoint: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", checked(self.columns, self.body, len(joint_set(self.joint_set))))

    def __len__(self) -> int:
        return len(self.columns["sample"])

    def __contains__(self, column: str) -> bool:
        return column in self.columns

    def __getitem__(self, column: str) -> np.ndarray:
        return self.columns[column]

    def not_finite(self) -> dict[str, int]:
        """How many people have a number that is NaN or infinite, by column; only columns with such people."""
        floats = {name: values for name, values in self.columns.items() if values.dtype.kind == "f"}
        counts = {name: int((~np.isfinite(v).reshape(len(self), -1).all(1)).sum()) for name, v in floats.items()}
        return {name: count for name, count in counts.items() if count}

    def check_rows(self, store: Store) -> None:
        """Raise UserError, naming the first fault, where `store` is not the one that the predictions are about."""
        mine, theirs = f"{self.dataset} {self.split}", f"{store.name} {store.split}"
        if mine != theirs:
            raise UserError(f"{store.path} is {theirs}, but the predictions are about {mine}")
        if self.data_hash is not None and file_hash(store.path) != self.data_hash:
            raise UserError(f"{store.path} is not the {mine} that was predicted (another SHA-256); {MEND}")
        rows = self["sample"]
        if rows.max() >= len(store):
            raise UserError(f"{store.path} has {len(store)} people, the predictions speak of row {rows.max()}; {MEND}")
        for name in ("sequence", "frame", "person"):
            if (wrong := self[name] != store[name][rows]).any():
                row = int(wrong.argmax())
                said, known = self[name][row], store[name][rows[row]]
                raise UserError(f"{store.path}, row {rows[row]}: {name} {known}, but predicted was {said}; {MEND}")

    def write(self, path: Path) -> Path:
        """Write the store, whole or not at all; the same predictions give the same bytes. Returns `path`."""
        self._report(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with h5py.File(unfinished, "w") as file:
                write_attributes(file, {"schema": SCHEMA, "version": VERSION, **self._attributes()})
                for name, values in self.columns.items():
                    file.create_dataset(name, data=_stored(values))
            return unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)

    def _attributes(self) -> dict[str, str]:
        return {name: value for name in ATTRIBUTES if (value := getattr(self, name)) is not None}

    def _report(self, path: Path) -> None:
        for name, count in self.not_finite().items():
            _log.warning("%s: %s is not finite for %d of %d people", path, name, count, len(self))

    @classmethod
    def read(cls, path: Path) -> "Predictions":
        """Read and check a store. Raises UserError, naming the file and the fault, for anything that is not one."""
        if not path.is_file():
            raise UserError(f"no predictions {path}; hpe.evaluate writes them, hpe.exchange imports others'")
        try:
            with h5py.File(path, "r") as file:
                attributes = _read_attributes(file)
                columns = {name: _read_column(file, name) for name in file}
                predictions = cls(columns=columns, **attributes)
        except UserError as error:
            raise UserError(f"{path}: {error}") from error
        except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
            raise UserError(f"{path}: cannot be read as predictions ({reason_of(error)}); {MEND}") from error
        predictions._report(path)
        return predictions


def _stored(values: np.ndarray) -> np.ndarray:
    """Text in bytes of a fixed length, because HDF5 keeps text of free length on a heap that bloats the file."""
    if values.dtype.kind != "U":
        return values
    text = np.char.encode(values, "utf-8")
    return text.astype(h5py.string_dtype("utf-8", text.itemsize))


def _read_attributes(file: h5py.File) -> dict[str, Any]:
    schema, version = attribute(file, "schema"), attribute(file, "version")
    if not isinstance(schema, str) or schema != SCHEMA:
        raise UserError(f"not predictions of hpe (attribute schema is not '{SCHEMA}'); {MEND}")
    if not isinstance(version, np.integer) or version != VERSION:
        raise UserError(f"predictions of version {version}, this hpe reads {VERSION}; {MEND}")
    values = {name: attribute(file, name) for name in ATTRIBUTES}
    for name, value in values.items():
        if not isinstance(value, str) and not (value is None and name in OPTIONAL):
            raise UserError(f"attribute '{name}' is missing or no text; {MEND}")
    return values


def _read_column(file: h5py.File, name: str) -> np.ndarray:
    """One column, if the file really holds what it declares: memory is bounded by the size of the file."""
    if name not in COLUMNS:
        raise UserError(f"unknown column '{name}'; {MEND}")
    try:
        dataset = stored_dataset(file, name)
    except UserError as error:
        raise UserError(f"{error}; {MEND}") from error
    return dataset.asstr()[:].astype(str) if COLUMNS[name].kind is str else dataset[:]
