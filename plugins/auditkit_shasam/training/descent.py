"""Gradient descent with momentum whose rate falls along a cosine, number for number as torch's own optimiser.

`torch.optim.SGD` loads torch's compiler when it is made, a second in every process, and nothing here is compiled. What
it computes is a function of torch's that loads nothing.
"""

from __future__ import annotations

from math import cos, pi
from typing import TYPE_CHECKING, Any

import torch
from torch.optim.sgd import sgd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor

MOMENTUM = 0.9
DECAY = 1e-4
"""Of the weights, as a penalty on their squares."""


class Descent:
    """`torch.optim.SGD` of some weights with `CosineAnnealingLR` over so many epochs, to rate 0."""

    def __init__(
        self, weights: Iterable[Tensor], *, rate: float, epochs: int, nesterov: bool = False
    ) -> None:
        self._weights, self._epochs, self._nesterov = tuple(weights), epochs, nesterov
        self._rate, self._epoch = rate, 0
        self._velocity: list[Tensor | None] = [None] * len(self._weights)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for weight in self._weights:
            weight.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Move every weight that has a gradient."""
        moved = {i: weight.grad for i, weight in enumerate(self._weights) if weight.grad is not None}
        velocity = [self._velocity[i] for i in moved]
        sgd(
            [self._weights[i] for i in moved],
            [*moved.values()],
            velocity,  # filled where it was None
            weight_decay=DECAY,
            momentum=MOMENTUM,
            lr=self._rate,
            dampening=0,
            nesterov=self._nesterov,
            maximize=False,
        )
        for i, moving in zip(moved, velocity, strict=True):
            self._velocity[i] = moving

    def end_epoch(self) -> None:
        """Lower the rate: (1 + cos(pi t / T)) / (1 + cos(pi (t - 1) / T)) of what it was after t of T epochs.

        From one rate to the next, as torch has it: the rate as a function of t differs in its last digit.
        """
        self._epoch += 1
        now, before = (1 + cos(pi * t / self._epochs) for t in (self._epoch, self._epoch - 1))
        self._rate = now / before * self._rate

    def state_dict(self) -> dict[str, Any]:
        """Return all that the next step depends on beside the weights."""
        return {"rate": self._rate, "epoch": self._epoch, "velocity": list(self._velocity)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from a state, wherever its tensors are."""
        self._rate, self._epoch = state["rate"], state["epoch"]
        self._velocity = [
            None if one is None else one.to(weight.device)
            for one, weight in zip(state["velocity"], self._weights, strict=True)
        ]
