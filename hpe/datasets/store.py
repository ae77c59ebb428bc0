"""The store: one HDF5 file a split, annotations only; pictures stay files in a folder, or lie packed beside it."""

import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from hpe.datasets.images import read_bytes
from hpe.datasets.packs import Pack, pack_folder
from hpe.datasets.schema import SCHEMA, VERSION, check_names, check_shape, check_values, column
from hpe.errors import UserError, reason_of
from hpe.files.hdf5 import attribute, stored_dataset, write_attributes
from hpe.files.limits import check_memory
from hpe.joints import joint_set


def write_store(
    path: Path, columns: Mapping[str, Any], *, name: str, split: str, joints: str, image_root: str = ""
) -> None:
    """Write a store so that the same columns give the same bytes; the file appears whole or not at all.

    `joints` is the joint set of the joint columns; `image_root` is relative to the store's folder, or absolute.
    Raises UserError for columns that the schema does not allow.
    """
    check_names(set(columns), str(path))
    kinds = {key: column(key).kind for key in columns}
    arrays = {key: np.asarray(columns[key], None if kind is str else kind) for key, kind in kinds.items()}
    for key, values in arrays.items():
        check_shape(key, values.shape, values.dtype.kind, len(arrays["image"]), len(joint_set(joints)), str(path))
    check_values(arrays, str(path))
    attributes = {"schema": SCHEMA, "version": VERSION, "name": name, "split": split, "joint_set": joints}
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(_image(attributes | {"image_root": image_root}, arrays))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _image(attributes: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> memoryview:
    """The file in memory: on a disk that fills up, HDF5 itself would end the process."""
    image = io.BytesIO()
    with h5py.File(image, "w") as file:
        write_attributes(file, attributes)
        for key in sorted(arrays):
            _write_column(file, key, arrays[key])
    return image.getbuffer()


def _write_column(file: h5py.File, key: str, values: np.ndarray) -> None:
    """Text goes in with a fixed length, because HDF5 keeps text of free length on a heap that bloats the file."""
    if column(key).kind is str:
        text = np.char.encode(values.astype(str), "utf-8")
        file.create_dataset(key, data=text.astype(h5py.string_dtype("utf-8", text.itemsize)))
    else:
        file.create_dataset(key, data=values, dtype=column(key).kind)


@dataclass(frozen=True)
class Store:
    """One split of a prepared data set, in memory. Rows are people in pictures."""

    path: Path
    name: str
    split: str
    joint_set: str
    image_root: Path
    columns: Mapping[str, np.ndarray]

    @classmethod
    def open(cls, path: Path, finite: bool = True) -> "Store":
        """Read and check a store; its values are left unchecked where they need not be `finite`.

        Raises UserError, naming file and column, for anything that is not one.
        """
        try:
            with h5py.File(path, "r") as file:
                return cls._read(path, file, finite)
        except (OSError, RuntimeError, KeyError, ValueError, TypeError, MemoryError) as error:
            reason = reason_of(error)
            raise UserError(f"{path}: cannot be read as a store ({reason}); prepare the data again") from error

    @classmethod
    def _read(cls, path: Path, file: h5py.File, finite: bool) -> "Store":
        name, split, joints, image_root = _attributes(path, file)
        check_names(set(file), str(path))
        stored = {key: stored_dataset(file, key, f"{path}: ") for key in file}
        rows = stored["image"].shape[0] if stored["image"].shape else 0
        for key, dataset in stored.items():
            check_shape(key, dataset.shape, dataset.dtype.kind, rows, len(joint_set(joints)), str(path))
        check_memory(sum(_bytes(dataset) for dataset in stored.values()), str(path))
        columns = {key: _column(dataset) for key, dataset in stored.items()}
        if finite:
            check_values(columns, str(path))
        return cls(path, name, split, joints, path.parent / image_root, columns)

    def __len__(self) -> int:
        return len(self.columns["image"])

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def __getitem__(self, name: str) -> np.ndarray:
        return self.columns[name]

    def picture(self, name: str) -> tuple[bytes, str]:
        """A picture of the store as it is encoded, and where it is kept. Raises UnreadableImage where it is not."""
        if self._pack is not None:
            return self._pack.read(name), f"{self._pack.folder}/{name}"
        path = os.path.join(self.image_root, name)
        return read_bytes(path), path

    @cached_property
    def _pack(self) -> Pack | None:
        folder = pack_folder(self.path)
        return Pack.open(folder) if folder.is_dir() else None

    def __reduce__(self) -> tuple[Callable[[Path], "Store"], tuple[Path]]:
        """Pickled as its path: a worker that is not forked reads the file itself."""
        return Store.open, (self.path,)


def _attributes(path: Path, file: h5py.File) -> tuple[str, str, str, str]:
    schema, version = attribute(file, "schema"), attribute(file, "version")
    if not isinstance(schema, str) or schema != SCHEMA:
        raise UserError(f"{path}: not a store of hpe (attribute schema is not '{SCHEMA}'); prepare the data again")
    if not isinstance(version, np.integer) or version != VERSION:
        raise UserError(f"{path}: store version {version}, this hpe reads version {VERSION}; prepare the data again")
    words = {key: attribute(file, key) for key in ("name", "split", "joint_set")}
    words["image_root"] = attribute(file, "image_root") if "image_root" in file.attrs else ""
    if missing := [key for key, value in words.items() if not isinstance(value, str)]:
        raise UserError(f"{path}: attribute '{missing[0]}' is missing or no text; prepare the data again")
    return words["name"], words["split"], words["joint_set"], words["image_root"]


def _bytes(dataset: h5py.Dataset) -> int:
    """What a column takes in memory; text is first an object a row, then four bytes a character."""
    return dataset.nbytes if dataset.dtype.kind != "S" else 4 * dataset.nbytes + 100 * dataset.size


def _column(dataset: h5py.Dataset) -> np.ndarray:
    kind = column(dataset.name.lstrip("/")).kind
    return dataset.asstr()[:].astype(str) if kind is str else dataset[:].astype(kind, copy=False)
