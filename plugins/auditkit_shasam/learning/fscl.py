"""The fair supervised contrastive loss: negatives share the sensitive group, so that it separates nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn.functional import normalize

if TYPE_CHECKING:
    from torch import Tensor


class FSCLLoss(nn.Module):
    """-log(exp(z z_p / t) / (exp(z z_p / t) + sum over N of exp(z z_n / t))), averaged over positives and rows.

    Positives are the other rows of the class, negatives the rows of other classes in the row's sensitive group.
    With `group_normalised` (FSCL+) every group weighs the same among a row's positives, and every cell of
    class and group weighs the same among rows. Park et al., Fair contrastive learning for facial attribute
    classification, 2022; the positive itself stands in the denominator here, which keeps the loss above 0.
    """

    def __init__(self, *, temperature: float = 0.7, group_normalised: bool = True) -> None:
        super().__init__()
        self.temperature = temperature
        self.group_normalised = group_normalised

    def forward(self, features: Tensor, target: Tensor, sensitive: Tensor) -> Tensor:
        """Return the loss, a scalar, of features [n, d], classes int [n] and groups int [n].

        Rows without a positive or without a negative are left out; 0 if none remains.
        """
        unit = normalize(features, dim=1)
        scaled = unit @ unit.T / self.temperature
        itself = torch.eye(len(unit), dtype=torch.bool, device=unit.device)
        alike = target[:, None] == target[None, :]
        positive = alike & ~itself
        negative = ~alike & (sensitive[:, None] == sensitive[None, :])
        repelled = scaled.masked_fill(~negative, -torch.inf)
        usable = positive.any(dim=1) & negative.any(dim=1)
        if not bool(usable.any()):
            return scaled.sum() * 0
        positive, scaled, repelled = positive[usable], scaled[usable], repelled[usable]
        # log(1 + sum_n exp(s_n) / exp(s_p)) for each positive, by a stable log of a sum of exponentials.
        loss = torch.logaddexp(repelled.logsumexp(dim=1, keepdim=True), scaled) - scaled
        weight = positive.to(loss.dtype)
        if self.group_normalised:
            weight = weight / self._sizes(positive, sensitive).to(weight.dtype)
        of_row = (loss * weight).sum(dim=1) / weight.sum(dim=1)
        if not self.group_normalised:
            return of_row.mean()
        cell = target[usable] * (sensitive.max() + 1) + sensitive[usable]
        share = 1 / torch.bincount(cell)[cell].to(loss.dtype)
        return (of_row * share).sum() / share.sum()

    @staticmethod
    def _sizes(positive: Tensor, sensitive: Tensor) -> Tensor:
        """Return how many positives of a row share each column's group, at least 1, [m, n]."""
        same = (sensitive[:, None] == sensitive[None, :]).to(torch.float64)
        return (positive.to(torch.float64) @ same).clamp(min=1)
