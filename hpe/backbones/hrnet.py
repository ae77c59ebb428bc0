"""HRNet with its four scales joined into one map of stride 4, as PARE and MPQA use it."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from hpe.backbones.backbone import Backbone, preprocessing_of
from hpe.backbones.timm_backbone import create_features
from hpe.backbones.weights import check_weights, read_weights
from hpe.errors import UserError

BRANCHES = 4


class HRNet(Backbone):
    """HRNet (Sun et al., CVPR 2019) of width 32 or 48; all four branches upsampled to stride 4 and concatenated.

    The "conv" fusion of PARE (Kocabas et al., ICCV 2021): branch k goes through k steps of bilinear upsampling,
    convolution, batch norm and ReLU; 15 * width channels come out (480 or 720). The trunk is timm's, under
    the names of the pose estimation checkpoints, so that `weights` may be such a file (COCO or MPII pose) or one of
    timm's. Raises UserError for another width and for weights that do not fit.
    """

    def __init__(self, width: int = 32, pretrained: bool = False, weights: str | None = None) -> None:
        if width not in (32, 48):
            raise UserError(f"HRNet comes in widths 32 and 48, not {width}: set backbone.width")
        name = f"hrnet_w{width}"
        super().__init__(name, 15 * width, stride=4, preprocessing=preprocessing_of(name), multiple=32)
        # An empty feature_location leaves out the classification network's widening of each branch.
        self.trunk = create_features(name, (1, 2, 3, 4), pretrained and weights is None, None, feature_location="")
        self.upsample_stage_2, self.upsample_stage_3, self.upsample_stage_4 = (
            _upsampling(width * 2**branch, steps=branch) for branch in range(1, BRANCHES)
        )
        if weights is not None:
            state = read_weights(weights)
            check_weights(state, self.trunk.state_dict(), weights)
            self.trunk.load_state_dict(state, strict=False)

    def forward(
        self, image: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch channels feature_height feature_width"]:
        """Features of normalised RGB crops."""
        finest, *coarser = self.trunk(image)
        upsampling = (self.upsample_stage_2, self.upsample_stage_3, self.upsample_stage_4)
        return torch.cat([finest, *(up(branch) for up, branch in zip(upsampling, coarser, strict=True))], dim=1)


def _upsampling(channels: int, steps: int) -> nn.Sequential:
    """`steps` doublings of a map's side, its channels kept."""
    layers: list[nn.Module] = []
    for _ in range(steps):
        layers += [
            nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(inplace=True),
        ]
    return nn.Sequential(*layers)
