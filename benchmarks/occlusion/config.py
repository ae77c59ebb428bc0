"""The typed schemas of both commands."""

from dataclasses import dataclass
from typing import Any

from hpe.schemas import BoxOrNull, DoorConfig, Node, PartsConfig


@dataclass(kw_only=True)
class OcclusionConfig(PartsConfig, DoorConfig):
    """What both take. `checkpoint` null is the newest one; `split` is the protocol card's unless named."""

    checkpoint: Any
    split: str
    data: Node
    protocol: Node


@dataclass(kw_only=True)
class SensitivityConfig(OcclusionConfig):
    """`python -m benchmarks.occlusion sensitivity`. `source` names photographs, else `sample` rows of the data set.

    `size` and `stride` of the patch are pixels of the crop; null is PARE's 40 of 224. `fill` is a normalised value.
    """

    source: str | None
    box: BoxOrNull
    crop_margin: float
    sample: Any
    size: int | None
    stride: int | None
    fill: float
    windows_at_once: int


@dataclass(kw_only=True)
class CurvesConfig(OcclusionConfig):
    """`python -m benchmarks.occlusion curves`. `people` null is everybody whom the card scores.

    `kinds` are names of `occluders.KINDS`, `sizes` shares of the crop's side, `edges` of the bins of occlusion; the
    area is that below the curve from nothing hidden to `area_to`, which is one of the edges.
    """

    people: int | None
    kinds: list[str]
    sizes: list[float]
    edges: list[float]
    area_to: float
    fewest: int
    voc: str
    others: Node
