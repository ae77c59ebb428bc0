"""Golden PARE: the one-euro filter on rotation matrices, and boxes out of keypoints over time."""

import numpy as np
import torch
from fake_smpl import fake_smpl
from golden import Golden
from golden_crops import GoldenArrays

from hpe.geometry.box_tracks import fill_gaps, smooth_track
from hpe.geometry.boxes import tight_boxes
from hpe.geometry.rotations import rotmat_from_6d
from hpe.geometry.smoothing import one_euro

CHECKED = ("euro", "bbox")
CLI, STRONG = (0.004, 1.0), (0.05, 0.1)
STRAIGHT = torch.tensor([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])


def poses(golden: Golden) -> torch.Tensor:
    frames = golden.count("euro/in")
    return rotmat_from_6d(STRAIGHT + 0.1 * golden.inputs("euro.rot6d", frames * 24, 6)).unflatten(0, (frames, 24))


def test_one_euro_on_entries_of_matrices(golden: Golden) -> None:
    some = golden.vectors["euro/in"].shape[1]
    golden.check("euro/in", poses(golden)[:, :some], of_max=2e-5)
    golden.check("euro/cli", one_euro(golden.vectors["euro/in"], *CLI), of_max=2e-5)
    golden.check("euro/strong", one_euro(golden.vectors["euro/in"], *STRONG), of_max=2e-5)


def test_body_in_filtered_entries(golden: Golden) -> None:
    frames = golden.count("euro/smooth_pose_pose")
    entries, body = one_euro(poses(golden)[:frames], *CLI), fake_smpl(golden)
    golden.check("euro/smooth_pose_pose", entries, of_max=2e-5)
    posed = body(entries, 0.5 * golden.inputs("euro.betas", frames, 10))
    golden.check("euro/smooth_pose_joints", body.joints(posed.vertices, "spin_49", posed.joints), of_max=2e-5)


def test_boxes_over_time(arrays: GoldenArrays) -> None:
    """The published track is (centre x, centre y, 150 / diagonal), with zeros before the person comes."""
    keypoints, (start, end) = arrays["bbox/kps_in"], arrays["bbox/range"]
    boxes = tight_boxes(keypoints[..., :2], keypoints[..., 2] > 0.3)
    scale = 150 / np.linalg.norm(boxes[:, 2:], axis=1, keepdims=True)
    track = fill_gaps(np.concatenate([boxes[:, :2] + boxes[:, 2:] / 2, scale], axis=1))
    known = np.flatnonzero(np.isfinite(track).all(1))
    assert (known[0], known[-1] + 1, len(known)) == (start, end, end - start)
    assert np.allclose(track[start:end], arrays["bbox/all"], rtol=2e-5)
    smooth = smooth_track(track, median=11, sigma=3.0, edges="constant")
    assert np.allclose(np.nan_to_num(smooth[:end]), arrays["bbox/smooth"], rtol=2e-5)
