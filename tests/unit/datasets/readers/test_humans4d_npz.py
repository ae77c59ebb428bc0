"""Archives of 4D-Humans and TokenHMR, arrays of objects among them, and what comes out."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hand_made import preset

from hpe.datasets.readers.humans4d_npz import Humans4DNpz
from hpe.datasets.store import Store, write_store
from hpe.errors import UserError
from hpe.geometry.crops import square_crop
from hpe.scoring.card_rows import check_data, selection

PEOPLE = 4
NAMES = [f"imageFiles/walk_00/image_{frame:05}.jpg" for frame in (0, 1, 0, 1)]


def annotations() -> dict[str, Any]:
    random = np.random.default_rng(0)
    spatial = {"body_keypoints_3d": (PEOPLE, 25, 4), "extra_keypoints_3d": (PEOPLE, 19, 4)}
    return {
        "imgname": np.array([name.encode() for name in NAMES], dtype=object),
        "center": random.uniform(30, 60, (PEOPLE, 2)),
        "scale": random.uniform(40, 90, (PEOPLE, 2)),
        "body_pose": random.normal(0, 0.4, (PEOPLE, 72)).astype(np.float32),
        "has_body_pose": np.array([1, 1, 1, 0]),
        "betas": random.normal(size=(PEOPLE, 10)).astype(np.float32),
        "has_betas": np.array([1, 1, 0, 0]),
        "body_keypoints_2d": random.uniform(0.1, 1, (PEOPLE, 25, 3)),
        "extra_keypoints_2d": random.uniform(0.1, 1, (PEOPLE, 19, 3)),
        **{key: random.uniform(0.1, 1, shape) for key, shape in spatial.items()},
        "extra_info": np.array([{"source": "3dpw"}] * PEOPLE, dtype=object),
        "personid": np.array([0, 0, 1, 1]),
    }


def read(folder: Path, said: dict[str, Any], **settings: str) -> dict[str, np.ndarray]:
    np.savez(folder / "3dpw_test.npz", allow_pickle=True, **said)
    reader = Humans4DNpz(str(folder), file="3dpw_test.npz", split="test", **settings)
    return dict(reader.read("test", reader.parts("test")[0]))


def test_the_numbers_come_back(tmp_path):
    said = annotations()
    people = read(tmp_path, said)
    assert people["image"].tolist() == NAMES
    assert people["person"].tolist() == [0, 0, 1, 1]
    assert people["has_smpl"].tolist() == [True, True, False, False]
    np.testing.assert_array_equal(people["pose"][:2], said["body_pose"][:2])
    np.testing.assert_array_equal(people["betas"][:2], said["betas"][:2])
    for dimensions in (2, 3):
        parts = [said[f"{kind}_keypoints_{dimensions}d"] for kind in ("body", "extra")]
        points, confidence = people[f"joints{dimensions}d"], people[f"confidence{dimensions}d"]
        known = confidence > 0
        np.testing.assert_array_equal(points[known], np.concatenate(parts, axis=1)[..., :dimensions][known])
        assert known.all(0).sum() == (44 if dimensions == 2 else 30)
    assert not people["confidence3d"][:, 1:15].any()
    np.testing.assert_allclose(square_crop(people["box"][0], 1.2), [*said["center"][0], said["scale"][0].max()])


def test_a_side_may_be_one_number_and_keypoints_may_be_missing(tmp_path):
    said = {key: values for key, values in annotations().items() if "keypoints" not in key}
    people = read(tmp_path, said | {"scale": np.full(PEOPLE, 60.0)})
    np.testing.assert_allclose(people["box"][:, 2:], 50)
    assert "joints2d" not in people


def test_a_joint_without_confidence_may_be_anything(tmp_path):
    said = annotations()
    said["extra_keypoints_3d"][0, 0] = [np.nan, np.nan, np.nan, 0]
    people = read(tmp_path, said)
    assert people["confidence3d"][0, 25] == 0
    assert not people["joints3d"][0, 25].any()


def test_the_card_of_4d_humans_takes_the_store(tmp_path):
    people = read(tmp_path, annotations(), selection="hmr2_npz") | {"image_size": np.full((PEOPLE, 2), 100)}
    write_store(tmp_path / "test.h5", people, name="3dpw", split="test", joints="hmr2_44")
    store, card = Store.open(tmp_path / "test.h5"), preset("hmr2_3dpw")
    check_data(card, store, {})
    assert selection(card, "frames", store).sum() == PEOPLE


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scale": np.zeros((PEOPLE, 3))}, "'scale' has 3 numbers a person, expected 1 or 2"),
        ({"has_betas": np.ones(3)}, "'has_betas' has shape 3, expected 4 rows"),
        ({"personid": np.full(PEOPLE, 0.5)}, "'personid' is no whole number from 0 to"),
        ({"betas": np.full((PEOPLE, 10), np.nan)}, "column 'betas', row 0: not finite"),
        (
            {"body_keypoints_2d": np.zeros((PEOPLE, 24, 3))},
            "'body_keypoints_2d' has shape 4 x 24 x 3, expected 4 x 25 x 3",
        ),
        ({"center": np.array([{}] * PEOPLE, dtype=object)}, "'center' is no array of numbers"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path, change, words):
    with pytest.raises(UserError, match=words) as caught:
        read(tmp_path, annotations() | change)
    assert "\n" not in str(caught.value)
