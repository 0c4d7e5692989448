"""Augmented views of table rows: some features forgotten, some noise added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor


def view(inputs: Tensor, *, dropout: float, noise: float, generator: torch.Generator) -> Tensor:
    """Return inputs [n, ...] with each value set to 0 with chance `dropout` and normal noise of this scale added.

    0 is the mean of a scaled number and "none of the levels" of a category. Kept values are not enlarged.
    """
    kept = torch.rand(inputs.shape, generator=generator) >= dropout
    return inputs * kept + noise * torch.randn(inputs.shape, generator=generator)
