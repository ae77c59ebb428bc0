"""Learned queries that each attend once to the tokens of a picture."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class QueryAttention(nn.Module):
    """Single-head cross attention of `queries` learned queries: no residual, no normalisation, no feed-forward layer.

    Spec: MPQA. A last layer changes the width of the result where `out_width` differs from `width`.
    """

    def __init__(self, queries: int, width: int, out_width: int | None = None) -> None:
        super().__init__()
        self.queries = nn.Parameter(torch.randn(1, queries, width))
        self.to_query = nn.Linear(width, width, bias=False)
        self.to_key = nn.Linear(width, width, bias=False)
        self.to_value = nn.Linear(width, width, bias=False)
        self.to_out = nn.Identity() if out_width in (None, width) else nn.Linear(width, out_width or width)

    def forward(
        self, tokens: Float[Tensor, "batch tokens width"]
    ) -> tuple[Float[Tensor, "batch queries out_width"], Float[Tensor, "batch queries tokens"]]:
        """What each query found, and its attention over the tokens (rows sum to 1)."""
        query, key, value = self.to_query(self.queries), self.to_key(tokens), self.to_value(tokens)
        scores = query @ key.transpose(1, 2) * key.shape[-1] ** -0.5
        attention = scores.softmax(dim=-1)
        return self.to_out(attention @ value), attention
