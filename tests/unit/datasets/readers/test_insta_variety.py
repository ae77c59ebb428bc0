"""Record files of InstaVariety as its authors wrote them: a clip a record, pictures and lists of joints."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from record_file import example, write

from hpe.datasets.readers.insta_variety import InstaVariety
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store
from hpe.errors import UserError

Stored = Callable[[Reader, str], Store]
NAME = "insta_variety_00_copy00_hmr_noS5.ckpt-642561.tfrecord"


def picture(shade: int, side: int = 224) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (side, side), (shade, 0, 0)).save(file, "JPEG")
    return file.getvalue()


def clip(frames: int, seed: int = 0, side: int = 224) -> dict[str, Any]:
    """A clip whose last frame shows nobody; joints are normalised, of each frame first all x, then all y."""
    random = np.random.default_rng(seed)
    body, face, toes = (random.uniform(-0.9, 0.9, (frames, 3, joints)) for joints in (14, 5, 6))
    for points in (face, toes):
        points[:, 2] = 0.5
        points[-1, 2] = 0
    seen = np.ones((frames, 14), dtype=int)
    seen[:, 3], seen[-1] = 0, 0
    return {
        "meta/N": np.array([frames]),
        "image/filenames": [f"/clips/{frame}.jpg".encode() for frame in range(frames)],
        "image/heightwidths": np.full((frames, 2), 224),
        "image/xys": body[:, :2].ravel(),
        "image/visibilities": seen.ravel(),
        "image/face_pts": face.ravel(),
        "image/toe_pts": toes.ravel(),
        "image/encoded": [picture(frame, side) for frame in range(frames)],
        "image/phis": random.normal(size=frames * 8),
    }


def write_clips(folder: Path, *clips: dict[str, Any]) -> InstaVariety:
    (folder / "train").mkdir()
    write(folder / "train" / NAME, *map(example, clips))
    return InstaVariety(str(folder))


def test_clips_come_back_with_their_pictures(tmp_path: Path, stored: Stored) -> None:
    first, second = clip(3, 1), clip(2, 2)
    store = stored(write_clips(tmp_path, first, second), "train")
    assert store["sequence"].tolist() == [
        f"insta_variety_00_copy00_hmr_noS5_{number}" for number in ("0000",) * 2 + ("0001",)
    ]
    assert store["frame"].tolist() == [0, 1, 0]
    assert store["image_size"].tolist() == [[224, 224]] * 3
    for row, data in enumerate([*first["image/encoded"][:2], second["image/encoded"][0]]):
        assert (tmp_path / store["image"][row]).read_bytes() == data
    assert len(list((tmp_path / "pictures").rglob("*.*"))) == 3
    joints = (first["image/xys"].reshape(3, 2, 14)[1].T + 1) / 2 * 224
    np.testing.assert_allclose(store["joints2d"][1, :14], joints, rtol=1e-5)
    face = (first["image/face_pts"].reshape(3, 3, 5)[1, :2].T + 1) / 2 * 224
    np.testing.assert_allclose(store["joints2d"][1, 14:19], face, rtol=1e-5)
    toes = (first["image/toe_pts"].reshape(3, 3, 6)[1, :2].T + 1) / 2 * 224
    np.testing.assert_allclose(store["joints2d"][1, 19:], toes, rtol=1e-5)
    assert store["confidence2d"][1].tolist() == [1] * 3 + [0] + [1] * 10 + [0.5] * 11
    labelled = store["joints2d"][1][store["confidence2d"][1] > 0]
    np.testing.assert_allclose(store["box"][1], [*labelled.min(0), *np.ptp(labelled, axis=0)], rtol=1e-5)


def test_joints_are_pixels_where_there_are_no_features_and_toes_may_lack(tmp_path: Path, stored: Stored) -> None:
    plain = clip(2, side=300)
    plain["image/xys"] = plain["image/xys"] * 100 + 110
    plain["image/face_pts"] = np.tile([[90.0] * 5, [80.0] * 5, [1.0] * 5], (2, 1, 1)).ravel()
    del plain["image/phis"], plain["image/toe_pts"]
    store = stored(write_clips(tmp_path, plain), "train")
    assert store["image_size"].tolist() == [[300, 300]]  # the last frame shows nobody
    np.testing.assert_allclose(store["joints2d"][0, :14], plain["image/xys"].reshape(2, 2, 14)[0].T, rtol=1e-5)
    assert store["joints2d"][0, 16].tolist() == [90, 80]
    assert store["confidence2d"][0, 19:].tolist() == [0] * 6


def test_reading_again_leaves_the_pictures_alone(tmp_path: Path, stored: Stored) -> None:
    reader = write_clips(tmp_path, clip(2))
    path = tmp_path / stored(reader, "train")["image"][0]
    stamp = path.stat().st_mtime_ns
    stored(reader, "train")
    assert path.stat().st_mtime_ns == stamp


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"image/xys": np.full(56, np.nan)}, "'image/xys' holds a number that is not finite"),
        ({"image/xys": np.zeros(42)}, "'image/xys' is missing or not 2 x 2 x 14 numbers"),
        ({"image/visibilities": [b"1"]}, "'image/visibilities' is missing or not 2 x 1 x 14 numbers"),
        ({"image/encoded": [picture(1)]}, "'image/encoded' is missing or not 2 pictures"),
        ({"image/encoded": [picture(1), picture(2)[:9]]}, "'image/encoded' holds a picture that is no JPEG"),
        ({"image/encoded": [picture(1, 300)] * 2}, "'image/encoded' holds a picture that is not 224 pixels square"),
        ({"meta/N": [b"2"]}, "'meta/N' is missing or not 1 numbers"),
    ],
)
def test_a_bad_record_is_named(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    reader = write_clips(tmp_path, clip(2), clip(2) | change)
    with pytest.raises(UserError, match=rf"tfrecord: record 1, {words}") as caught:
        reader.read("train", reader.parts("train")[0])
    assert "\n" not in str(caught.value)


def test_a_missing_list_and_an_empty_file_are_named(tmp_path: Path) -> None:
    bad = clip(2)
    del bad["image/face_pts"]
    reader = write_clips(tmp_path, bad)
    part = reader.parts("train")[0]
    with pytest.raises(UserError, match="record 0, 'image/face_pts' is missing"):
        reader.read("train", part)
    part.files[0].write_bytes(b"")
    with pytest.raises(UserError, match="holds no clip"):
        reader.read("train", part)
