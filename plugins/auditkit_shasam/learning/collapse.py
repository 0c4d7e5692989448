"""Whether features have become all alike, where the literal FLCMI loss is 0 and nothing was learnt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn.functional import normalize

if TYPE_CHECKING:
    from torch import Tensor

COLLAPSED = 0.999
"""Mean cosine between different rows from which features count as all alike."""


def mean_cosine(features: Tensor) -> float:
    """Return the mean cosine between different rows of features [n, d]; 1 for fewer than two rows."""
    n = len(features)
    if n < 2:
        return 1.0
    unit = normalize(features.detach().double(), dim=1)
    # The squared length of the sum holds every pair twice and every row's own square once.
    return float((unit.sum(dim=0).square().sum() - unit.square().sum()) / (n * (n - 1)))
