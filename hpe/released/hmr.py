"""Names of the published tensors of HMR, as PARE's and SPIN's authors trained it, in our modules.

`WITH_RESNET` and `WITH_HRNET` are the baselines in PARE's code; `SPIN` is SPIN's `model_checkpoint.pt`, whose backbone
and head have no prefix.
"""

from hpe.released.backbones import COUNTERS, HRNET_REDUCED, RESNET
from hpe.released.key_map import KeyMap

LAYERS = ("fc1", "fc2", "decpose", "decshape", "deccam")
MEAN = {"init_pose": "pose", "init_shape": "betas", "init_cam": "camera"}

HEAD = KeyMap(
    {
        **{f"head.{theirs}": f"head.mean.{ours}" for theirs, ours in MEAN.items()},
        **{f"head.{layer}.": f"head.regression.{layer}." for layer in LAYERS},
    },
    unused={"head.downsample_module.*": "a layer that no forward pass reads"},
)
WITH_HRNET = HRNET_REDUCED | HEAD
WITH_RESNET = RESNET | HEAD
SPIN = (
    KeyMap(
        {
            **{theirs: f"head.mean.{ours}" for theirs, ours in MEAN.items()},
            **{f"{layer}.": f"head.regression.{layer}." for layer in LAYERS},
            **{part: f"backbone.model.{part}" for part in ("conv1.", "bn1.", "layer")},
        }
    )
    | COUNTERS
)
