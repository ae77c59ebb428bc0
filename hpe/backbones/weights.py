"""Reading pretrained weights from a file, without executing anything that is in it."""

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from timm.models import load_state_dict
from torch import Tensor

from hpe.errors import UserError
from hpe.files.torch_file import BROKEN, refusal, unremarked


def read_weights(path: str | Path) -> dict[str, Tensor]:
    """Tensors by name out of a `.safetensors` file or a PyTorch checkpoint (`weights_only=True`).

    Raises UserError for a file that is missing, damaged or holds more than tensors.
    """
    if not Path(path).is_file():
        raise UserError(f"no weights at {path}: set backbone.weights to a .safetensors or .pth file")
    try:
        with unremarked():
            return load_state_dict(str(path), weights_only=True)
    except (SafetensorError, *BROKEN) as error:
        reason = f"is damaged or holds more than weights ({refusal(error)})"
        raise UserError(f"{path} {reason}: give a .safetensors or .pth file") from error


def check_weights(weights: Mapping[str, Tensor], expected: Mapping[str, Tensor], path: str | Path) -> None:
    """Make sure that a file holds every expected tensor in its shape; it may hold others too.

    Raises UserError that counts the missing and misshaped ones and names the first.
    """
    missing = [name for name in expected if name not in weights and not name.endswith("num_batches_tracked")]
    misshaped = [name for name in expected if name in weights and weights[name].shape != expected[name].shape]
    if missing or misshaped:
        raise UserError(
            f"{path} holds weights of another network: of {len(expected)} tensors {len(missing)} are missing and "
            f"{len(misshaped)} have another shape, first '{(missing + misshaped)[0]}'"
        )
