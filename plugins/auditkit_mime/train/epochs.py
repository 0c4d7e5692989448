"""Trains models epoch after epoch and takes each as it was after its best one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, assert_never

import numpy as np

from auditkit_mime.train.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from torch import Tensor

    from auditkit_mime.design.trials import ModelRows

    State = Mapping[str, Tensor]


Selection = Literal["validation", "best-test"]


@dataclass(frozen=True)
class Optimiser:
    """AdamW's settings, and how many rows of each class hard mining keeps of a batch (None: no mining)."""

    learning_rate: float
    weight_decay: float
    hard_kept: int | None = None


@dataclass(frozen=True, kw_only=True)
class Training:
    """How models learn that learn epoch after epoch, and which rows choose the epoch.

    `device` is where torch computes, `weights` a file that a module starts from.
    """

    optimiser: Optimiser
    batch_size: int
    epochs: int
    selection: Selection
    device: str = "cpu"
    weights: str | None = None


class Trainee(Protocol):
    """One or many models that learn together, each on its own rows."""

    rows: ModelRows

    def epoch(self, number: int) -> None:
        """Learn from every train row once, in an order that depends on the seeds and the number only."""

    def right(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether each model predicts its rows [m, ...] right, the same shape."""

    def projected(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return w'f of each model on its rows [m, ...], the same shape."""

    def keep(self, models: NDArray[np.bool_]) -> None:
        """Remember these models as they are now."""

    def recall(self) -> None:
        """Turn every model back into what was remembered of it."""

    def state(self) -> dict[str, Tensor]:
        """Return a copy of all that later epochs depend on."""

    def resume(self, state: State) -> None:
        """Go on from a state."""


class EpochChoice:
    """Remembers each model after the epoch that its selection rows liked best, the earliest of equals.

    By validation, the rows of both groups together choose one epoch per model. By best test, as in the paper, each
    group's accuracy is the highest on its test rows over all epochs; the model kept is the majority's.
    """

    def __init__(self, trainee: Trainee, selection: Selection) -> None:
        self.trainee, self.selection = trainee, selection
        m, _, t = trainee.rows.test.shape
        self.best = np.full((m, 2), -1, dtype=np.int64)
        self.at = np.zeros((m, 2), dtype=np.int64)
        self.seen = np.zeros((m, 2, t), dtype=bool)

    def look(self, epoch: int) -> None:
        """Judge the models after this many epochs."""
        match self.selection:
            case "validation":
                count = self.trainee.right(self.trainee.rows.validation).sum(axis=(1, 2))
                better = (count > self.best[:, 0])[:, None].repeat(2, axis=1)
                self.best = np.maximum(self.best, count[:, None])
            case "best-test":
                right = self.trainee.right(self.trainee.rows.test)
                better = right.sum(axis=2) > self.best
                self.best = np.maximum(self.best, right.sum(axis=2))
                self.seen[better] = right[better]
            case _:
                assert_never(self.selection)
        self.at[better] = epoch
        if better[:, 0].any():
            self.trainee.keep(better[:, 0])

    def outcome(self) -> Outcome:
        """Return what the chosen models say about their test rows."""
        self.trainee.recall()
        test = self.trainee.rows.test
        right = self.seen if self.selection == "best-test" else self.trainee.right(test)
        return Outcome(right, self.trainee.projected(test), self.at[:, 0])

    def state(self) -> dict[str, Tensor]:
        """Return a copy of what was remembered, but for the models."""
        import torch

        return {name: torch.from_numpy(getattr(self, name).copy()) for name in ("best", "at", "seen")}

    def resume(self, state: State) -> None:
        """Go on from a state."""
        for name in ("best", "at", "seen"):
            setattr(self, name, state[name].numpy().copy())


def order_of(seed: int, epoch: int, rows: int) -> NDArray[np.int64]:
    """Return the order of the train rows in an epoch, int64 [rows]: the same for every share of a trial."""
    return np.random.default_rng([seed, epoch]).permutation(rows)
