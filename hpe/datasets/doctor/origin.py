"""What a store was made from, by its manifest: how many people it should have, and what has changed since."""

from pathlib import Path
from typing import Any

from hpe.datasets.doctor.finding import Finding, fault, not_checked, note, sound
from hpe.datasets.manifest import tells_of
from hpe.datasets.schema import SELECTION
from hpe.datasets.store import Store
from hpe.files.hashes import file_hash

Manifest = dict[str, Any]


def counts(store: Store, manifest: Manifest | None) -> Finding:
    """People, and those of selections, beside the numbers that the data set's authors or users count."""
    said = manifest or {}
    pairs = {"people": (len(store), said.get("published"))}
    for key, number in said.get("published_selections", {}).items():
        pairs[key.removeprefix(SELECTION)] = int(store[key].sum()), number
    if all(number is None for _, number in pairs.values()):
        return not_checked(f"{len(store)} people; no published number to hold them against")
    words = [
        f"{found} {name}{'' if number is None else f', published {number}'}" for name, (found, number) in pairs.items()
    ]
    alike = all(number in (None, found) for found, number in pairs.values())
    return (sound if alike else note)("; ".join(words))


def unchanged(store: Store, manifest: Manifest | None, root: Path) -> Finding:
    """Store and official files, which lie in `root`, are those of the manifest."""
    if manifest is None:
        return not_checked("no manifest: not made by hpe.prepare from official files")
    if not tells_of(manifest, store.path):
        return fault(f"{store.path.name} is not the file that its manifest tells of", [str(store.path)])
    files = {name: root / name for name in manifest.get("files", {})}
    if missing := [name for name, path in files.items() if not path.is_file()]:
        return note(f"{len(missing)} of {len(files)} official files are no longer in {root}", missing)
    if changed := [name for name, path in files.items() if file_hash(path) != manifest["files"][name]]:
        return fault(f"{len(changed)} official files have changed since: prepare again", changed)
    return sound(f"{len(files)} official files, as they were read")
