"""What an encoder's features are worth at an epoch: a linear classifier's accuracy and gap on validation rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_shasam.training.balance import equalized_odds, even_weights
from auditkit_shasam.training.encoders.features import encode

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import nn

    from auditkit_shasam.training.rows import Rows

MOST_ROWS = 1024
"""Training rows that the probe learns from."""
PENALTY = 0.1
"""On the weights, as a share of a feature's mean sum of squares: a few rows for every feature are a noisy fit."""
LEAST_ROWS = 10
"""Validation rows of a class and group whose rate counts: a smaller cell's moves by more than a tenth per row."""


@dataclass(frozen=True, kw_only=True)
class Probed:
    """Accuracy and equalized odds (mean) of a probe on validation rows; groups of a class count the same."""

    accuracy: float
    gap: float

    @property
    def worth(self) -> float:
        """Accuracy less half the gap: with two groups about the accuracy in the group that is served worse."""
        return self.accuracy - self.gap / 2


class Probe:
    """Judges an encoder by a ridge regression to its classes; the same rows in every epoch."""

    def __init__(self, train: Rows, validation: Rows) -> None:
        places = np.linspace(0, len(train) - 1, min(len(train), MOST_ROWS)).astype(np.intp)
        self._train, self._validation = train.take(places), validation
        cells = validation.cells
        small = (cells.counts < LEAST_ROWS)[cells.target, cells.sensitive]
        self._known = validation.cells.take(np.flatnonzero(~small & (cells.sensitive >= 0)))
        self._kept = ~small & (cells.sensitive >= 0)
        self._even = even_weights(cells, strength=1.0, classes=False)

    def judge(self, encoder: nn.Module) -> Probed:
        """Return how well and how evenly the encoder's features tell the classes of validation rows."""
        learnt, asked = (
            encode(encoder, rows.inputs).cpu().double().numpy() for rows in (self._train, self._validation)
        )
        predicted = ridge_classes(
            learnt, self._train.cells.target, asked, classes=len(self._train.cells.target_names)
        )
        right = predicted == self._validation.cells.target
        return Probed(
            accuracy=float((right * self._even).sum()),
            gap=equalized_odds(predicted[self._kept], self._known),
        )


def ridge_classes(
    features: NDArray[np.float64], target: NDArray[np.int64], asked: NDArray[np.float64], *, classes: int
) -> NDArray[np.int64]:
    """Return the class int64 [m] that a ridge regression of features [n, d] to class indicators gives rows [m, d].

    Least squares of centred indicators with a penalty on the weights and none on the intercept.
    """
    centre = features.mean(axis=0)
    centred = features - centre
    indicators = np.eye(classes)[target]
    gram = centred.T @ centred
    penalty = max(PENALTY * float(np.trace(gram)) / len(gram), 1e-12)  # features may all be alike
    gram[np.diag_indices_from(gram)] += penalty
    weights = np.linalg.solve(gram, centred.T @ (indicators - indicators.mean(axis=0)))
    scores = (asked - centre) @ weights + indicators.mean(axis=0)
    found: NDArray[np.int64] = scores.argmax(axis=1)
    return found
