"""Which rows are learnt from, which decide when to stop, and which are only measured on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit import DataError, UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Subject
    from auditkit_shasam.mining import Cells

TRAINING = ("train", "fit", "mine")
VALIDATION = ("validation", "valid", "val", "dev")
VALIDATION_SHARE = 0.15


@dataclass(frozen=True, eq=False, kw_only=True)
class Division:
    """Row numbers, intp, ascending and disjoint; only rows whose class is known are in any."""

    train: NDArray[np.intp]
    validation: NDArray[np.intp]
    test: NDArray[np.intp]

    def learned_from(self, n: int) -> NDArray[np.bool_]:
        """Return which of n rows were learnt from or stopped by, bool [n]."""
        learned = np.zeros(n, dtype=np.bool_)
        learned[np.concatenate((self.train, self.validation))] = True
        return learned


def divide(subject: Subject, cells: Cells, *, held_out: float, rng: np.random.Generator) -> Division:
    """Return the division by the split column, else a random one that keeps every cell's shares.

    The split's train, fit or mine rows are learnt from, its validation, valid, val or dev rows decide when to
    stop (without them 15 % of the training rows), all others are measured on. Raises DataError if a part is empty.
    """
    known = cells.target >= 0
    if subject.split is None:
        test = draw_by_cell(cells, np.flatnonzero(known), held_out, rng)
        train = np.setdiff1d(np.flatnonzero(known), test)
        validation = draw_by_cell(cells, train, VALIDATION_SHARE, rng)
        return _checked(subject, train=np.setdiff1d(train, validation), validation=validation, test=test)
    part = subject.column(subject.split).astype(str).str.casefold()
    learnt = np.flatnonzero(part.isin(TRAINING).to_numpy() & known)
    validation = np.flatnonzero(part.isin(VALIDATION).to_numpy() & known)
    test = np.setdiff1d(np.flatnonzero(known), np.concatenate([learnt, validation]))
    if len(validation) == 0:
        validation = draw_by_cell(cells, learnt, VALIDATION_SHARE, rng)
    return _checked(subject, train=np.setdiff1d(learnt, validation), validation=validation, test=test)


def unbalanced(division: Division, cells: Cells, *, imbalance: float, rng: np.random.Generator) -> Division:
    """Return as many of the rows as make two classes and two groups planted (SHaSaM's UTKFace, section 4).

    Of the training rows each group keeps one class `imbalance` times as often as the other, the first group the first
    class; of the other parts every cell keeps the same number. Raises UsageError unless classes and groups are two.
    """
    if cells.counts.shape != (2, 2):
        classes, groups = cells.counts.shape
        message = f"imbalance needs two classes and two groups, there are {classes} and {groups}; see versus"
        raise UsageError(message)
    own = np.array([[imbalance, 1.0], [1.0, imbalance]])
    return Division(
        train=_keep(division.train, cells, own, rng),
        validation=_keep(division.validation, cells, np.ones((2, 2)), rng),
        test=_keep(division.test, cells, np.ones((2, 2)), rng),
    )


def _keep(
    rows: NDArray[np.intp], cells: Cells, shares: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.intp]:
    """Return, ascending, the most rows whose cells are as large as the shares [2, 2], to within one row."""
    counts = cells.take(rows).counts
    wanted = np.floor(shares * float((counts / shares).min()) + 1e-9).astype(int)
    if wanted.min() < 1:
        message = "imbalance cannot be drawn: a target class and sensitive group have no rows in some part"
        raise DataError(message)
    found = []
    for i, j in np.ndindex(2, 2):
        cell = rows[(cells.target[rows] == i) & (cells.sensitive[rows] == j)]
        found.append(rng.choice(cell, size=wanted[i, j], replace=False))
    return np.sort(np.concatenate(found))


def draw_by_cell(
    cells: Cells, rows: NDArray[np.intp], share: float, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Return, ascending, a random share of the rows of every cell of class and group."""
    cell = cells.target[rows] * (len(cells.sensitive_names) + 1) + cells.sensitive[rows]
    shuffled = rng.permutation(len(rows))
    by_cell = shuffled[np.argsort(cell[shuffled], kind="stable")]
    # Every 1 / share-th row of the list sorted by cell: each cell gives its share, to within one row.
    taken = np.floor(np.arange(1, len(rows) + 1) * share) > np.floor(np.arange(len(rows)) * share)
    return np.sort(rows[by_cell[taken]])


def _checked(
    subject: Subject, *, train: NDArray[np.intp], validation: NDArray[np.intp], test: NDArray[np.intp]
) -> Division:
    for rows, what in ((train, "to learn from"), (validation, "to validate on"), (test, "to measure on")):
        if len(rows) == 0:
            split = f"split column '{subject.split}'" if subject.split else subject.source
            message = f"{split} has no rows {what}; mark rows train, validation (may be left out) and test"
            raise DataError(message)
    return Division(train=train, validation=validation, test=test)
