"""Protocol cards: everything about an evaluation that moves a number, frozen, checked and hashed.

What the fields mean, and who uses which values: `conf/protocol/`, one card a file.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from hpe.errors import UserError
from hpe.metrics.card_fields import WORDS, checked


@dataclass(frozen=True, kw_only=True)
class ProtocolCard:
    """One protocol. `name`, `title`, `source` and `doubt` are words about it; every other field moves a number.

    `frames` and `people` name selections of the data store ("all" is every row). `gt_model` is the body whose mesh
    is the ground truth, "joints" where the data set labels joints only; predictions are always the neutral body.
    `regressor` reads `joint_set` off a mesh: "skeleton" is the model's own posed joints, "own" the joints that a
    system without a mesh says itself. `root` and `pve_root` are what joints and vertices are seen from: "none" is
    the model's origin, `midhip` the evaluated set's own hips, None for `pve_root` leaves PVE out. `failed` says
    what becomes of people without a prediction: "fail", "drop", or the error in mm that they are given. `reduction`
    is the mean over frames, over the means of sequences, or over frames with MPI-INF's joint groups for PCK.
    `seams` lets accelerations run across the ends of tracks. `frame_rate` is in Hz.
    """

    name: str
    title: str
    source: str
    version: int
    dataset: str
    split: str
    frames: str
    people: str
    gt_model: str
    gt_gender: str
    joint_set: str
    regressor: str
    root: str
    pve_root: str | None
    pve_vertices: str
    alignment: str
    missing: str
    failed: str | float
    reduction: str
    box_source: str
    camera_source: str
    units: str
    frame_rate: float | None
    metrics: tuple[str, ...]
    seams: bool = False
    doubt: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any], where: str = "protocol card") -> "ProtocolCard":
        """The card with these fields, read from `where`. Raises UserError, naming the field, for what no card says."""
        defaults = {field.name: field.default for field in fields(cls)}
        optional = [name for name, default in defaults.items() if default is not MISSING]
        return cls(**checked(values, defaults, optional, where))

    @classmethod
    def read(cls, path: Path) -> "ProtocolCard":
        """The card in a YAML file. Raises UserError, naming the file, where it is no card."""
        try:
            values = OmegaConf.to_container(OmegaConf.load(path), resolve=True)
        except (OSError, YAMLError, OmegaConfBaseException) as error:
            raise UserError(f"{path} cannot be read ({str(error).splitlines()[0]}); a card is a YAML file") from error
        if not isinstance(values, dict):
            raise UserError(f"{path} is not a protocol card: it holds no fields; compare conf/protocol/")
        return cls.of({str(name): value for name, value in values.items()}, str(path))

    @property
    def moving(self) -> dict[str, Any]:
        """The fields that move a number."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name not in WORDS}

    @property
    def hash(self) -> str:
        """12 hexadecimal digits of SHA-256 over the fields that move a number."""
        text = json.dumps(self.moving, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def __str__(self) -> str:
        return f"{self.name}@{self.version} ({self.hash})"


def differences(a: ProtocolCard, b: ProtocolCard) -> dict[str, tuple[Any, Any]]:
    """The fields that move a number and differ, with both values."""
    return {name: (value, b.moving[name]) for name, value in a.moving.items() if value != b.moving[name]}


def one_protocol(cards: Iterable[ProtocolCard]) -> ProtocolCard:
    """The protocol that all `cards` share. Raises UserError, naming the fields that differ, where they do not."""
    first, *others = cards
    for other in others:
        if unlike := differences(first, other):
            fields = "; ".join(f"{name}: {mine!r} and {theirs!r}" for name, (mine, theirs) in unlike.items())
            raise UserError(f"{first} and {other} cannot share a column, they differ in {fields}")
    return first
