"""What the doctor leaves beside a store."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hand_made import small_body
from sound_people import examined

from hpe.datasets.doctor.mesh import nearest_translation
from hpe.datasets.doctor.report import print_findings, write_findings
from hpe.datasets.doctor.sheet import LEFT, MARGIN, RIGHT, SIZE, draw_sheet
from hpe.datasets.store import Store
from hpe.geometry.crops import crop_affine, square_crop, transform_points
from hpe.joints import joint_set

GAP = 4
BODIES = {"neutral": small_body(0)}


def sheet(store: Store, **bodies: object) -> np.ndarray:
    return cv2.cvtColor(cv2.imread(str(draw_sheet(store, bodies))), cv2.COLOR_BGR2RGB)


def test_sides_are_drawn_in_two_colours_where_the_joints_are(folder: Path) -> None:
    store = Store.open(folder / "test.h5")
    drawn = sheet(store)
    assert drawn.shape == (2 * (SIZE + GAP) + GAP, 5 * (SIZE + GAP) + GAP, 3)
    row = np.sort(np.random.default_rng(0).choice(12, 10, replace=False))[0]
    places = transform_points(crop_affine(square_crop(store["box"][row], MARGIN)), store["joints2d"][row])
    left, right = ((places[[22, 23]] + 1) * SIZE / 2).round().astype(int) + GAP
    assert drawn[left[1], left[0]].tolist() == list(LEFT)
    assert drawn[right[1], right[0]].tolist() == list(RIGHT)


def test_arms_and_legs_are_drawn_of_joints_without_a_tree(folder: Path) -> None:
    store, names = Store.open(folder / "test.h5"), joint_set("smpl_24").names
    index = [names.index(name) if name in names else 0 for name in joint_set("coco_17").names]
    joints = {"joints2d": store["joints2d"][:, index], "confidence2d": np.array(index) * np.ones((12, 1))}
    drawn = sheet(replace(store, joint_set="coco_17", columns=store.columns | joints))
    row = np.sort(np.random.default_rng(0).choice(12, 10, replace=False))[0]
    thigh = store["joints2d"][row][[1, 4]].mean(0, keepdims=True)
    place = transform_points(crop_affine(square_crop(store["box"][row], MARGIN)), thigh)[0]
    x, y = ((place + 1) * SIZE / 2).round().astype(int) + GAP
    shades = np.abs(drawn[y - 1 : y + 2, x - 1 : x + 2].astype(int) - LEFT).sum(-1)
    assert shades.min() < 100  # a thin line, blended with what lies under it


def test_the_mesh_is_drawn_beside_each_person(folder: Path, spoiled: Callable[..., Store]) -> None:
    drawn = sheet(Store.open(folder / "test.h5"), **BODIES)
    assert drawn.shape == (5 * (SIZE + GAP) + GAP, 4 * (SIZE + GAP) + GAP, 3)
    without = sheet(spoiled(lambda columns: columns | {"has_smpl": np.zeros(12, bool)}), **BODIES)
    second = (slice(GAP, GAP + SIZE), slice(2 * GAP + SIZE, 2 * GAP + 2 * SIZE))
    assert (drawn[second] != without[second]).any()


def test_a_body_without_a_place_stands_where_its_joints_are_seen() -> None:
    points, translation = np.random.default_rng(0).normal(0, 0.4, (12, 3)), np.array([0.3, -0.2, 4.0])
    moved = points + translation
    pixels = 500 * moved[:, :2] / moved[:, 2:]
    np.testing.assert_allclose(nearest_translation(points, pixels, 500.0), translation, atol=1e-9)


def test_the_sheet_depends_on_its_seed_alone(folder: Path) -> None:
    store = Store.open(folder / "test.h5")
    first, again, other = (draw_sheet(store, {}, seed).read_bytes() for seed in (0, 0, 1))
    assert first == again
    assert first != other


def test_the_report_is_told_and_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "test/05.jpg").unlink()
    store, found = Store.open(folder / "test.h5"), examined(folder)
    print_findings(store, found)
    assert "pictures are there" in capsys.readouterr().out
    written = json.loads(write_findings(store, found).read_text())
    assert written["sound"] is False
    assert written["people"] == 12
    assert written["checks"]["pictures are there"]["verdict"] == "fault"
    assert written["checks"]["pictures are there"]["examples"] == ["test/05.jpg"]
    assert written["checks"]["units"]["verdict"] == "sound"
    assert sorted(path.name for path in folder.iterdir()) == ["test", "test.check.json", "test.h5", "train", "train.h5"]
