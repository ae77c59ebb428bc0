"""The typed schema: a misspelt key or a value of the wrong type ends a run before anything heavy starts.

Fixed parts are dataclasses. An open part names a class by `_target_`, and the signature of that class is its schema.
"""

import dataclasses
import inspect
from dataclasses import dataclass, field
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Optional, Union, cast, get_args, get_origin

from hydra.utils import get_object
from omegaconf import DictConfig, ListConfig, OmegaConf
from omegaconf.errors import ConfigKeyError, OmegaConfBaseException

from hpe.errors import UserError, did_you_mean
from hpe.explain import explain, unknown_key

Node = dict[str, Any]
# OmegaConf does not read `list[float] | None`.
NodeOrNull = Optional[Node]  # noqa: UP045
BoxOrNull = Optional[list[float]]  # noqa: UP045
PACKAGE = Path(__file__).parent


def config_folder() -> Path:
    """Where the configs lie: inside an installed package, beside it in a clone."""
    inside = PACKAGE / "conf"
    return inside if inside.is_dir() else PACKAGE.parent / "conf"


OmegaConf.register_new_resolver("config_folder", lambda: str(config_folder()), replace=True)


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

    `initial` is a checkpoint whose weights a new run begins with.
    """

    data: Node
    protocol: Node
    trainer: Node
    logger: dict[str, Node]
    initial: str | None
    resume: bool
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


def checked(config: DictConfig, schema: type) -> DictConfig:
    """`config` with all interpolations resolved, once it fits `schema` and every part fits its class.

    Raises UserError naming the first key that is unknown, missing or of the wrong type.
    """
    plain = DictConfig(OmegaConf.to_container(config, resolve=True, throw_on_missing=True))
    fitted = _fitted(plain, OmegaConf.structured(schema), "")
    _check_parts(plain, "")
    return fitted


def _fitted(node: DictConfig, schema: DictConfig, where: str, target: str | None = None) -> DictConfig:
    """`node` as `schema` types it. Raises UserError, with the key `where` of the node, where it does not fit."""
    try:
        return cast(DictConfig, OmegaConf.merge(schema, node))
    except ConfigKeyError as error:
        parent = error.parent_node if isinstance(error.parent_node, DictConfig) else schema
        raise UserError(unknown_key(f"{where}{error.full_key}", list(parent.keys()))) from error
    except OmegaConfBaseException as error:
        raise UserError(f"{where}{explain(error)}{f' (argument of {target})' if target else ''}") from error


def _check_parts(node: Any, where: str) -> None:
    """Check every node below `node` that names a class."""
    if isinstance(node, ListConfig):
        for number, item in enumerate(node):
            _check_parts(item, f"{where}{number}.")
    if not isinstance(node, DictConfig):
        return
    if "_target_" in node:
        arguments = {str(name): value for name, value in node.items() if name not in RESERVED}
        _fitted(DictConfig(arguments), signature_schema(node._target_, where, arguments), where, node._target_)
        _check_choices(arguments, node._target_, where)
    for name, child in node.items():
        _check_parts(child, f"{where}{name!s}.")


RESERVED = ("_target_", "_partial_", "_args_", "_convert_", "_recursive_")


def signature_schema(target: str, where: str, given: Node) -> DictConfig:
    """Schema with the arguments of a class or function; each may be null, which says that a run fills it in.

    Where the target takes any keyword, those `given` are allowed too. Raises UserError for a target that cannot
    be found.
    """
    try:
        parameters = inspect.signature(get_object(target)).parameters
    except (ImportError, ValueError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise UserError(f"{where}_target_: cannot find '{target}' ({reason}); check its spelling") from error
    open_ended = any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters.values())
    kinds = dict.fromkeys(given, Any) if open_ended else {}
    kinds |= {name: _kind(one.annotation) for name, one in parameters.items() if one.kind in NAMED}
    fields = [(name, kind, field(default=None)) for name, kind in kinds.items()]
    return OmegaConf.structured(dataclasses.make_dataclass("Arguments", fields))


def _check_choices(arguments: Node, target: str, where: str) -> None:
    """Raise UserError where an argument that takes one of a few values is given another; null is filled in later."""
    for name, parameter in inspect.signature(get_object(target)).parameters.items():
        value = arguments.get(name)
        literals = [kind for kind in _alternatives(parameter.annotation) if get_origin(kind) is Literal]
        known = [choice for literal in literals for choice in get_args(literal)]
        if known and value is not None and value not in known:
            raise UserError(f"{where}{name}: '{value}' is no choice; {did_you_mean(str(value), map(str, known))}")


PLAIN = {int, float, str, bool, NoneType}
NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def _kind(annotation: Any) -> Any:
    """The annotation, or None, where it is made of plain values, which OmegaConf can check; else Any."""
    return Optional[annotation] if set(_alternatives(annotation)) <= PLAIN else Any  # noqa: UP045


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    """The members of a union, or the annotation itself."""
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
