"""The epochs of stage 1 as they happened, which of them is kept, and why training ended."""

from __future__ import annotations

import copy
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit_shasam.mining import Hardness
from auditkit_shasam.training.probe import Probed

if TYPE_CHECKING:
    from auditkit_shasam.training.encoders.named import Network

SMOOTHED = 3
"""Epochs whose probes are averaged."""


@dataclass(frozen=True, kw_only=True)
class Epoch:
    """What one epoch did: mean training loss, loss on validation rows, seconds.

    `validation` is None without enough rows, `probed` where the loss itself decides (ce) or no validation rows are,
    `hardness` where no set was mined.
    """

    loss: float
    validation: float | None
    mean_cosine: float
    seconds: float
    mining_seconds: float
    probed: Probed | None = None
    hardness: Hardness | None = None

    @property
    def worth(self) -> float | None:
        """What epochs are chosen by, the larger the better: the probe, else the loss; None if neither is there."""
        if self.probed is not None:
            return self.probed.worth
        return None if self.validation is None else -self.validation


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """Why training ended before its last epoch: a loss that was not finite, or validation that improved no more."""

    finite: bool
    words: str


@dataclass(frozen=True, kw_only=True)
class FirstStage:
    """The epochs of stage 1, which of them was kept (from 0), and why it stopped early, if it did.

    `found` of the epochs were done already, by a run that was interrupted.
    """

    epochs: tuple[Epoch, ...]
    kept: int
    stopped: Stopped | None = None
    found: int = 0


@dataclass(kw_only=True)
class Progress:
    """What training has come to: the epochs, the best of them with its weights, and why it ended, if it did."""

    weights: dict[str, Any]
    epochs: list[Epoch] = field(default_factory=list)
    best: float = -np.inf
    kept: int = -1
    stopped: Stopped | None = None

    def take(self, epoch: Epoch, network: Network) -> None:
        """Take in an epoch, and the network's weights if no epoch before was better.

        A probe of one epoch is noisy: epochs are compared by its mean over the last three. Without validation rows
        the last epoch counts as the best.
        """
        self.epochs.append(epoch)
        last = [one.worth for one in self.epochs[-SMOOTHED if epoch.probed else -1 :]]
        known = [worth for worth in last if worth is not None]
        if not known or np.mean(known) > self.best:
            self.best = float(np.mean(known)) if known else self.best
            self.kept = len(self.epochs) - 1
            self.weights = copy.deepcopy(network.state_dict())

    def state(self) -> dict[str, Any]:
        """Return it as plain values and tensors."""
        return asdict(self)

    def restore(self, state: dict[str, Any]) -> None:
        """Become what `state` returned."""
        self.weights, self.best, self.kept = state["weights"], state["best"], state["kept"]
        self.stopped = Stopped(**state["stopped"]) if state["stopped"] else None
        self.epochs = [_epoch(epoch) for epoch in state["epochs"]]


def _epoch(state: dict[str, Any]) -> Epoch:
    parts = {
        name: made(**state[name]) if state[name] else None
        for name, made in (("probed", Probed), ("hardness", Hardness))
    }
    return Epoch(**{**state, **parts})
