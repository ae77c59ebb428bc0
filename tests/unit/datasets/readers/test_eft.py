"""Files of EFT as released, beside annotations of the data sets that were fitted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import savemat
from scipy.spatial.transform import Rotation

from hpe.datasets.readers.eft_sets import Coco2014Eft, Coco2017Eft, LspExtendedEft, MpiiEft, OcHumanEft
from hpe.datasets.readers.reader import Reader
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.joints import joint_set

Stored = Callable[[Reader, str], Store]


def fit(image: str, centre: tuple[float, float], seed: int = 0, **more: Any) -> dict[str, Any]:
    """One entry: rotation matrices of a random pose and everything else that an entry has."""
    random = np.random.default_rng(seed)
    return {
        "parm_pose": Rotation.random(24, random).as_matrix().tolist(),
        "parm_shape": random.normal(size=10).tolist(),
        "parm_cam": [0.9, 0.01, 0.2],
        "bbox_scale": 0.6,
        "bbox_center": list(centre),
        "joint_validity_openpose18": [True] * 18,
        "smpltype": "smpl",
        "imageName": image,
        **more,
    }


def pose(seed: int) -> np.ndarray:
    return Rotation.random(24, np.random.default_rng(seed)).as_rotvec().ravel()


def write(folder: Path, name: str, *fits: dict[str, Any]) -> None:
    (folder / "eft").mkdir(exist_ok=True)
    (folder / "eft" / name).write_text(json.dumps({"ver": 0.1, "data": list(fits)}))


def write_coco(folder: Path, name: str, *numbers: int) -> None:
    """People with these ids, all in one picture."""
    people = [
        {"id": number, "image_id": 9, "bbox": [10 * number, 0, 20, 30], "keypoints": [5, 6, 2] * 17, "iscrowd": 0}
        for number in numbers
    ]
    images = [{"id": 9, "file_name": "COCO_train2014_000000000009.jpg", "width": 640, "height": 480}]
    (folder / "annotations").mkdir(exist_ok=True)
    (folder / "annotations" / name).write_text(json.dumps({"images": images, "annotations": people}))


def test_fits_of_coco_are_joined_by_annotation(tmp_path: Path, stored: Stored) -> None:
    write_coco(tmp_path, "person_keypoints_train2014.json", 1, 2, 3)
    name = "COCO_train2014_000000000009.jpg"
    write(
        tmp_path,
        "COCO2014-All-ver01.json",
        *(fit(name, (0, 0), seed, annotId=number) for seed, number in ((7, 3), (8, 1), (9, 55))),
    )
    store = stored(Coco2014Eft(str(tmp_path)), "train")
    assert store["person"].tolist() == [1, 3]  # nobody has number 55
    assert store["box"][:, 0].tolist() == [10, 30]
    assert store["has_smpl"].all()
    assert store["gender"].tolist() == [0, 0]
    np.testing.assert_allclose(
        Rotation.from_rotvec(store["pose"][1].reshape(24, 3)).as_matrix(),
        Rotation.from_rotvec(pose(7).reshape(24, 3)).as_matrix(),
        atol=1e-5,
    )
    np.testing.assert_allclose(store["betas"][1], fit(name, (0, 0), 7)["parm_shape"], atol=1e-6)


def test_train_of_2017_takes_the_fits_of_both_halves_of_2014(tmp_path: Path, stored: Stored) -> None:
    write_coco(tmp_path, "person_keypoints_train2017.json", 1, 2, 3)
    write(tmp_path, "COCO2014-All-ver01.json", fit("a.jpg", (0, 0), annotId=3))
    write(tmp_path, "COCO2014-Val-ver10.json", fit("b.jpg", (0, 0), annotId=2))
    assert stored(Coco2017Eft(str(tmp_path)), "train")["person"].tolist() == [2, 3]


def test_fits_of_lspet_are_joined_by_picture(tmp_path: Path) -> None:
    joints = np.random.default_rng(0).uniform(50, 90, (14, 3, 3))
    savemat(tmp_path / "joints.mat", {"joints": joints})
    (tmp_path / "images").mkdir()
    for number in (1, 2, 3):
        (tmp_path / f"images/im{number:05}.jpg").touch()
    middle = [(person[:, :2].min(0) + person[:, :2].max(0)) / 2 for person in joints.transpose(2, 0, 1)]
    write(
        tmp_path, "LSPet_ver01.json", fit("im00003.png", tuple(middle[2]), 3), fit("im00001.png", tuple(middle[0]), 1)
    )
    reader = LspExtendedEft(str(tmp_path))
    columns = reader.read("train", reader.parts("train")[0])
    assert columns["sequence"].tolist() == ["im00001", "im00003"]
    np.testing.assert_allclose(columns["pose"], [pose(1), pose(3)], atol=1e-6)


def ochuman(folder: Path, *boxes: tuple[float, float, float, float]) -> None:
    people = [{"bbox": list(box), "keypoints": [1, 2, 1] * 19, "segms": {"outer": []}, "max_iou": 0.5} for box in boxes]
    image = {"image_id": 1, "file_name": "000001.jpg", "width": 600, "height": 500, "annotations": people}
    content = {"keypoint_names": joint_set("ochuman_19").names, "keypoint_visible": {}, "images": [image]}
    (folder / "ochuman.json").write_text(json.dumps(content))


def test_of_two_people_at_nearly_one_place_each_gets_the_nearer_fit(tmp_path: Path, stored: Stored) -> None:
    ochuman(tmp_path, (100, 100, 140, 200), (104, 100, 144, 200), (300, 100, 340, 200))
    write(
        tmp_path,
        "OCHuman_test_ver10.json",
        fit("000001.jpg", (123.5, 150), 1),
        fit("000001.jpg", (121, 150), 2),
        fit("000001.jpg", (340, 150), 3),  # 20 pixels from anybody
    )
    store = stored(OcHumanEft(str(tmp_path)), "test")
    assert store["person"].tolist() == [0, 1]
    np.testing.assert_allclose(store["betas"], [fit("", (0, 0), seed)["parm_shape"] for seed in (2, 1)], atol=1e-6)


def test_fits_of_other_people_are_refused(tmp_path: Path) -> None:
    ochuman(tmp_path, (100, 100, 140, 200))
    write(tmp_path, "OCHuman_test_ver10.json", *(fit(f"{number:06}.jpg", (120, 150)) for number in (1, 2, 3)))
    reader = OcHumanEft(str(tmp_path))
    with pytest.raises(UserError, match=r"OCHuman_test_ver10\.json: only 1 of 3 fits are of people in"):
        reader.read("test", reader.parts("test")[0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"parm_pose": [0.0] * 72}, "'parm_pose' has shape 72, expected 24 x 3 x 3 numbers"),
        ({"parm_pose": np.ones((24, 3, 3)).tolist()}, "'parm_pose' holds a matrix that is no rotation"),
        ({"parm_pose": (-np.tile(np.eye(3), (24, 1, 1))).tolist()}, "'parm_pose' holds a matrix that is no rotation"),
        ({"parm_pose": np.full((24, 3, 3), np.nan).tolist()}, "'parm_pose' holds a number that is not finite"),
        ({"parm_shape": [0.0] * 11}, "'parm_shape' has shape 11, expected 10 numbers"),
        ({"annotId": 1}, "'annotId' is there twice"),
    ],
)
def test_a_bad_fit_is_named(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    write_coco(tmp_path, "person_keypoints_train2014.json", 1, 2)
    write(tmp_path, "COCO2014-All-ver01.json", fit("", (0, 0), annotId=1), fit("", (0, 0), annotId=2) | change)
    reader = Coco2014Eft(str(tmp_path))
    with pytest.raises(UserError, match=rf"COCO2014-All-ver01\.json: data\[1\], {words}"):
        reader.read("train", reader.parts("train")[0])


def test_missing_fits_are_named(tmp_path: Path) -> None:
    (tmp_path / "mpii_human_pose_v1_u12_1.mat").touch()
    with pytest.raises(UserError, match=r"no eft/MPII_ver01\.json in"):
        MpiiEft(str(tmp_path)).parts("train")
