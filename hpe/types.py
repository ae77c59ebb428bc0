"""The two things that flow through the house: `Batch` (what is known) and `Prediction` (what a system says).

Both are frozen dataclasses of tensors. A field is `None` where a data set or a system does not have it;
a loss or metric that needs a missing field is skipped by name. `*batch` is `batch` for pictures and
`batch time` for clips. Metres; camera frame with x right, y down, z forward.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

# Not `typing.Self`, which beartype refuses in methods that are checked one by one.
Some = TypeVar("Some", bound="_Fields")


@dataclass(frozen=True)
class _Fields:
    """Tensors that share their leading axes, and what can be done to all of them at once."""

    def map(self: Some, change: Callable[[Tensor], Tensor]) -> Some:
        """A copy with `change` applied to every tensor, those in dictionaries included."""

        def each(value: Any) -> Any:
            if isinstance(value, Tensor):
                return change(value)
            return {name: each(item) for name, item in value.items()} if isinstance(value, dict) else value

        return replace(self, **{entry.name: each(getattr(self, entry.name)) for entry in fields(self)})

    def to(self: Some, device: torch.device | str) -> Some:
        """A copy on another device."""
        return self.map(lambda tensor: tensor.to(device, non_blocking=True))

    def pin_memory(self: Some) -> Some:
        """A copy in page-locked memory; a DataLoader calls this by name."""
        return self.map(Tensor.pin_memory)

    def detach(self: Some) -> Some:
        """A copy without gradients."""
        return self.map(Tensor.detach)

    def __getitem__(self: Some, index: Any) -> Some:
        return self.map(lambda tensor: tensor[index])

    @classmethod
    def stack(cls: type[Some], samples: Sequence[Some]) -> Some:
        """One object with a new leading axis out of many; a field that one sample lacks, all must lack."""

        def joined(values: list[Any]) -> Any:
            if isinstance(values[0], Tensor):
                return torch.stack(values)
            if isinstance(values[0], dict):
                return {name: joined([value[name] for value in values]) for name in values[0]}
            return values[0]

        return cls(**{entry.name: joined([getattr(one, entry.name) for one in samples]) for entry in fields(cls)})


@dataclass(frozen=True)
class Batch(_Fields):
    """What is known about each person: the crop that a network sees, and its labels.

    `joints2d` are in crop units, -1 to 1 from edge to edge. `joints3d` are where the camera sees them, or
    around some root where the camera is unknown. Both are in the order of `joint_set`; confidence 0 marks a
    joint without label. `visible` is False for a joint hidden by an object, by the body itself or by the
    picture's edge. Where `has_smpl` is False, `rotmats` and `betas` hold the identity and zeros. Betas are of a body of
    that `gender`, 0 neutral, 1 male, 2 female.
    `focal_length` and `principal_point` are the crop's true camera in crop units, so that
    `focal_length * joints3d[..., :2] / joints3d[..., 2:] + principal_point` is `joints2d`.
    `crop` is centre x, centre y and side in pixels of the full picture, whose width and height are in
    `image_size`. `sample` is the row in its store, `dataset` the store's number among those mixed.
    `parts` are body parts by pixel, 0 for background, 1 + joint of smpl_24 for a part, -1 where that is not known;
    `skeleton2d` are SMPL's own joints where the labelled body is seen, NaN where that is not known;
    `body_joints3d` are the joints of the labelled body, metres around its own origin, NaN where there is none or where
    3D joints are labelled themselves;
    `rotation_confidence` is how far each labelled rotation can be trusted, 0 to 1.
    Where occluders are pasted, `covered` are the pixels that they cover, as if nothing else changed: `parts` are those
    behind them. `joint_occlusion` is the share of a small disc around each joint that they cover, and
    `person_occlusion` that of the person: of its pixels in a part map, else of the convex hull of its joints. NaN is
    unknown or outside the crop.
    `skipped` names pictures that could not be read and are therefore not in the batch.
    """

    image: Float[Tensor, "*batch 3 height width"]
    sample: Int[Tensor, "*batch"]
    crop: Float[Tensor, "*batch 3"]
    image_size: Float[Tensor, "*batch 2"]
    dataset: Int[Tensor, "*batch"] | None = None
    joint_set: str = "smpl_24"
    joints2d: Float[Tensor, "*batch joints 2"] | None = None
    confidence2d: Float[Tensor, "*batch joints"] | None = None
    joints3d: Float[Tensor, "*batch joints 3"] | None = None
    confidence3d: Float[Tensor, "*batch joints"] | None = None
    visible: Bool[Tensor, "*batch joints"] | None = None
    focal_length: Float[Tensor, "*batch"] | None = None
    principal_point: Float[Tensor, "*batch 2"] | None = None
    rotmats: Float[Tensor, "*batch 24 3 3"] | None = None
    betas: Float[Tensor, "*batch 10"] | None = None
    has_smpl: Bool[Tensor, "*batch"] | None = None
    gender: Int[Tensor, "*batch"] | None = None
    vertices: Float[Tensor, "*batch vertices 3"] | None = None
    body_joints3d: Float[Tensor, "*batch joints 3"] | None = None
    parts: Int[Tensor, "*batch part_height part_width"] | None = None
    skeleton2d: Float[Tensor, "*batch 24 2"] | None = None
    rotation_confidence: Float[Tensor, "*batch 24"] | None = None
    covered: Bool[Tensor, "*batch height width"] | None = None
    joint_occlusion: Float[Tensor, "*batch joints"] | None = None
    person_occlusion: Float[Tensor, "*batch"] | None = None
    skipped: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.sample)


@dataclass(frozen=True)
class Prediction(_Fields):
    """What a system says about each person.

    `camera` is the weak-perspective crop camera (s, tx, ty); `joints2d` are in crop units as in `Batch`;
    `joints3d` and `vertices` are around the body's own origin. A system without a mesh leaves the body
    fields None. `auxiliary` holds maps by name, for pictures and losses.
    """

    joints3d: Float[Tensor, "*batch joints 3"]
    joint_set: str = "smpl_24"
    joints2d: Float[Tensor, "*batch joints 2"] | None = None
    rotmats: Float[Tensor, "*batch 24 3 3"] | None = None
    betas: Float[Tensor, "*batch 10"] | None = None
    camera: Float[Tensor, "*batch 3"] | None = None
    vertices: Float[Tensor, "*batch vertices 3"] | None = None
    auxiliary: dict[str, Tensor] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.joints3d)


@dataclass(frozen=True)
class HeadOutput(_Fields):
    """What a head reads out of features, before the body model makes a mesh of it."""

    rotmats: Float[Tensor, "*batch 24 3 3"]
    betas: Float[Tensor, "*batch 10"]
    camera: Float[Tensor, "*batch 3"]
    auxiliary: dict[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class BodyOutput(_Fields):
    """A posed body: mesh and skeleton, metres."""

    vertices: Float[Tensor, "*batch vertices 3"]
    joints: Float[Tensor, "*batch 24 3"]
