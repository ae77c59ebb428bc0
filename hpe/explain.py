"""Faults of the user, Hydra's and OmegaConf's exceptions included, as one line; anything else is a bug."""

import errno
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from omegaconf import DictConfig
from omegaconf.errors import ConfigAttributeError, ConfigKeyError, MissingMandatoryValue, OmegaConfBaseException

from hpe.errors import UserError, did_you_mean

NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
TYPE_NAMES = {"Integer": "a whole number", "Float": "a number", "Boolean": "true or false"}


def explain(error: BaseException) -> str | None:
    """The fault as one line that says what, where and what to do; None where it is not the user's."""
    causes = list(_causes(error))
    # What our own code says is clearer than whatever Hydra wrapped around it.
    for cause in [link for link in causes if isinstance(link, UserError)] or causes:
        if line := _line(cause):
            return line
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it; an exception raised again can lead to itself, so each is told once."""
    link: BaseException | None = error
    told: set[int] = set()
    while link is not None and id(link) not in told:
        yield link
        told.add(id(link))
        link = link.__cause__ or link.__context__


def _line(error: BaseException) -> str | None:
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, MissingConfigException):
        return _missing_choice(error)
    if isinstance(error, OverrideParseException):
        return f"cannot read '{error.override}': {_first_line(error)}; write KEY=VALUE, quote what holds , = or spaces"
    if isinstance(error, OmegaConfBaseException):
        return _config_fault(error)
    if isinstance(error, OSError) and error.errno in NO_SPACE:
        where = f" for {error.filename}" if error.filename else ""
        return f"no space left on the disk{where}: free some, or put the run elsewhere with paths.outputs=FOLDER"
    if isinstance(error, HydraException) and not isinstance(error.__cause__, Exception):
        return _first_line(error)
    return None


def _missing_choice(error: MissingConfigException) -> str:
    """An unknown choice of a group, such as model=mqpa."""
    path = PurePath(error.missing_cfg_file or "")
    if not error.options:
        return _first_line(error)
    return f"no {path.parent} is called '{path.name}'; {did_you_mean(path.name, error.options)}"


def _config_fault(error: OmegaConfBaseException) -> str:
    key = error.full_key or error.key
    if isinstance(error, ConfigKeyError | ConfigAttributeError) and isinstance(error.parent_node, DictConfig):
        return unknown_key(str(key), list(error.parent_node.keys()), error.parent_node.get("_target_"))
    if isinstance(error, MissingMandatoryValue):
        return f"{key} is not given: add {key}=VALUE"
    line = _first_line(error)
    for name, words in TYPE_NAMES.items():
        line = line.replace(f"could not be converted to {name}", f"is not {words}")
    return f"{key}: {line[:1].lower()}{line[1:]}" if key else line


def unknown_key(key: str, known: list[Any], target: str | None = None) -> str:
    """What to say of a key that is not in a node with the keys `known`; `target` is what the node configures."""
    name = key.rpartition(".")[2]
    public = [str(other) for other in known if not str(other).startswith("_")]
    extra = f"; another argument of {target} is given as +{key}=VALUE" if target else ""
    return f"unknown key '{key}'; {did_you_mean(name, public)}{extra}"


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
