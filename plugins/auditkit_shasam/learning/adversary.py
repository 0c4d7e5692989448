"""An adversary that reads the sensitive group, and a gradient that works against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy

if TYPE_CHECKING:
    from torch import Tensor


class _Reverse(torch.autograd.Function):
    """The identity whose gradient is multiplied by -strength."""

    @staticmethod
    def forward(ctx: Any, features: Tensor, strength: float) -> Tensor:
        ctx.strength = strength
        return features.view_as(features)

    @staticmethod
    def backward(ctx: Any, *gradient: Tensor) -> tuple[Tensor, None]:
        return -ctx.strength * gradient[0], None


def reverse_gradient(features: Tensor, strength: float = 1.0) -> Tensor:
    """Return the features unchanged; their gradient is multiplied by -strength (Ganin and Lempitsky, 2015)."""
    reversed_: Tensor = _Reverse.apply(features, strength)  # type: ignore[no-untyped-call]  # torch has no types here
    return reversed_


class Adversary(nn.Module):
    """Cross-entropy of a hidden-layer classifier of the sensitive group behind a reversed gradient.

    Minimising it teaches the classifier to find the group and the features to hide it (GRL; Raff and Sylvester, 2018).
    """

    def __init__(self, features: int, groups: int, *, hidden: int = 64, strength: float = 1.0) -> None:
        super().__init__()
        self.strength = strength
        self.head = nn.Sequential(nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, groups))

    def forward(self, features: Tensor, sensitive: Tensor) -> Tensor:
        """Return the loss, a scalar, of features [n, d] and groups int [n]; -1 is an unknown group."""
        return cross_entropy(self.head(reverse_gradient(features, self.strength)), sensitive, ignore_index=-1)
