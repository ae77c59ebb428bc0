"""A data set among those that a run reads: where it lies, how much of it, and how to get it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hpe.datasets.packing import pack
from hpe.datasets.preparation import prepare
from hpe.datasets.readers.reader import FilesMissing, Reader
from hpe.datasets.store import Store
from hpe.errors import UserError, did_you_mean


@dataclass(frozen=True)
class Source:
    """A prepared data set: a folder `root` with `<split>.h5` for each split.

    `ratio` is its share of a training mixture; None: what others leave, by size. `splits` are those for which this run
    reads it. `licence` and `obtain` tell a user without the data what to get, and where. `reader` makes the stores out
    of the official files. `generate`, for data that can be made on the spot, is called before training and makes the
    stores unless they are there.

    Raises UserError for a ratio that is not above 0.
    """

    name: str
    root: str
    ratio: float | None = 1.0
    splits: Sequence[str] = ("train", "val", "test")
    licence: str = ""
    obtain: str = ""
    reader: Reader | None = None
    generate: Callable[[], object] | None = None

    def __post_init__(self) -> None:
        if self.ratio is not None and self.ratio <= 0:
            raise UserError(f"data set {self.name}: ratio is {self.ratio}; it must be above 0, or null")

    def prepare(self, workers: int) -> None:
        """Make the stores of all splits. Raises UserError where there is nothing to make them from."""
        if self.generate is not None:
            self.generate()
            return
        if self.reader is None:
            raise UserError(f"data set {self.name} has no reader: write its stores into {self.root}; {self.obtain}")
        try:
            self.read(self.reader, workers)
        except FilesMissing as error:
            raise UserError("; ".join([str(error), *self._terms()])) from error

    def read(self, reader: Reader, workers: int) -> None:
        """Make the stores of all splits out of the official files. Raises UserError as `prepare` does."""
        for split in reader.splits:
            prepare(self.name, reader, split, Path(self.root).expanduser(), workers)

    def pack(self) -> None:
        """Pack the pictures of all splits that are there. Raises UserError where pictures are missing."""
        for path in sorted(Path(self.root).expanduser().glob("*.h5")):
            pack(Store.open(path))

    def open(self, split: str) -> Store:
        """The store of a split. Raises UserError saying what to get where it is missing."""
        path = Path(self.root).expanduser() / f"{split}.h5"
        if not path.is_file():
            steps = [*self._terms(), f"run: python -m hpe.prepare data={self.name}"]
            raise UserError(f"data set {self.name}: no {path.name} in {path.parent.resolve()}; {'; '.join(steps)}")
        return Store.open(path)

    def _terms(self) -> list[str]:
        """Under which licence the official files are, and how to get them."""
        return [*([f"licence: {self.licence}"] if self.licence else []), *([self.obtain] if self.obtain else [])]


def open_stores(sources: Sequence[Source], split: str) -> tuple[list[Source], list[Store]]:
    """The sources that take part in a split, and their stores. Raises UserError where there is none."""
    taking_part = [source for source in sources if split in source.splits]
    if not taking_part:
        raise UserError(f"no data set for split '{split}' among: {', '.join(source.name for source in sources)}")
    return taking_part, [source.open(split) for source in taking_part]


def shares(sources: Sequence[Source], sizes: Sequence[int]) -> list[float]:
    """Shares of a mixture, which need not sum to 1: the ratios, and for sources without one what is left of 1, by size.

    Raises UserError where nothing is left.
    """
    given = sum(source.ratio for source in sources if source.ratio is not None)
    people = sum(size for source, size in zip(sources, sizes, strict=True) if source.ratio is None)
    if people and given >= 1:
        names = ", ".join(source.name for source in sources if source.ratio is None)
        raise UserError(f"ratios of the mixture sum to {given:g}, which leaves nothing for {names}: give them a ratio")
    parts = zip(sources, sizes, strict=True)
    return [(1 - given) * size / people if source.ratio is None else source.ratio for source, size in parts]


def named_store(sources: Sequence[Source], split: str, name: str) -> Store:
    """The store of a split that is called `name`. Raises UserError where none of the sources is."""
    stores = {store.name: store for store in open_stores(sources, split)[1]}
    if name not in stores:
        raise UserError(
            f"no data set '{name}' in split '{split}', which the protocol is for; {did_you_mean(name, stores)}"
        )
    return stores[name]
