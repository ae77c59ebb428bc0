"""Whether a split is apart from the others: no sequence and no picture, under whichever name, in two of them."""

from collections.abc import Mapping
from typing import NamedTuple

from hpe.datasets.doctor.finding import Finding, fault, not_checked, sound
from hpe.datasets.doctor.pictures import Pictures
from hpe.datasets.store import Store

# Others, such as `all`, are made of these.
APART = ("train", "val", "test")


class Split(NamedTuple):
    """A store and what became of its pictures."""

    store: Store
    pictures: Pictures


def apart(name: str, splits: Mapping[str, Split]) -> Finding:
    """No sequence, and no picture by content, of the split called `name` is in another of train, val and test."""
    others = [other for other in APART if other in splits and other != name]
    if name not in APART or not others:
        return not_checked("no other split to be apart from")
    own = splits[name]
    for other in others:
        if both := sorted(_sequences(own.store) & _sequences(splits[other].store)):
            return fault(
                f"{len(both)} sequences are in {other} too", [f"{sequence}, {folder}" for sequence, folder in both]
            )
    for other in others:
        if same := _same_pictures(own.pictures, splits[other].pictures):
            return fault(f"{len(same)} pictures are in {other} too", same)
    return sound(f"no sequence and no picture is in {' or '.join(others)}")


def _sequences(store: Store) -> set[tuple[str, str]]:
    """Names of sequences and the folders of their pictures: data sets that number their sequences begin anew."""
    folders = [(store.image_root / name).parent.resolve() for name in store["image"].tolist()]
    return {(sequence, str(folder)) for sequence, folder in zip(store["sequence"].tolist(), folders, strict=True)}


def _same_pictures(first: Pictures, second: Pictures) -> list[str]:
    names = {picture.content: name for name, picture in second.items() if picture.content}
    same = {name: names[picture.content] for name, picture in first.items() if picture.content in names}
    return [name if name == other else f"{name} is {other}" for name, other in same.items()]
