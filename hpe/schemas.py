"""What each door takes, typed. Nodes that name a class are checked against its signature, see `hpe.config`."""

from dataclasses import dataclass
from typing import Any, Optional

Node = dict[str, Any]
# OmegaConf does not read `list[float] | None`.
NodeOrNull = Optional[Node]  # noqa: UP045
BoxOrNull = Optional[list[float]]  # noqa: UP045


@dataclass(kw_only=True)
class ModelConfig:
    """A system but for its networks: crops of `resolution` pixels seen at `focal_length` pixels, and how it learns."""

    name: str
    resolution: int
    focal_length: float
    channels_last: bool
    optimiser: Node
    schedule: NodeOrNull


@dataclass(kw_only=True)
class PathsConfig:
    """Where data and licensed body models lie, what can be made again, where runs land, and this run's folder."""

    data: str
    smpl: str
    smplx: str
    cache: str
    outputs: str
    run: str


@dataclass(kw_only=True)
class DoorConfig:
    """What every door takes. `debug` shows the traceback of a user's error."""

    paths: PathsConfig
    debug: bool


@dataclass(kw_only=True)
class PartsConfig:
    """The parts of a system, each of which names its class; a checkpoint carries them."""

    model: ModelConfig
    backbone: Node
    head: Node
    loss: NodeOrNull = None
    augment: NodeOrNull = None
    body: Node
    seed: int


@dataclass(kw_only=True)
class TrainConfig(PartsConfig, DoorConfig):
    """`python -m hpe.train`. `resume` continues an interrupted run; `pictures` is how many test crops to draw.

    `initial` is a checkpoint whose weights a new run begins with. `dry_run` says what would be done, and does nothing.
    """

    data: Node
    protocol: Node
    trainer: Node
    logger: dict[str, Node]
    initial: str | None
    resume: bool
    dry_run: bool
    pictures: int


@dataclass(kw_only=True)
class EvaluateConfig(PartsConfig, DoorConfig):
    """`python -m hpe.evaluate`. One of `checkpoint` and `predictions` is given; `split` is the card's unless named.

    `compile` compiles backbone and head before they predict.
    """

    checkpoint: str | None
    predictions: str | None
    compile: bool
    split: str
    data: Node
    protocol: Node
    logger: dict[str, Node]
    pictures: int


@dataclass(kw_only=True)
class ReleasedModelConfig:
    """A system as it was released, but for its networks: crops of `resolution` pixels seen at `focal_length` pixels."""

    name: str
    resolution: int
    focal_length: float
    channels_last: bool


@dataclass(kw_only=True)
class ReleasedConfig:
    """`protocol` is the card of the paper, `key_map` the dotted name of a `KeyMap`.

    `otherwise` are fields of the card in use where the data at hand do not know its people. `rows` choose published
    numbers, by the values of their columns.
    """

    protocol: str
    key_map: str
    otherwise: dict[str, str]
    rows: dict[str, dict[str, str]]


@dataclass(kw_only=True)
class ReproduceConfig(DoorConfig):
    """`python -m hpe.reproduce`: a gap of `tolerance` mm to the published `row` is none."""

    checkpoint: str | None
    row: str
    tolerance: float
    model: ReleasedModelConfig
    released: ReleasedConfig
    backbone: Node
    head: Node
    body: Node
    data: Node
    protocol: Node
    augment: Node
    logger: dict[str, Node]
    pictures: int
    seed: int


@dataclass(kw_only=True)
class FitConfig(DoorConfig):
    """`python -m hpe.fit`: `at_once` people are fitted together; without `predictions` they are found from nothing.

    `crop_focal_length`, in pixels of a crop of 224, stands for the picture's camera.
    """

    predictions: str | None
    split: str
    fitting: Node
    minimiser: Node
    prior: Node
    data: Node
    protocol: Node
    body: Node
    augment: NodeOrNull = None
    model: NodeOrNull = None
    crop_focal_length: float | None
    visible_only: bool
    at_once: int
    seed: int


@dataclass(kw_only=True)
class PredictConfig(PartsConfig, DoorConfig):
    """`python -m hpe.predict`. `box` is x, y, width, height in pixels; none is the whole picture."""

    source: str
    checkpoint: str | None
    box: BoxOrNull
    crop_margin: float


@dataclass(kw_only=True)
class PrepareConfig(DoorConfig):
    """`python -m hpe.prepare` with that many processes; `pack` packs pictures, `check` examines what was prepared.

    The model says how large crops are; nothing is trained. The body is that of the labels, for pictures.
    """

    seed: int
    workers: int
    pack: bool
    check: bool
    data: Node
    protocol: NodeOrNull = None
    augment: Node
    model: ModelConfig
    body: Node
    backbone: NodeOrNull = None
    head: NodeOrNull = None
    loss: NodeOrNull = None
