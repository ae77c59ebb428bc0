"""HDF5 files of strangers: what they claim is held against what they store before memory is taken."""

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
