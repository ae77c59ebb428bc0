"""What it costs to render part labels of labelled bodies, beside the training step that they are for."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import process_time

import numpy as np
import torch
from scipy.spatial.transform import Rotation

from benchmarks.timing import Row, median_seconds
from hpe.assembly import build_networks, build_system
from hpe.bodies.anny import load_anny
from hpe.bodies.body import Body
from hpe.body_labels import with_body_labels
from hpe.cli import composed
from hpe.datasets.synthetic.poses import FAMILIES, sample_pose
from hpe.estimator import Estimator
from hpe.types import Batch

PEOPLE, RESOLUTION, SIDE, LEAST_PARTS = 4, 224, 56, 18
PARE = ["model=pare", "backbone=hrnet_w32", "head=pare", f"model.resolution={RESOLUTION}"]
# Of the free body's two meshes the finer one, which has nearly twice SMPL's vertices.
MESH = "notoes"


def part_maps() -> dict[str, Row]:
    """Part maps of a batch of PARE-W32 at 224 pixels against its training step without them.

    Seconds a batch of the processor's time on one thread. `overhead` is what the maps add to a step.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        body = load_anny(MESH)
        system, batch = pare(body), labelled(body)
        maps = partial(with_body_labels, batch, {"parts"}, body, system.focal_length / (RESOLUTION / 2), SIDE)
        _check(maps())
        spent = median_seconds({"maps": maps, "step": step(system, replace(batch, parts=maps().parts))}, process_time)
    finally:
        torch.set_num_threads(threads)
    row = {"ours_s": spent["maps"], "reference_s": spent["step"], "ratio": spent["step"] / spent["maps"]}
    return {"PARE-W32": row | {"overhead": spent["maps"] / spent["step"]}}


def _check(batch: Batch) -> None:
    """Raise RuntimeError where a person does not show most parts: nothing that is quickly wrong is timed."""
    assert batch.parts is not None
    shown = min(len(parts.unique()) for parts in batch.parts)
    if shown < LEAST_PARTS:
        raise RuntimeError(f"somebody shows {shown} parts, with the background, of 25")


def pare(body: Body) -> Estimator:
    """PARE-W32 with fresh weights."""
    config = composed("train", *PARE)
    return build_system(config, build_networks(config), body).train()


def labelled(body: Body) -> Batch:
    """People in poses of all families, upright before the crop's own camera, with all that a training needs to know."""
    rng = np.random.default_rng(0)
    poses = np.stack([sample_pose(rng, list(FAMILIES)[row % len(FAMILIES)]) for row in range(PEOPLE)])
    poses[:, 0] = (Rotation.from_rotvec([np.pi, 0, 0]) * Rotation.from_rotvec(poses[:, 0])).as_rotvec()
    rotmats = torch.from_numpy(Rotation.from_rotvec(poses.reshape(-1, 3)).as_matrix()).float().view(PEOPLE, 24, 3, 3)
    betas = torch.zeros(PEOPLE, 10)
    joints = body(rotmats, betas).joints
    return Batch(
        image=torch.rand(PEOPLE, 3, RESOLUTION, RESOLUTION),
        sample=torch.arange(PEOPLE),
        crop=torch.ones(PEOPLE, 3),
        image_size=torch.ones(PEOPLE, 2),
        joints2d=0.9 * joints[..., :2],
        confidence2d=torch.ones(PEOPLE, 24),
        joints3d=joints,
        confidence3d=torch.ones(PEOPLE, 24),
        rotmats=rotmats,
        betas=betas,
        has_smpl=torch.ones(PEOPLE, dtype=torch.bool),
    )


def step(system: Estimator, batch: Batch) -> Callable[[], None]:
    """One training step: prediction, loss, gradients, optimiser."""
    assert system.loss is not None
    assert system.optimiser is not None
    loss, optimiser = system.loss, system.optimiser(system.parameters())

    def run() -> None:
        optimiser.zero_grad()
        loss(system(batch), batch).total.backward()
        optimiser.step()

    return run
