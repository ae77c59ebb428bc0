"""Arrays by name, as most systems write them: which key is which column, in which unit and layout."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hpe.errors import UserError
from hpe.exchange.arrays import Arrays
from hpe.exchange.foreign import Foreign
from hpe.exchange.rotations import axis_angle
from hpe.joints import joint_set

ROTATIONS = ("pose", "poses", "rotmats", "pred_pose", "pred_rotmat", "pose6d", "pred_pose_6d", "body_pose")
COLUMNS = {
    "betas": (("betas", "shape", "pred_betas", "pred_shape"), 10),
    "camera": (("camera", "cam", "pred_cam"), 3),
    "crop": (("crop",), 3),
    "transl": (("transl",), 3),
}
JOINTS = ("joints3d", "joints", "pred_joints", "pred_keypoints_3d", "kp_3d", "S")
TEXTS = {
    "image": ("image", "imgname", "img_name", "image_name", "image_path"),
    "sequence": ("sequence", "vid_name"),
}
COUNTS = {"frame": ("frame", "frame_id", "frame_ids"), "person": ("person", "personid", "person_id", "track")}
UNITS = {"m": 1.0, "mm": 0.001}
# A person is between these two sizes in metres: curled up, or with the arms overhead and some error.
SMALLEST, LARGEST = 0.2, 5.0


def foreign(path: Path, data: Mapping[str, Any], joints: str | None = None, unit: str = "m") -> Foreign:
    """What the arrays in `data` say, by the keys that the field uses.

    `joints` names the set that joints in the file are of; without it they are left out. `unit` is theirs, m or mm.
    Raises UserError, naming the key, for an array that cannot be what its name says.
    """
    arrays = Arrays(path, data)
    columns = {name: arrays.flat(key, width) for name, (keys, width) in COLUMNS.items() if (key := arrays.find(keys))}
    names = {name: arrays.text(key) for name, keys in TEXTS.items() if (key := arrays.find(keys))}
    names |= {name: arrays.whole(key) for name, keys in COUNTS.items() if (key := arrays.find(keys))}
    if key := arrays.find(ROTATIONS):
        columns["pose"] = _pose(arrays, key)
    if joints is not None:
        columns["joints3d"] = _joints(arrays, joints, unit)
    crop = _crop(arrays)
    if crop is not None:
        columns.setdefault("crop", crop)
        names["box"] = np.concatenate([crop[:, :2] - crop[:, 2:] / 2, crop[:, 2:], crop[:, 2:]], axis=1)
    return Foreign(path, columns, names, arrays.left())


def _pose(arrays: Arrays, key: str) -> np.ndarray:
    """Axis-angle [N, 72]; a body pose of 23 joints gets its root from "global_orient"."""
    values = arrays.flat(key)
    if values.shape[1] % 23 == 0 and "global_orient" in arrays.data:
        values = np.concatenate([arrays.flat("global_orient"), values], axis=1)
    try:
        return axis_angle(values, key)
    except UserError as error:
        raise UserError(f"{arrays.path}: {error}") from error


def _joints(arrays: Arrays, joints: str, unit: str) -> np.ndarray:
    """Joints [N, J, 3] in metres. A fourth number is their confidence, and 0 there means that there is no joint."""
    key, wanted = arrays.find(JOINTS), len(joint_set(joints))
    if key is None:
        raise UserError(f"{arrays.path}: no joints ({', '.join(JOINTS)}); its keys are {', '.join(arrays.data)}")
    values = arrays.numbers(key)
    if values.ndim != 3 or values.shape[1] != wanted or values.shape[2] not in (3, 4):
        raise UserError(f"{arrays.path}: '{key}' has shape {list(values.shape)}, {joints} is [N, {wanted}, 3]")
    points = np.where(values[..., 3:] == 0, np.nan, values[..., :3]) if values.shape[2] == 4 else values
    points = (points * UNITS[unit]).astype(np.float32)
    people = points[np.isfinite(points).all((1, 2))]
    size = float(np.median(np.ptp(people, axis=1).max(-1))) if len(people) else None
    if size is not None and not SMALLEST < size < LARGEST:
        raise UserError(f"{arrays.path}: people of '{key}' are {size:.3g} m tall; give --unit mm or --unit m")
    return points


def _crop(arrays: Arrays) -> np.ndarray | None:
    """Centre x, centre y and side in pixels, of boxes (cx, cy, w, h) or of a centre and its scale.

    One scale a person is SPIN's, side / 200; two are 4D-Humans', width and height in pixels.
    """
    if "bboxes" in arrays.data:
        return arrays.flat("bboxes", 4)[:, :3]
    if not {"center", "scale"} <= arrays.data.keys():
        return None
    scale = arrays.flat("scale")
    side = scale.max(1) if scale.shape[1] > 1 else 200 * scale[:, 0]
    return np.column_stack([arrays.flat("center", 2), side])
