"""Which rows each model trains and is tested on: one split per trial, and one train set per share within it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mime.design.sizes import minority_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit_mime.design.sizes import Sizes

    Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Trial:
    """Row numbers: train [betas, rows], validation and test [2, rows], majority first; classes take equal parts.

    In the train set a place keeps its class at every beta, and holds a minority row from some beta on.
    """

    seed: int
    train: Rows
    validation: Rows
    test: Rows


def make_trial(
    cells: Sequence[Sequence[Rows]],
    sizes: Sizes,
    *,
    betas: Sequence[float],
    seed: int,
    rng: np.random.Generator,
) -> Trial:
    """Return one trial's rows, drawn from `cells[group][class]`, majority first.

    Test and validation rows are set aside first. Then every class's places are filled with majority rows, and at
    each share the last of them with minority rows: from one share to the next, rows are replaced and nothing else.
    """
    shuffled = [[rng.permutation(cell) for cell in group] for group in cells]
    ends = np.cumsum([sizes.test, sizes.validation])
    test = np.array([np.concatenate([cell[: ends[0]] for cell in group]) for group in shuffled])
    validation = np.array([np.concatenate([cell[ends[0] : ends[1]] for cell in group]) for group in shuffled])
    left = [[cell[ends[1] :] for cell in group] for group in shuffled]
    train = [
        np.concatenate(
            [
                _filled(major, minor, minority_rows(beta, sizes.train), sizes.train)
                for major, minor in zip(*left, strict=True)
            ]
        )
        for beta in betas
    ]
    return Trial(seed, np.array(train), validation, test)


def _filled(major: Rows, minor: Rows, replaced: int, size: int) -> Rows:
    """Return one class's places: majority rows, the last `replaced` of them minority rows."""
    return np.concatenate([major[: size - replaced], minor[:replaced][::-1]])


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
