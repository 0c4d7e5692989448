"""Hard-sample mining: a step learns from the least confident rows of each class in its batch (section H)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


def row_weights(log_share: Tensor, y: Tensor, *, classes: int, keep: int | None) -> Tensor:
    """Return how much each row of a batch counts in the mean loss, [m, b], sum 1 per model.

    `log_share` [m, b] is the log of the probability that the model gives to the row's class `y`. Without `keep` all
    rows count alike; with it, the `keep` rows of lowest probability in each class, or all where there are fewer.
    The supplement's snippet writes scores of positives at the negatives' place; this is what its text says.
    """
    if keep is None:
        return torch.full_like(log_share, 1 / log_share.shape[1])
    kept = torch.zeros_like(log_share)
    for label in range(classes):
        unsure = (-log_share).masked_fill(y != label, -torch.inf)
        worst, place = unsure.topk(min(keep, unsure.shape[1]), dim=1)
        kept.scatter_add_(1, place, torch.isfinite(worst).to(kept.dtype))
    return kept / kept.sum(dim=1, keepdim=True)
