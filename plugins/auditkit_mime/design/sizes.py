"""How many rows models train and are tested on: what the groups allow at every share that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TRAIN, TEST = 2600, 300
"""Rows to train on, and to test each group on, where the user does not say (the paper's, for Adult)."""
PART = 4
"""Where the user does not say, one row in four of the smallest cell is set aside for testing before the train set."""
MOST_TEST = 5000
"""Rows of each group that rows which no train set needs may make of the test set."""


@dataclass(frozen=True)
class Sizes:
    """Rows of each class: in a train set, in the validation rows and in the test rows of one group."""

    train: int
    validation: int
    test: int


def minority_rows(beta: float, per_class: int) -> int:
    """Return how many of a class's train rows are of the minority, halves rounded up."""
    return int(np.floor(beta * per_class + 0.5))


def most_rows(train: int | None, test: int | None, validation: int | None) -> int:
    """Return how many rows a trial draws at most: two groups to train on and to test, and to choose the epoch by."""
    return 2 * ((train or TRAIN) + (test or MOST_TEST) + (validation or test or TEST))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Rows that the user asked for, None where not; `epochs` says whether there is an epoch to choose."""

    train: int | None = None
    test: int | None = None
    validation: int | None = None
    epochs: bool = True


def choose_sizes(counts: NDArray[np.int64], asked: Asked, *, betas: Sequence[float], classes: int) -> Sizes:
    """Return the sizes per class, those that were not asked for as large as the paper's where the rows allow.

    `counts` is [2, classes], majority first. Totals that the classes do not divide are rounded down. Rows that no
    train set needs are tested on, too; without an epoch to choose no validation rows are set aside.
    """
    smallest = int(counts.min())
    shares = (1 - min(betas), max(betas))
    of_test = max(1, min(TEST // classes, smallest // PART)) if asked.test is None else asked.test // classes
    of_validation = of_test if asked.validation is None else asked.validation // classes
    of_validation = of_validation if asked.epochs else 0
    left = counts.min(axis=1) - of_validation
    if asked.train is None:
        reach = [
            int(rows - of_test) / share if share else np.inf for rows, share in zip(left, shares, strict=True)
        ]
        of_train = max(1, int(min(TRAIN // classes, *reach)))
    else:
        of_train = asked.train // classes
    if asked.test is None:
        spare = min(
            int(rows) - minority_rows(share, of_train) for rows, share in zip(left, shares, strict=True)
        )
        of_test = max(of_test, min(MOST_TEST // classes, spare))
    return Sizes(of_train, of_validation, of_test)


def check_reach(
    counts: NDArray[np.int64],
    sizes: Sizes,
    *,
    betas: Sequence[float],
    groups: Sequence[str],
    classes: Sequence[str],
    epochs: bool = True,
) -> None:
    """Raise DataError if a group lacks a class, or the rows for some share, with the shares that can be reached."""
    for group, of_group in zip(groups, counts, strict=True):
        for name, rows in zip(classes, of_group, strict=True):
            if rows == 0:
                message = f"group '{group}' has no row of class '{name}'; mime balances classes in each group"
                raise DataError(message)
    _check_positive(sizes, classes=len(classes), epochs=epochs)
    _check_group(counts[0], sizes, beta=min(betas), minority=False, group=groups[0], classes=classes)
    _check_group(counts[1], sizes, beta=max(betas), minority=True, group=groups[1], classes=classes)


def _check_positive(sizes: Sizes, *, classes: int, epochs: bool) -> None:
    chosen = (("--validation-size", sizes.validation),) if epochs else ()
    for name, size in (("--train-size", sizes.train), ("--test-size", sizes.test), *chosen):
        if size < 1:
            message = f"{name} must be at least {classes}, one row for each class"
            raise DataError(message)


def _check_group(
    rows: NDArray[np.int64],
    sizes: Sizes,
    *,
    beta: float,
    minority: bool,
    group: str,
    classes: Sequence[str],
) -> None:
    """Raise DataError if a group's rows of each class, [classes], are too few for its part of the train set at beta."""
    share = beta if minority else 1 - beta
    place, k = int(rows.argmin()), len(classes)
    left = int(rows[place]) - sizes.test - sizes.validation
    needed = minority_rows(share, sizes.train)
    if needed <= left:
        return
    told = (
        f"group '{group}' has {int(rows[place]):,} rows of class '{classes[place]}'; testing takes {sizes.test:,} and "
        f"choosing the epoch {sizes.validation:,}, so that {max(left, 0):,} can train, and --train-size "
        f"{sizes.train * k:,} asks for {needed:,} at beta = {beta:g}"
    )
    if left < 1:
        message = f"{told}; lower --test-size"
        raise DataError(message)
    limit = min(left / sizes.train, 1.0)
    most, least = np.floor(limit * 100) / 100, np.ceil((1 - limit) * 100) / 100
    reached = f"up to {most:g}" if minority else f"from {least:g}"
    message = f"{told}; reachable is beta {reached}, or all shares at --train-size {int(left / share) * k:,}"
    raise DataError(message)
