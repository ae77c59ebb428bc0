"""Part attention: the head of PARE (Part Attention Regressor)."""

from collections.abc import Callable

from jaxtyping import Float
from torch import Tensor, nn

from hpe.errors import UserError
from hpe.geometry.rotations import rotmat_from_6d
from hpe.heads.branches import Branch, convolution
from hpe.heads.coattention import CoAttention
from hpe.heads.head import Head
from hpe.heads.joint_regression import JointRegression
from hpe.heads.mean_parameters import MeanParameters
from hpe.heads.pooling import AttentionPooling, centres, pool
from hpe.heads.pose_maps import JOINTS
from hpe.types import Batch, HeadOutput


class PartAttentionHead(Head):
    """Segments the body into 24 parts and reads each joint's rotation from where its part is seen.

    Kocabas et al., PARE, ICCV 2021. A part branch gives maps, a feature branch what is pooled by them: features for
    the rotations, and `shape_width` of them a joint for shape and camera. `branch`, `coattention` and `regression`
    make the parts of the head once the widths are known; `pooling` turns maps into weights of positions.
    `background` adds a map for what is no part, as supervision by part labels needs; without it the maps are attention
    alone. `shared_branch` pools the part branch's own features. `project_pooled` adds a linear layer after pooling.

    Options of the published code that no published number depends on are left out: non-local layers, repeated branches,
    soft attention of a shared map, stacks of linear maps, residual blocks in branches, maps of coordinates.
    Raises UserError for co-attention of a shared branch.
    """

    def __init__(
        self,
        channels: int,
        branch: Callable[[int], Branch] = convolution,
        pooling: nn.Module | None = None,
        regression: Callable[[int, int], nn.Module] = JointRegression,
        coattention: Callable[[int], CoAttention] | None = None,
        background: bool = True,
        shape_width: int = 64,
        shared_branch: bool = False,
        project_pooled: bool = False,
        mean: MeanParameters | None = None,
    ) -> None:
        super().__init__()
        if shared_branch and coattention:
            raise UserError("co-attention is between two branches: set head.shared_branch=false")
        self.background = background
        self.part_branch = branch(channels)
        width = self.part_branch.width
        self.feature_branch = None if shared_branch else branch(channels)
        self.coattention = coattention(width) if coattention else None
        self.part_map = nn.Conv2d(width, JOINTS + background, 1)
        self.shape_map = nn.Conv2d(width, shape_width, 1)
        self.pooling = pooling or AttentionPooling()
        self.pose_projection, self.shape_projection = (
            nn.Linear(size, size) if project_pooled else nn.Identity() for size in (width, shape_width)
        )
        self.regression = regression(width, shape_width)
        self.mean = mean or MeanParameters()

    def forward(self, features: Float[Tensor, "batch channels height width"], batch: Batch) -> HeadOutput:
        """Parameters, and in `auxiliary` what they were read from.

        `part_logits` [batch 25 h w], background first, part k + 1 that of SMPL joint k (without background
        `joint_logits` [batch 24 h w]); `attention` [batch 24 h w], the weights of all positions, and
        `attention_centres` [batch 24 2] in crop units; `pose_features` and `shape_features` [batch 24 width] as
        pooled; `pose6d` [batch 24 6].
        """
        parts, seen = self.branches(features)
        logits = self.part_map(parts)
        attention = self.pooling(logits[:, int(self.background) :])
        pose_features = self.pose_projection(pool(seen, attention))
        shape_features = self.shape_projection(pool(self.shape_map(seen), attention))
        pose6d, betas, camera = self.regression(pose_features, shape_features, self.mean)
        auxiliary = {
            "part_logits" if self.background else "joint_logits": logits,
            "attention": attention,
            "attention_centres": centres(attention),
            "pose_features": pose_features,
            "shape_features": shape_features,
            "pose6d": pose6d,
        }
        return HeadOutput(rotmat_from_6d(pose6d), betas, camera, auxiliary)

    def branches(self, features: Float[Tensor, "batch channels height width"]) -> tuple[Tensor, Tensor]:
        """Maps of the part branch and of the feature branch, once they have attended to each other."""
        parts = self.part_branch(features)
        seen = parts if self.feature_branch is None else self.feature_branch(features)
        return (parts, seen) if self.coattention is None else self.coattention(parts, seen)
