"""AdamW, number for number as torch's own optimiser.

`torch.optim.AdamW` loads torch's compiler when it is made, a second in every process, and nothing here is compiled.
What it computes is a function of torch's that loads nothing.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import torch
from torch.optim.adamw import adamw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor

    from auditkit_mime.train.epochs import Optimiser

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8


class AdamW:
    """`torch.optim.AdamW` of some weights with torch's defaults (Loshchilov and Hutter, 2019).

    `state` holds, by weight, the count of its steps and the running means of its gradient and of its square, once it
    has taken a step. A `fused` step is one call for each device.
    """

    def __init__(self, weights: Iterable[Tensor], optimiser: Optimiser, *, fused: bool = False) -> None:
        self._weights, self._optimiser, self._fused = tuple(weights), optimiser, fused
        self.state: defaultdict[Tensor, dict[str, Tensor]] = defaultdict(dict)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for weight in self._weights:
            weight.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Move every weight that has a gradient."""
        moved = {weight: weight.grad for weight in self._weights if weight.grad is not None}
        for weight in moved:
            if not self.state[weight]:
                self.state[weight] = self._begun(weight)
        memory = [self.state[weight] for weight in moved]
        adamw(
            [*moved],
            [*moved.values()],
            [one["exp_avg"] for one in memory],
            [one["exp_avg_sq"] for one in memory],
            [],
            [one["step"] for one in memory],
            fused=self._fused or None,  # None: torch chooses by the weights' device
            amsgrad=False,
            beta1=BETA_1,
            beta2=BETA_2,
            lr=self._optimiser.learning_rate,
            weight_decay=self._optimiser.weight_decay,
            eps=EPSILON,
            maximize=False,
        )

    def _begun(self, weight: Tensor) -> dict[str, Tensor]:
        """Return the memory before the first step; only the fused step counts on the weight's device."""
        return {
            "step": torch.zeros((), dtype=torch.float32, device=weight.device if self._fused else "cpu"),
            "exp_avg": torch.zeros_like(weight),
            "exp_avg_sq": torch.zeros_like(weight),
        }
