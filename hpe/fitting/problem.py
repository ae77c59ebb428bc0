"""What a fit starts from: where joints are seen, and the bodies to be moved there."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import roma
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from hpe.bodies.body import Body

Some = TypeVar("Some", bound="_People")


@dataclass(frozen=True)
class _People:
    """Tensors with one leading axis of people."""

    def __len__(self) -> int:
        return len(next(iter(self._tensors().values())))

    def __getitem__(self: Some, rows: Any) -> Some:
        return replace(self, **{name: values[rows] for name, values in self._tensors().items()})

    def to(self: Some, device: torch.device) -> Some:
        """A copy on another device."""
        return replace(self, **{name: values.to(device) for name, values in self._tensors().items()})

    @classmethod
    def joined(cls: type[Some], parts: Sequence[Some]) -> Some:
        """The people of all parts, one after the other."""
        columns = zip(*(part._tensors().items() for part in parts), strict=True)
        return replace(parts[0], **{named[0][0]: torch.cat([values for _, values in named]) for named in columns})

    def _tensors(self) -> dict[str, Tensor]:
        found = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return {name: value for name, value in found.items() if isinstance(value, Tensor)}


@dataclass(frozen=True)
class Seen(_People):
    """2D joints in the order of `joint_set`, with confidence from 0 (not seen) up, and the camera that sees them.

    All in pixels of a crop of 224 around the person, for which the weights of the energies are made: `focal_length`
    and principal point `centre` are those of the crop, whatever the picture's.
    """

    joints2d: Float[Tensor, "people joints 2"]
    confidence: Float[Tensor, "people joints"]
    focal_length: Float[Tensor, "people"]
    centre: Float[Tensor, "people 2"]
    joint_set: str


@dataclass(frozen=True)
class Bodies(_People):
    """Bodies in the camera's frame: axis-angle `orientation` of the root and `pose` of the other 23 joints, metres."""

    orientation: Float[Tensor, "people 3"]
    pose: Float[Tensor, "people 69"]
    betas: Float[Tensor, "people 10"]
    translation: Float[Tensor, "people 3"]

    @property
    def rotvecs(self) -> Float[Tensor, "people 72"]:
        """All 24 rotations, as stores keep them."""
        return torch.cat([self.orientation, self.pose], dim=-1)

    def where(self, chosen: Bool[Tensor, "people"], others: "Bodies") -> "Bodies":
        """These bodies for the people `chosen`, and `others` for the rest."""
        pairs = zip(self._tensors().values(), others._tensors().values(), strict=True)
        return Bodies(*(mine.where(chosen[:, None], theirs) for mine, theirs in pairs))

    def joints(self, body: Body, joint_set: str) -> Float[Tensor, "people joints 3"]:
        """Joints of the posed bodies around their own origin, metres."""
        posed = body(roma.rotvec_to_rotmat(self.rotvecs.unflatten(-1, (24, 3))), self.betas)
        return body.joints(posed.vertices, joint_set, posed.joints)
