"""Part queries over feature patches: the head of MPQA (Masked Part Query Attention)."""

from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from hpe.errors import UserError
from hpe.geometry.rotations import rotmat_from_6d
from hpe.heads.head import Head
from hpe.heads.mean_parameters import MeanParameters
from hpe.heads.patch_tokens import PatchTokens
from hpe.heads.pose_maps import JOINTS, PARTS, JointPoseMap, PartPoseMap, parameter_map
from hpe.heads.query_attention import QueryAttention
from hpe.types import Batch, HeadOutput

DROPPED = -1.0


class PartQueryHead(Head):
    """Each learned query becomes one part's features; linear maps read pose, shape and camera from them.

    `parts` is 24 (a query a joint) or 11 (a query a body part). With `split`, two further queries feed shape and
    camera alone; otherwise both read all queries. `width` is that of tokens and queries, `out_width` that of part
    features (None: the same). Patches and masking are those of `PatchTokens`. Raises UserError for another `parts`.
    """

    def __init__(
        self,
        channels: int,
        feature_size: int,
        patch: int = 4,
        width: int = 1536,
        out_width: int | None = None,
        parts: int = JOINTS,
        split: bool = False,
        mask_ratio: float = 0.0,
        mask_sampling: Literal["fixed", "uniform"] = "fixed",
        mean: MeanParameters | None = None,
    ) -> None:
        super().__init__()
        if parts not in (JOINTS, PARTS):
            raise UserError(f"part queries exist for {JOINTS} joints or {PARTS} parts, not {parts}: set head.parts")
        out = out_width or width
        self.parts, self.split = parts, split
        self.mean = mean or MeanParameters()
        self.tokens = PatchTokens(channels, feature_size, patch, width, mask_ratio, mask_sampling)
        self.attention = QueryAttention(parts + 2 * split, width, out)
        self.pose_map = JointPoseMap(out) if parts == JOINTS else PartPoseMap(out)
        self.betas_map, self.camera_map = (parameter_map(out if split else parts * out, size) for size in (10, 3))

    def forward(self, features: Float[Tensor, "batch channels height width"], batch: Batch) -> HeadOutput:
        """Parameters, and in `auxiliary` the six numbers a joint, the queries' features and their attention."""
        found, attention = self.attend(features)
        parts = found[:, : self.parts]
        shape, camera = (found[:, -2], found[:, -1]) if self.split else (parts.flatten(1), parts.flatten(1))
        pose6d = self.pose_map(parts) + self.mean.pose6d
        return HeadOutput(
            rotmats=rotmat_from_6d(pose6d),
            betas=self.betas_map(shape) + self.mean.betas,
            camera=self.camera_map(camera) + self.mean.camera,
            auxiliary={"pose6d": pose6d, "part_features": found, "attention": attention},
        )

    def attend(
        self, features: Float[Tensor, "batch channels height width"]
    ) -> tuple[Float[Tensor, "batch queries part_width"], Float[Tensor, "batch queries patches"]]:
        """Features of each query and its attention over the patches in raster order, -1 at dropped ones."""
        tokens, kept = self.tokens(features)
        found, attention = self.attention(tokens)
        if kept is None:
            return found, attention
        empty = torch.full_like(attention[..., :1], DROPPED).repeat(1, 1, self.tokens.count)
        return found, empty.scatter(2, kept[:, None].expand_as(attention), attention)
