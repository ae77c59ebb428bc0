"""What a prediction store is scored with: the data store that it is about, and bodies of its kind."""

from collections.abc import Mapping
from pathlib import Path

from hpe.bodies.anny import load_anny
from hpe.bodies.body import Body
from hpe.bodies.smpl_files import MODEL_NAMES, find_model, load_smpl
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.runs.records import FILE_NAME as RECORD
from hpe.runs.records import Record
from hpe.scoring.predictions import FILE_NAME as PREDICTIONS
from hpe.scoring.predictions import Predictions


def read_predictions(file: Path) -> Predictions:
    """Predictions from their own file, or from the folder of a result record. Raises UserError where there are none."""
    if file.name == RECORD:
        Record.read(file)
        return Predictions.read(file.with_name(PREDICTIONS))
    return Predictions.read(file)


def data_store(file: Path, predictions: Predictions, given: Path | None) -> Store:
    """The data store `given`, or the one that the run beside `file` read. Raises UserError where neither is there."""
    if given is not None:
        return Store.open(given)
    record = file.with_name(RECORD)
    sources = Record.read(record).config["data"]["sources"].values() if record.is_file() else ()
    for source in sources:
        path = Path(source["root"]).expanduser() / f"{predictions.split}.h5"
        if source["name"] == predictions.dataset and path.is_file():
            return Store.open(path)
    raise UserError(f"{file}: the store of {predictions.dataset} {predictions.split} is not at hand; give --data STORE")


def known_bodies(predictions: Predictions, smpl: Path) -> Mapping[str, Body]:
    """The body of the predictions, and where it is SMPL those of both genders whose files are in the folder `smpl`."""
    if predictions.body == "anny":
        return {"neutral": load_anny()}
    find_model(smpl.expanduser(), "neutral")
    return smpl_bodies(smpl)


def smpl_bodies(smpl: Path) -> Mapping[str, Body]:
    """SMPL by gender, as far as its files are in the folder `smpl`."""
    folder = smpl.expanduser()
    there = [gender for gender, names in MODEL_NAMES.items() if any((folder / name).is_file() for name in names)]
    return {gender: load_smpl(folder, gender) for gender in there}
