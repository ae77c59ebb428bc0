"""Labels that are made of the labelled bodies of a batch, as loss terms ask for them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from hpe.bodies.body import Body
from hpe.geometry.placement import Camera, Placement, place
from hpe.joints import joint_set
from hpe.losses.part_segmentation import UNKNOWN
from hpe.losses.rotation_confidence import rotation_confidence
from hpe.rendering.part_maps import render_parts
from hpe.types import Batch, BodyOutput


@torch.no_grad()
def with_body_labels(
    batch: Batch,
    wanted: Collection[str],
    body: Body,
    focal_length: float,
    part_side: int,
    gendered: Sequence[Body] = (),
) -> Batch:
    """The batch with those `wanted` fields that it lacks and its labels give.

    These are `vertices`, `skeleton2d`, `parts`, `rotation_confidence` and `body_joints3d`. Where `parts` are there,
    pixels of unknown part are filled; else they are rendered with `part_side` pixels a side. `focal_length`, in crop
    units, is of a camera before the middle of the crop, which is tried besides the batch's own. `gendered` are bodies
    in the order of `Batch.gender`, of which `body_joints3d` are made; all else, and they without them, is of `body`. A
    field for which labels lack stays None.
    """
    lacking = set(wanted) - {"parts"} - {name for name in wanted if getattr(batch, name) is not None}
    if "parts" in wanted and (batch.parts is None or bool((batch.parts == UNKNOWN).any())):
        lacking.add("parts")
    made: dict[str, Any] = {}
    if "rotation_confidence" in lacking and batch.confidence2d is not None:
        made["rotation_confidence"] = rotation_confidence(batch.confidence2d, batch.joint_set)
    if "body_joints3d" in lacking and batch.rotmats is not None:
        made["body_joints3d"] = _joints3d(batch, gendered or [body])
    if batch.rotmats is not None and batch.betas is not None and lacking & {"vertices", "skeleton2d", "parts"}:
        posed = body(batch.rotmats, batch.betas)
        if "vertices" in lacking:
            made["vertices"] = posed.vertices
        if batch.joints2d is not None and lacking & {"skeleton2d", "parts"}:
            made |= _seen(batch, lacking, body, posed, focal_length, part_side)
    return replace(batch, **made)


def _joints3d(batch: Batch, bodies: Sequence[Body]) -> Float[Tensor, "*batch joints 3"]:
    """Joints of the bodies of those people who have no joint labelled in 3D, each by the body of his gender."""
    assert batch.rotmats is not None
    assert batch.betas is not None
    lone = len(bodies) == 1 or batch.gender is None
    joints = batch.rotmats.new_full((*batch.rotmats.shape[:-3], len(joint_set(batch.joint_set)), 3), torch.nan)
    for number, body in enumerate(bodies[:1] if lone else bodies):
        here = _unlabelled(batch) if lone else _unlabelled(batch) & (batch.gender == number)
        if here.any():
            posed = body(batch.rotmats[here], batch.betas[here])
            joints[here] = body.joints(posed.vertices, batch.joint_set, posed.joints)
    return joints


def _unlabelled(batch: Batch) -> Bool[Tensor, "*batch"]:
    """Who has a body but no joint labelled in 3D."""
    assert batch.has_smpl is not None
    if batch.confidence3d is None:
        return batch.has_smpl
    return batch.has_smpl & ~(batch.confidence3d > 0).any(-1)


def _seen(
    batch: Batch, lacking: Collection[str], body: Body, posed: BodyOutput, focal_length: float, part_side: int
) -> dict[str, Tensor]:
    """What shows where bodies are in their crops."""
    placed = _placed(batch, body, posed, focal_length)
    made: dict[str, Tensor] = {}
    if "skeleton2d" in lacking:
        made["skeleton2d"] = placed.seen(posed.joints)
    if "parts" in lacking:
        made["parts"] = _parts(batch.parts, placed, body, posed, part_side)
    return made


def _placed(batch: Batch, body: Body, posed: BodyOutput, focal_length: float) -> Placement:
    """Where the bodies stand; NaN for people without one, and for those that would stand behind the camera."""
    assert batch.joints2d is not None
    assert batch.confidence2d is not None
    assert batch.has_smpl is not None
    joints = body.joints(posed.vertices, batch.joint_set, posed.joints)
    middle = torch.zeros_like(batch.joints2d[..., 0, :])
    cameras = [Camera(torch.full_like(middle[..., 0], focal_length), middle)]
    if batch.focal_length is not None and batch.principal_point is not None:
        cameras.insert(0, Camera(batch.focal_length, batch.principal_point))
    placed = place(joints, batch.joints2d, batch.confidence2d, cameras)
    sound = batch.has_smpl & (placed.translation[..., 2] > 0)
    return replace(placed, translation=placed.translation.where(sound[..., None], torch.nan))


def _parts(
    given: Int[Tensor, "*batch height width"] | None, placed: Placement, body: Body, posed: BodyOutput, side: int
) -> Int[Tensor, "*batch height width"]:
    """Part maps of all whose place is known, others `UNKNOWN`; pixels that are `given` stay."""
    shape = (*placed.translation.shape[:-1], side, side) if given is None else given.shape
    parts = torch.full(shape, UNKNOWN, device=placed.translation.device) if given is None else given.clone()
    drawn = placed.translation.isfinite().all(-1) & (parts == UNKNOWN).any(-1).any(-1)
    vertices = (posed.vertices + placed.translation[..., None, :])[drawn]
    camera = placed.camera
    maps = render_parts(
        vertices, body.faces, body.face_parts, camera.focal_length[drawn], camera.principal_point[drawn], shape[-1]
    )
    parts[drawn] = maps.where(parts[drawn] == UNKNOWN, parts[drawn])
    return parts
