"""Named joint sets and the maps between them, read from `joints.json`.

A joint name is not a definition: compare 3D joints only when they come from the same regressor.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from hpe.errors import UserError, did_you_mean

ABSENT = -1
# Sets that hold another set whole, from which joint on: what maps to or from the inner one maps to or from these too.
HOLDS = {"spin_49": ("spin_j24", 25), "coco_wholebody_23": ("coco_17", 0), "mupots_17": ("mpi_inf_17", 0)}


@dataclass(frozen=True)
class JointSet:
    """An ordered set of joints.

    `flip[i]` is the mirror image of joint i (empty where the set has names only), `parents[root]` is -1.
    """

    name: str
    names: tuple[str, ...]
    flip: tuple[int, ...]
    parents: tuple[int, ...] | None

    def __len__(self) -> int:
        return len(self.names)

    def index(self, *names: str) -> list[int]:
        """Indices of the joints called `names`. Raises UserError for a name that the set lacks."""
        missing = [name for name in names if name not in self.names]
        if missing:
            raise UserError(f"joint set {self.name} has no '{missing[0]}'; {did_you_mean(missing[0], self.names)}")
        return [self.names.index(name) for name in names]


@cache
def _table() -> dict[str, Any]:
    return json.loads(resources.files("hpe").joinpath("joints.json").read_text())


def joint_set_names() -> list[str]:
    """All known joint sets."""
    return sorted(_table()["sets"])


@cache
def joint_set(name: str) -> JointSet:
    """The joint set called `name`. Raises UserError for an unknown one."""
    sets = _table()["sets"]
    if name not in sets:
        raise UserError(f"unknown joint set '{name}'; {did_you_mean(name, sets)}")
    entry = sets[name]
    parents = tuple(entry["parents"]) if entry.get("parents") else None
    return JointSet(name, tuple(entry["names"]), tuple(entry.get("flip") or ()), parents)


@cache
def joint_map(source: str, target: str) -> tuple[int, ...]:
    """Index map: target joint i is source joint `map[i]`, ABSENT (-1) where the source has none.

    Raises UserError where no map between the two sets is known.
    """
    found = _known_map(source, target)
    if found is None:
        known = [name for name in joint_set_names() if name != source and _known_map(source, name)]
        raise UserError(f"no map from joint set {source} to {target}; {source} maps to: {', '.join(known) or 'none'}")
    return found


def _known_map(source: str, target: str) -> tuple[int, ...] | None:
    """The map of the table, or one by way of a set that the target or the source holds whole."""
    if source == target:
        return tuple(range(len(joint_set(source))))
    entry = _table()["maps"].get(f"{source}->{target}")
    if entry is not None:
        return tuple(entry["index"])
    if target in HOLDS:
        inner, first = HOLDS[target]
        found = _known_map(source, inner)
        return found and (ABSENT,) * first + found + (ABSENT,) * (len(joint_set(target)) - first - len(found))
    if source in HOLDS:
        inner, first = HOLDS[source]
        found = _known_map(inner, target)
        return found and tuple(joint if joint == ABSENT else joint + first for joint in found)
    return None


def convert(
    values: Float[Tensor, "*batch source dims"], confidence: Float[Tensor, "*batch source"], source: str, target: str
) -> tuple[Float[Tensor, "*batch target dims"], Float[Tensor, "*batch target"]]:
    """Reorder joints from one set to another; absent joints become 0 with confidence 0."""
    index = torch.tensor(joint_map(source, target), device=values.device)
    present = index != ABSENT
    index = index.clamp(min=0)
    return values[..., index, :] * present[:, None], confidence[..., index] * present


def vertex_ids(model: str) -> dict[str, int]:
    """Vertices that stand for face, foot and finger-tip joints on the mesh of `model` ('smpl', 'smplx')."""
    return dict(_table()["vertex_ids"][model])


def joint_group(name: str) -> tuple[int, ...]:
    """Indices of the joints that an evaluation singles out, such as 'mpjae_joints' of `smpl_24`."""
    return tuple(_table()["groups"][name])


def joint_groups(name: str) -> dict[str, tuple[int, ...]]:
    """Named groups of joints over which an evaluation reports, such as 'mpi_inf_pck_groups' of `mpi_inf_17`."""
    return {group: tuple(joints) for group, joints in _table()["groups"][name].items()}
