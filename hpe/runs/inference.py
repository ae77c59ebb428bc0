"""Networks made ready to predict: what only training needs is taken out, the same numbers come faster."""

import torch

from hpe.backbones.folding import fold_batch_norms
from hpe.errors import UserError
from hpe.estimator import Estimator
from hpe.types import Batch


def ready(system: Estimator, memory_format: torch.memory_format | None = None) -> Estimator:
    """`system` itself in evaluation mode, its batch norms folded, weights and crops laid out as `memory_format` says.

    Without one they are laid out as the system's own. It must not be trained any more; what it says changes by
    rounding only.
    """
    system.memory_format = memory_format or system.memory_format
    for network in (system.eval().backbone, system.head):
        fold_batch_norms(network)
        network.to(memory_format=system.memory_format)
    return system


def compile_networks(system: Estimator, batch_size: int) -> None:
    """Compile backbone and head for batches of that size, which takes a minute or more; all others run as before.

    TorchInductor fuses what lies between convolutions and lays out their weights for this machine; on the CPU it needs
    a C++ compiler. The precision is the one of the autocast in force. Raises UserError where it cannot compile.
    """
    from torch._dynamo.exc import BackendCompilerFailed  # a second that only this needs

    for network in (system.backbone, system.head):
        network.compile(dynamic=False, options={"freezing": True})
    image = torch.zeros(batch_size, 3, system.resolution, system.resolution)
    blank = Batch(image, torch.arange(batch_size), torch.ones(batch_size, 3), torch.ones(batch_size, 2))
    try:
        with torch.compiler.set_stance("default"), torch.inference_mode():
            system(blank.to(system.device))
    except BackendCompilerFailed as error:
        reason = str(error).strip().partition("\n")[0]
        raise UserError(
            f"the networks cannot be compiled ({reason}): set compile=false, or install a compiler"
        ) from error
    torch.compiler.set_stance("eager_on_recompile")
