"""The supervised contrastive loss: near to all of one class, far from all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn.functional import normalize

if TYPE_CHECKING:
    from torch import Tensor


class SupConLoss(nn.Module):
    """Mean over rows of -1/|P| sum over p in P of log(exp(z z_p / t) / sum over others of exp(z z_a / t)).

    P are the other rows of the row's class; a row without one is left out. Khosla et al., Supervised contrastive
    learning, 2020, equation 2.
    """

    def __init__(self, *, temperature: float = 0.7) -> None:
        super().__init__()
        self.temperature = temperature

    def forward(self, features: Tensor, target: Tensor) -> Tensor:
        """Return the loss, a scalar, of features [n, d] and classes int [n]; 0 if no two rows share a class."""
        unit = normalize(features, dim=1)
        itself = torch.eye(len(unit), dtype=torch.bool, device=unit.device)
        scaled = (unit @ unit.T / self.temperature).masked_fill(itself, -torch.inf)
        positive = (target[:, None] == target[None, :]) & ~itself
        log_share = (scaled - scaled.logsumexp(dim=1, keepdim=True)).masked_fill(~positive, 0)
        count = positive.sum(dim=1)
        of_row = -log_share.sum(dim=1) / count.clamp(min=1)
        return of_row.sum() / (count > 0).sum().clamp(min=1)
