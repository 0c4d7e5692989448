"""A set loss and a cross-entropy together, so that features that collapse still pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import nn
from torch.nn.functional import cross_entropy

if TYPE_CHECKING:
    from torch import Tensor


class JointLoss(nn.Module):
    """mined(A, P, N) + weight * cross-entropy of the class scores of the same rows."""

    def __init__(self, mined: nn.Module, *, weight: float = 1.0) -> None:
        super().__init__()
        self.mined = mined
        self.weight = weight

    def forward(
        self, anchors: Tensor, positives: Tensor, negatives: Tensor, *, scores: Tensor, target: Tensor
    ) -> Tensor:
        """Return the loss, a scalar, of three sets of features and scores [n, classes] with classes int [n]."""
        loss: Tensor = self.mined(anchors, positives, negatives)
        return loss + self.weight * cross_entropy(scores, target)
