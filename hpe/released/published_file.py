"""The tensors of a published checkpoint, whoever's trainer wrote it; no code of the file runs."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from hpe.errors import UserError
from hpe.files.torch_file import BROKEN, refusal, unremarked

# Where trainers keep the network: Lightning, SPIN.
ENTRIES = ("state_dict", "model")


class Inert:
    """Stands for an object of a trainer that is written beside its weights: holds nothing and can do nothing."""

    def __init__(self, *_: Any) -> None: ...

    def __setstate__(self, state: Any) -> None: ...


# What the authors' trainers are known to write: whose state a checkpoint keeps, settings, and numbers of NumPy.
CALLBACKS = ("model_checkpoint.ModelCheckpoint", "early_stopping.EarlyStopping", "lr_monitor.LearningRateMonitor")
STAND_INS: list[Callable[..., Any] | tuple[Callable[..., Any], str]] = [
    *((Inert, f"pytorch_lightning.callbacks.{name}") for name in CALLBACKS),
    *((OrderedDict, name) for name in ("yacs.config.CfgNode", "pytorch_lightning.utilities.parsing.AttributeDict")),
    (Inert, "argparse.Namespace"),
    *((Inert, f"{module}.multiarray.scalar") for module in ("numpy.core", "numpy._core")),
    *((Inert, name) for name in ("numpy.dtype", "_codecs.encode")),
]


def read_published(path: Path) -> dict[str, Tensor]:
    """Tensors by their published names, on the CPU: of Lightning's `state_dict`, SPIN's `model`, or a plain mapping.

    Raises UserError, one line, where the file is missing or damaged, asks for code, or holds no such tensors.
    """
    try:
        with torch.serialization.safe_globals(STAND_INS), unremarked():
            content = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise UserError(f"no file {path}: give the checkpoint that the authors published as checkpoint=FILE") from None
    except IsADirectoryError:
        raise UserError(f"{path} is a folder: give the checkpoint that is in it as checkpoint=FILE") from None
    except BROKEN as error:
        raise UserError(f"{path} cannot be read as a checkpoint ({refusal(error)}); is the file whole?") from error
    return _tensors(content, path)


def _tensors(content: Any, path: Path) -> dict[str, Tensor]:
    """The tensors of what a file holds."""
    entries = [content.get(name) for name in ENTRIES] if isinstance(content, Mapping) else []
    found = next((entry for entry in entries if isinstance(entry, Mapping)), content)
    if not isinstance(found, Mapping) or not found:
        raise UserError(
            f"{path} holds no tensors by name, neither under {' nor '.join(map(repr, ENTRIES))} nor plainly"
        )
    for name, value in found.items():
        if not isinstance(name, str) or not isinstance(value, Tensor) or value.is_meta or value.layout != torch.strided:
            kind = type(value).__name__
            raise UserError(
                f"{path} holds {kind} {name!r} where a tensor of numbers is expected: it is no published file"
            )
    return dict(found)
