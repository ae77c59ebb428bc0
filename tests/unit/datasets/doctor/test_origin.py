"""What the manifest tells the doctor."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hpe.datasets.doctor.finding import Verdict
from hpe.datasets.doctor.origin import counts, unchanged
from hpe.datasets.manifest import read_manifest
from hpe.datasets.store import Store
from hpe.files.hashes import file_hash


@pytest.fixture
def store(folder: Path) -> Store:
    """The test split, with a manifest of one official file."""
    (folder / "labels.pkl").write_bytes(b"labels")
    files, path = {"labels.pkl": file_hash(folder / "labels.pkl")}, folder / "test.h5"
    said = {"published": 12, "files": files, "store": file_hash(path)}
    (folder / "test.manifest.json").write_text(json.dumps(said))
    return Store.open(path)


def test_all_is_as_it_was(store: Store, folder: Path) -> None:
    manifest = read_manifest(store.path)
    assert unchanged(store, manifest, folder).verdict is Verdict.SOUND
    assert counts(store, manifest).found == "12 people, published 12"


def test_people_beside_the_published_number(store: Store) -> None:
    manifest = read_manifest(store.path)
    assert manifest
    other = counts(store, manifest | {"published": 14})
    assert (other.verdict, other.found) == (Verdict.NOTE, "12 people, published 14")


def test_a_selection_beside_its_published_number(store: Store) -> None:
    chosen = {"select_trusted": np.arange(12) < 9}
    trusting, said = replace(store, columns=store.columns | chosen), {"published_selections": {"select_trusted": 9}}
    found = counts(trusting, said)
    assert (found.verdict, found.found) == (Verdict.SOUND, "12 people; 9 trusted, published 9")
    assert counts(trusting, said | {"published": 13}).verdict is Verdict.NOTE


def test_files_that_are_gone_or_have_changed_are_named(store: Store, folder: Path) -> None:
    manifest = read_manifest(store.path)
    (folder / "labels.pkl").write_bytes(b"others")
    changed = unchanged(store, manifest, folder)
    assert (changed.verdict, changed.examples) == (Verdict.FAULT, ("labels.pkl",))
    (folder / "labels.pkl").unlink()
    gone = unchanged(store, manifest, folder)
    assert (gone.verdict, gone.examples) == (Verdict.NOTE, ("labels.pkl",))


def test_a_store_that_is_not_the_manifests(store: Store, folder: Path) -> None:
    manifest = read_manifest(store.path)
    assert manifest
    assert unchanged(store, manifest | {"store": "another"}, folder).verdict is Verdict.FAULT
