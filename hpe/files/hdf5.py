"""HDF5 files of strangers: what they claim is held against what they store before memory is taken."""

from collections.abc import Mapping
from typing import Any

import h5py

from hpe.errors import UserError


def stored_dataset(file: h5py.File, name: str, where: str = "") -> h5py.Dataset:
    """The data set `name`, if the file holds the numbers or text that it declares: its size then bounds the memory.

    Raises UserError, which begins with `where`, for a group, a link or a view into another file, text on the heap,
    what is not there in full, and what filters make larger than it is stored.
    """
    own = isinstance(file.get(name, getlink=True), h5py.HardLink) and isinstance(file[name], h5py.Dataset)
    dataset = file[name] if own else None
    if dataset is None or dataset.shape is None or dataset.dtype.kind == "O" or dataset.external or dataset.is_virtual:
        raise UserError(f"{where}column '{name}' is not stored in this file as plain numbers or text")
    if dataset.id.get_storage_size() < dataset.nbytes:
        raise UserError(f"{where}column '{name}' is not stored in full in this file")
    return dataset


def write_attributes(file: h5py.File, attributes: Mapping[str, Any]) -> None:
    """Set words and numbers; words of a fixed length, as others lie on a heap, whose damage HDF5 follows for ever."""
    for name, value in attributes.items():
        text = value.encode() if isinstance(value, str) else b""
        kind = h5py.string_dtype("utf-8", max(1, len(text))) if isinstance(value, str) else None
        file.attrs.create(name, value if kind is None else text, dtype=kind)


def attribute(file: h5py.File, name: str) -> Any:
    """An attribute that is one word or number; None for anything else, which HDF5 could take hours to read."""
    if name not in file.attrs or file.attrs.get_id(name).shape != ():
        return None
    value = file.attrs[name]
    return value.decode() if isinstance(value, bytes) else value
