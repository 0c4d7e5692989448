"""What the models of a sweep said about their test rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit_mime.design import Trial

Selection = Literal["validation", "best-test"]


@dataclass(frozen=True, eq=False)
class Outcome:
    """Per model and group (majority first): right bool [m, 2, rows] on its test rows; projected float32, alike.

    `projected` is w'f, NaN where a model has no last layer to project on. `epoch` int64 [m] counts the epochs after
    which the model was taken, 0 where there are none to choose from.
    """

    right: NDArray[np.bool_]
    projected: NDArray[np.float32]
    epoch: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ModelRows:
    """Rows of each model, trial after trial and in it share after share: train [m, n], others [m, 2, rows].

    `seeds` [m] give initial weights and the order of rows, the same for all shares of a trial.
    """

    seeds: tuple[int, ...]
    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.seeds)

    def part(self, models: slice) -> ModelRows:
        """Return the rows of some of the models."""
        return ModelRows(self.seeds[models], self.train[models], self.validation[models], self.test[models])


def model_rows(trials: Sequence[Trial], *, used: NDArray[np.int64]) -> ModelRows:
    """Return the rows of every model, as places in `used`, the sorted row numbers that inputs were read for."""
    betas = len(trials[0].train)
    return ModelRows(
        tuple(trial.seed for trial in trials for _ in range(betas)),
        np.searchsorted(used, np.concatenate([trial.train for trial in trials])),
        np.repeat(np.searchsorted(used, np.array([trial.validation for trial in trials])), betas, axis=0),
        np.repeat(np.searchsorted(used, np.array([trial.test for trial in trials])), betas, axis=0),
    )


def joined(parts: Sequence[Outcome]) -> Outcome:
    """Return the outcomes of several lots of models as one."""
    return Outcome(
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.projected for part in parts]),
        np.concatenate([part.epoch for part in parts]),
    )
