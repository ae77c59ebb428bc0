"""Prediction and ground truth of many people side by side, read out as a protocol card says; memory stays bounded."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from hpe.bodies.body import Body
from hpe.bodies.skinning import BLOCK
from hpe.datasets.schema import GENDERS
from hpe.datasets.store import Store
from hpe.errors import UserError
from hpe.geometry.alignment import similarity
from hpe.joints import joint_set
from hpe.metrics.card import ProtocolCard
from hpe.metrics.pose import pve
from hpe.scoring.card_joints import LabelReader, MeshReader, Points, with_meshes
from hpe.scoring.card_rows import LABELS, CardFault
from hpe.scoring.predictions import Predictions

# Of no fixed length: a signature may speak of several blocks.
Rows = Int[np.ndarray, " _people"]
Side = Callable[[Rows], Iterator[Points]]


@dataclass(frozen=True)
class Compared:
    """Joints and roots of both sides, not yet around their roots, and errors of meshes; metres, NaN without a mesh."""

    joints: Float[Tensor, "people joints 3"]
    root: Float[Tensor, "people 3"]
    true_joints: Float[Tensor, "people joints 3"]
    true_root: Float[Tensor, "people 3"]
    pve: Float[Tensor, " people"]
    pa_pve: Float[Tensor, " people"]

    def __getitem__(self, rows: Any) -> "Compared":
        return Compared(*(getattr(self, field.name)[rows] for field in fields(self)))

    @classmethod
    def empty(cls, people: int, joints: int) -> "Compared":
        """Room for that many people."""
        shapes = ((joints, 3), (3,), (joints, 3), (3,), (), ())
        return cls(*(torch.empty(people, *shape) for shape in shapes))

    def put(self, rows: np.ndarray, part: "Compared") -> None:
        """Write some people into their rows."""
        for field in fields(self):
            getattr(self, field.name)[rows] = getattr(part, field.name).cpu()


def compare(
    card: ProtocolCard, store: Store, predictions: Predictions, bodies: Mapping[str, Body], rows: Rows, places: Rows
) -> Compared:
    """People in `rows` of the store beside what was said of them in `places` of the predictions.

    Raises UserError, naming the card's field, for what cannot be read off the bodies or joints at hand.
    """
    readers = {gender: MeshReader(body, card) for gender, body in bodies.items()} if _meshes(card, predictions) else {}
    said, true = _said(card, predictions, readers), _true(card, store, readers)
    genders = store["gender"][rows] if card.gt_gender == "gendered" else np.zeros(len(rows), np.int8)
    alike = [np.flatnonzero(genders == gender) for gender in np.unique(genders)]
    blocks = [own[start : start + BLOCK] for own in alike for start in range(0, len(own), BLOCK)]

    result = Compared.empty(len(rows), len(joint_set(card.joint_set)))

    def work(block: np.ndarray) -> None:
        done = 0
        for pair in zip(said(places[block]), true(rows[block]), strict=True):
            some = _pair(card, *pair)
            result.put(block[done : done + len(some.root)], some)
            done += len(some.root)

    _in_threads(work, blocks)
    return result


def _meshes(card: ProtocolCard, predictions: Predictions) -> bool:
    """Whether any body has to be posed."""
    said = "pose" in predictions and card.regressor != "own"
    return said or card.gt_model != LABELS or card.pve_root is not None


def _said(card: ProtocolCard, predictions: Predictions, readers: Mapping[str, MeshReader]) -> Side:
    """What a system says: its neutral body, or the joints that it predicts itself."""
    if "pose" not in predictions or card.regressor == "own":
        if "joints3d" not in predictions:
            raise CardFault(card, "regressor", "the predictions hold no joints of their own, only a body")
        own, joints = LabelReader(card, predictions.joint_set), _tensor(predictions["joints3d"])
        return lambda rows: own(joints[rows])
    neutral = readers["neutral"]
    if predictions.body != neutral.body.name:
        raise UserError(
            f"the predictions are of body {predictions.body}, not {neutral.body.name}; choose another body="
        )
    pose, betas = _tensor(predictions["pose"]), _tensor(predictions["betas"])
    return lambda rows: neutral(pose[rows], betas[rows])


def _true(card: ProtocolCard, store: Store, readers: Mapping[str, MeshReader]) -> Side:
    """Ground truth of people of one gender: bodies, labelled joints, or joints by label with meshes for PVE."""
    meshes: Side | None = None
    if card.gt_model != LABELS or card.pve_root is not None:
        pose, betas = _tensor(store["pose"]), _tensor(store["betas"])
        codes = store["gender"] if card.gt_gender == "gendered" else np.zeros(len(store), np.int8)

        def meshes(rows: Rows) -> Iterator[Points]:
            return readers[GENDERS[codes[rows[0]]]](pose[rows], betas[rows])

    if meshes and card.gt_model != LABELS:
        return meshes
    label, joints = LabelReader(card, store.joint_set), _tensor(store["joints3d"])
    if meshes is None:
        return lambda rows: label(joints[rows])
    return lambda rows: with_meshes(label(joints[rows]), meshes(rows))


def _pair(card: ProtocolCard, said: Points, true: Points) -> Compared:
    """A slice of people; of their meshes only the errors are kept."""
    error = aligned = torch.full_like(said.root[:, 0], torch.nan)
    if card.pve_root is not None and said.vertices is not None and true.vertices is not None:
        mesh = _around_true_root(said.vertices, said, true)
        error = pve(mesh, true.vertices)
        if "pa_pve" in card.metrics:
            aligned = _moved_by_joints(mesh, said, true)
    return Compared(said.joints, said.root, true.joints, true.root, error, aligned)


def _around_true_root(
    mesh: Float[Tensor, "people vertices 3"], said: Points, true: Points
) -> Float[Tensor, "people vertices 3"]:
    """The predicted mesh, its root brought to the true one's."""
    if said.mesh_root is None or true.mesh_root is None:
        return mesh
    return mesh + (true.mesh_root - said.mesh_root)[:, None]


def _moved_by_joints(mesh: Float[Tensor, "people vertices 3"], said: Points, true: Points) -> Float[Tensor, " people"]:
    """EMDB's PVE after alignment: the transform that fits the joints, both around their roots, moves the mesh."""
    assert true.vertices is not None
    origin = 0.0 if true.mesh_root is None else true.mesh_root[:, None]
    move = similarity(said.joints - said.root[:, None], true.joints - true.root[:, None])
    return pve(move(mesh - origin), true.vertices - origin)


def _in_threads(work: Callable[[np.ndarray], None], blocks: Sequence[np.ndarray]) -> None:
    """`work` on every block, a thread a core: torch's own threads would wait for each other at every small product."""
    threads = torch.get_num_threads()
    try:
        with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            for _ in pool.map(work, blocks):
                pass
    finally:
        torch.set_num_threads(threads)


def _tensor(values: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values))
