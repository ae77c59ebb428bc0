"""The typed schema: a misspelt key or a value of the wrong type ends a run before anything heavy starts.

Fixed parts are the dataclasses of `hpe.schemas`. An open part names a class by `_target_`, and the signature of that
class is its schema.
"""

import dataclasses
import inspect
from dataclasses import field
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Optional, Union, cast, get_args, get_origin

from hydra.utils import get_object
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import ConfigKeyError, OmegaConfBaseException

from hpe.errors import UserError, did_you_mean
from hpe.explain import explain, unknown_key
from hpe.schemas import Node

PACKAGE = Path(__file__).parent


def config_folder() -> Path:
    """Where the configs lie: inside an installed package, beside it in a clone."""
    inside = PACKAGE / "conf"
    return inside if inside.is_dir() else PACKAGE.parent / "conf"


OmegaConf.register_new_resolver("config_folder", lambda: str(config_folder()), replace=True)


def checked(config: DictConfig, schema: type) -> DictConfig:
    """`config` with all interpolations resolved, once it fits `schema` and every part fits its class.

    Raises UserError naming the first key that is unknown, missing or of the wrong type.
    """
    plain = OmegaConf.to_container(config, resolve=True, throw_on_missing=True)
    fitted = _fitted(DictConfig(plain), OmegaConf.structured(schema), "")
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
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    if isinstance(node, dict) and "_target_" in node:
        arguments, target = {name: node[name] for name in node if name not in RESERVED}, node["_target_"]
        _fitted(DictConfig(arguments), signature_schema(target, where, arguments), where, target)
        _check_choices(arguments, target, where)
    for name, child in children:
        _check_parts(child, f"{where}{name}.")


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
