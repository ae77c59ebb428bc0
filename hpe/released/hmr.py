"""Names and shapes of the published tensors of HMR, as PARE's and SPIN's authors trained it, in our modules.

`WITH_HRNET` and `WITH_RESNET` are PARE's baselines, the checkpoint's own prefix `model.` removed; `SPIN` is SPIN's
`model_checkpoint.pt`, whose backbone and head have no prefix.
"""

from torch import Tensor

from hpe.released.backbones import HRNET, RESNET, Prefixes

LAYERS = ("fc1", "fc2", "decpose", "decshape", "deccam")
MEAN = {"init_pose": "pose", "init_shape": "betas", "init_cam": "camera"}

HEAD: Prefixes = (
    ("head.downsample_module.", None),  # never used
    *((f"head.{theirs}", f"head.mean.{ours}") for theirs, ours in MEAN.items()),
    *((f"head.{layer}.", f"head.regression.{layer}.") for layer in LAYERS),
)
WITH_HRNET: Prefixes = (*HRNET, *HEAD)
WITH_RESNET: Prefixes = (*RESNET, *HEAD)
SPIN: Prefixes = (
    *((theirs, f"head.mean.{ours}") for theirs, ours in MEAN.items()),
    *((f"{layer}.", f"head.regression.{layer}.") for layer in LAYERS),
    *((f"{part}", f"backbone.model.{part}") for part in ("conv1.", "bn1.", "layer")),
)


def reshape(name: str, tensor: Tensor) -> Tensor:
    """A published tensor in our shape: the mean parameters lose their axis of length 1."""
    return tensor.squeeze(0) if name.rpartition(".")[2] in MEAN else tensor
