"""Which rows are learned from, which decide a choice, and which are only measured on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit.values.subject import Subject

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
        """Return which of n rows were learned from or decided by, bool [n]."""
        import numpy as np

        learned = np.zeros(n, dtype=np.bool_)
        learned[np.concatenate((self.train, self.validation))] = True
        return learned

    def parts(self, n: int) -> NDArray[np.object_]:
        """Return what each of n rows is for, object [n]: train, validation, test, or None."""
        import numpy as np

        part = np.full(n, None, dtype=object)
        for name, rows in (("train", self.train), ("validation", self.validation), ("test", self.test)):
            part[rows] = name
        return part


def divide(
    subject: Subject,
    target: NDArray[np.int64],
    *,
    sensitive: NDArray[np.int64],
    held_out: float,
    rng: np.random.Generator,
) -> Division:
    """Return the division by the split column, else a random one that keeps the shares of every class and group.

    `target` and `sensitive` are codes [n], -1 where unknown. The split's train, fit or mine rows are learned from, its
    validation, valid, val or dev rows decide (without them 15 % of the training rows), all others are measured on.
    Raises DataError if a part is empty.
    """
    import numpy as np

    known = target >= 0
    if subject.split is None:
        test = draw_by_cell(target, sensitive, rows=np.flatnonzero(known), share=held_out, rng=rng)
        train = np.setdiff1d(np.flatnonzero(known), test)
    else:
        part = subject.column(subject.split).astype(str).str.casefold()
        train = np.flatnonzero(part.isin(TRAINING).to_numpy() & known)
        named = np.flatnonzero(part.isin(VALIDATION).to_numpy() & known)
        test = np.setdiff1d(np.flatnonzero(known), np.concatenate([train, named]))
        if len(named):
            return _checked(subject, Division(train=train, validation=named, test=test))
    validation = draw_by_cell(target, sensitive, rows=train, share=VALIDATION_SHARE, rng=rng)
    return _checked(
        subject, Division(train=np.setdiff1d(train, validation), validation=validation, test=test)
    )


def draw_by_cell(
    target: NDArray[np.int64],
    sensitive: NDArray[np.int64],
    *,
    rows: NDArray[np.intp],
    share: float,
    rng: np.random.Generator,
) -> NDArray[np.intp]:
    """Return, ascending, a random share of the rows of every cell of class and group."""
    import numpy as np

    cell = target[rows] * (int(sensitive.max(initial=-1)) + 2) + sensitive[rows]
    shuffled = rng.permutation(len(rows))
    by_cell = shuffled[np.argsort(cell[shuffled], kind="stable")]
    # Every 1 / share-th row of the list sorted by cell: each cell gives its share, to within one row.
    taken = np.floor(np.arange(1, len(rows) + 1) * share) > np.floor(np.arange(len(rows)) * share)
    drawn: NDArray[np.intp] = np.sort(rows[by_cell[taken]])
    return drawn


def _checked(subject: Subject, division: Division) -> Division:
    for rows, what in (
        (division.train, "to learn from"),
        (division.validation, "to validate on"),
        (division.test, "to measure on"),
    ):
        if len(rows) == 0:
            split = f"split column '{subject.split}'" if subject.split else subject.source
            message = f"{split} has no rows {what}; mark rows train, validation (may be left out) and test"
            raise DataError(message)
    return division
