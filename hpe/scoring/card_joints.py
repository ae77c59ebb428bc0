"""What a protocol card reads off a mesh or off labelled joints: the joints that it compares, and their roots."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import roma
import torch
from jaxtyping import Float
from torch import Tensor

from hpe.bodies.body import Body
from hpe.bodies.skinning import SLICE, Skinner
from hpe.errors import UserError
from hpe.joints import ABSENT, joint_map, joint_set
from hpe.metrics.card import ProtocolCard
from hpe.scoring.card_rows import CardFault

PELVIS, HIPS = ("pelvis",), ("left_hip", "right_hip")
H36M, J19, SKELETON = "J_regressor_h36m", "SMPL_to_J19", "skeleton"
# What a regressor gives: a joint set, from which of its joints on.
GIVES = {SKELETON: ("smpl_24", 0), "J_regressor": ("smpl_24", 0), H36M: ("h36m_17", 0), J19: ("hmr2_44", 25)}
ON_MESH = {
    **{"smpl0": (SKELETON, PELVIS), "smpl_midhip": (SKELETON, HIPS), "idx39": (J19, PELVIS)},
    **{"h36m0": (H36M, PELVIS), "h36m_midhip": (H36M, HIPS)},
}
NAMED = {"smpl0": PELVIS, "h36m0": PELVIS, "idx39": PELVIS, "pelvis": PELVIS, "smpl_midhip": HIPS, "midhip": HIPS}


@dataclass(frozen=True)
class Points:
    """Some people as a card sees them, metres; `root` is what joints and `mesh_root` what vertices are seen from."""

    joints: Float[Tensor, "people joints 3"]
    root: Float[Tensor, "people 3"]
    vertices: Float[Tensor, "people vertices 3"] | None = None
    mesh_root: Float[Tensor, "people 3"] | None = None


class MeshReader:
    """Reads a card's joints and roots off posed bodies of one model.

    Raises UserError, naming the card's field, where a regressor is not at hand or does not give the joint set.
    """

    def __init__(self, body: Body, card: ProtocolCard) -> None:
        self.skinner, self.card, self.body = Skinner(body), card, body
        self.matrices: dict[str, tuple[Tensor, Tensor]] = {}
        source, first = GIVES.get(card.regressor, ("", 0))
        self._need(card.regressor, "regressor")
        order = [joint - first for joint in _mapped(card, source)]
        if min(order) < 0:
            raise CardFault(card, "joint_set", f"{card.regressor} does not give all of its joints")
        self.order = (card.regressor, order)
        self.root = self._root("root", card.root)
        self.mesh_root = None if card.pve_root is None else self._root("pve_root", card.pve_root)
        if card.pve_root is not None and card.pve_vertices != "all":
            raise CardFault(card, "pve_vertices", "the list of these vertices is licensed and not read yet")

    def __call__(self, pose: Float[Tensor, "people 72"], betas: Float[Tensor, "people 10"]) -> Iterator[Points]:
        """A slice of people at a time, in order."""
        device = self.skinner.device
        rotmats = roma.rotvec_to_rotmat(pose.to(device).unflatten(1, (24, 3)))
        for posed in self.skinner.posed(rotmats, betas.to(device)):
            # The skinner keeps coordinates in planes, which are what is multiplied.
            planes = posed.vertices.mT
            seen = {name: (planes.index_select(2, used) @ matrix).mT for name, (used, matrix) in self.matrices.items()}
            seen[SKELETON] = posed.joints
            joints, root = seen[self.order[0]][:, self.order[1]], _middle(seen, self.root, posed.joints)
            around = None if self.mesh_root is None else _middle(seen, self.mesh_root, posed.joints)
            yield Points(joints, root, posed.vertices, around)

    def _root(self, field: str, name: str) -> tuple[str, list[int]] | None:
        """Which joints of which regressor the card's root is the middle of; None for the model's origin."""
        if name == "none":
            return None
        regressor, names = ON_MESH.get(name, (self.card.regressor, NAMED.get(name, ())))
        if name not in ON_MESH:
            return regressor, [self.order[1][joint] for joint in _found(self.card, field, self.card.joint_set, names)]
        if regressor == SKELETON and self.card.regressor == "J_regressor":
            regressor = "J_regressor"
        self._need(regressor, field)
        source, first = GIVES[regressor]
        return regressor, [joint - first for joint in _found(self.card, field, source, names)]

    def _need(self, regressor: str, field: str) -> None:
        """Keep which vertices a regressor looks at, and its matrix for them."""
        if regressor == SKELETON or regressor in self.matrices:
            return
        if regressor == "J_regressor":
            matrix = self.body.smpl.J_regressor
        elif regressor in self.body.mesh_joints.available:
            matrix = self.body.mesh_joints.get_buffer(regressor)
        else:
            need = f"needs {regressor}.npy, which is not loaded: use body=smpl with that file in the folder paths.smpl"
            raise CardFault(self.card, field, f"body {self.body.name} {need}")
        used = (matrix != 0).any(0).nonzero()[:, 0]
        self.matrices[regressor] = used, matrix[:, used].T.contiguous()


class LabelReader:
    """Reads a card's joints and roots out of labelled or directly predicted joints of the set `source`.

    Raises UserError, naming the card's field, where that set has not got them.
    """

    def __init__(self, card: ProtocolCard, source: str) -> None:
        self.order = _mapped(card, source)
        if ABSENT in self.order:
            raise CardFault(card, "joint_set", f"{source} has not got all of its joints")
        self.root = [] if card.root == "none" else _found(card, "root", source, NAMED[card.root])

    def __call__(self, joints: Float[Tensor, "people joints 3"]) -> Iterator[Points]:
        """A slice of people at a time, in order."""
        for some in joints.split(SLICE):
            root = some[:, self.root].mean(1) if self.root else torch.zeros_like(some[:, 0])
            yield Points(some[:, self.order], root)


def with_meshes(labels: Iterator[Points], meshes: Iterator[Points]) -> Iterator[Points]:
    """Labelled joints and the meshes of the same people."""
    for label, mesh in zip(labels, meshes, strict=True):
        yield replace(label, vertices=mesh.vertices, mesh_root=mesh.mesh_root)


def _mapped(card: ProtocolCard, source: str) -> list[int]:
    try:
        return list(joint_map(source, card.joint_set))
    except UserError as error:
        raise CardFault(card, "joint_set", str(error)) from error


def _found(card: ProtocolCard, field: str, source: str, names: Sequence[str]) -> list[int]:
    try:
        return joint_set(source).index(*names)
    except UserError as error:
        raise CardFault(card, field, str(error)) from error


def _middle(
    seen: Mapping[str, Tensor], root: tuple[str, list[int]] | None, skeleton: Float[Tensor, "people 24 3"]
) -> Float[Tensor, "people 3"]:
    return torch.zeros_like(skeleton[:, 0]) if root is None else seen[root[0]][:, root[1]].mean(1)
