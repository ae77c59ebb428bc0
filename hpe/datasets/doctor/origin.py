"""What a store was made from, by its manifest: how many people it should have, and what has changed since."""

from pathlib import Path
from typing import Any

from hpe.datasets.doctor.finding import Finding, fault, not_checked, note, sound
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.files.hashes import file_hash
from hpe.files.json_file import read_json

Manifest = dict[str, Any]


def read_manifest(store: Store) -> Manifest | None:
    """The manifest beside a store; None where there is none or it is not one."""
    try:
        found = read_json(store.path.with_name(f"{store.split}.manifest.json"))
    except UserError:
        return None
    return found if isinstance(found, dict) else None


def counts(store: Store, manifest: Manifest | None) -> Finding:
    """People beside the number that the data set's authors or users count."""
    published = manifest.get("published") if manifest else None
    if published is None:
        return not_checked(f"{len(store)} people; no published number to hold them against")
    words = f"{len(store)} people, published {published}"
    return sound(words) if len(store) == published else note(words)


def unchanged(store: Store, manifest: Manifest | None, root: Path) -> Finding:
    """Store and official files, which lie in `root`, are those of the manifest."""
    if manifest is None:
        return not_checked("no manifest: not made by hpe.prepare from official files")
    if manifest.get("store") != file_hash(store.path):
        return fault(f"{store.path.name} is not the file that its manifest tells of", [str(store.path)])
    files = {name: root / name for name in manifest.get("files", {})}
    if missing := [name for name, path in files.items() if not path.is_file()]:
        return note(f"{len(missing)} of {len(files)} official files are no longer in {root}", missing)
    if changed := [name for name, path in files.items() if file_hash(path) != manifest["files"][name]]:
        return fault(f"{len(changed)} official files have changed since: prepare again", changed)
    return sound(f"{len(files)} official files, as they were read")
