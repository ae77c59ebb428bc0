"""HRNet with its four branches joined into one map, as PARE and MPQA use it, and HMR."""

from typing import Literal

from jaxtyping import Float
from torch import Tensor

from hpe.backbones.backbone import Backbone, preprocessing_of
from hpe.backbones.fusion import BRANCHES, ConvolvedFusion, InterpolatedFusion
from hpe.backbones.timm_backbone import create_features
from hpe.backbones.weights import check_weights, read_weights
from hpe.errors import UserError

FINEST = 4


class HRNet(Backbone):
    """HRNet (Sun et al., CVPR 2019) of width 32 or 48; 15 * width channels come out (480 or 720).

    `stride` 4 brings all branches to the size of the finest, as PARE does (Kocabas et al., ICCV 2021), 32 to that of
    the coarsest, as its HMR does; `fusion` says whether by learned steps ("conv") or by interpolation ("interp"). The
    trunk is timm's, under the names of the pose estimation checkpoints, so that `weights` may be such a file (COCO or
    MPII pose) or one of timm's. Raises UserError for another width and for weights that do not fit.
    """

    def __init__(
        self,
        width: int = 32,
        fusion: Literal["conv", "interp"] = "conv",
        stride: Literal[4, 32] = 4,
        pretrained: bool = False,
        weights: str | None = None,
    ) -> None:
        if width not in (32, 48):
            raise UserError(f"HRNet comes in widths 32 and 48, not {width}: set backbone.width")
        name = f"hrnet_w{width}"
        super().__init__(name, 15 * width, stride, preprocessing_of(name), multiple=32)
        # An empty feature_location leaves out the classification network's widening of each branch.
        self.trunk = create_features(name, (1, 2, 3, 4), pretrained and weights is None, None, feature_location="")
        target = 0 if stride == FINEST else BRANCHES - 1
        self.fusion = ConvolvedFusion(width, target) if fusion == "conv" else InterpolatedFusion(target)
        if weights is not None:
            state = read_weights(weights)
            check_weights(state, self.trunk.state_dict(), weights)
            self.trunk.load_state_dict(state, strict=False)

    def forward(
        self, image: Float[Tensor, "batch 3 height width"]
    ) -> Float[Tensor, "batch channels feature_height feature_width"]:
        """Features of normalised RGB crops."""
        return self.fusion(self.trunk(image))
