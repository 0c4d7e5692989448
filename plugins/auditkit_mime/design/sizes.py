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
"""Most rows to train on, and to test each group on, where the user does not say (the paper's, for Adult)."""
PART = 4
"""Where the user does not say, at most one row in four of the smallest cell is for testing."""


@dataclass(frozen=True)
class Sizes:
    """Rows of each class: in a train set, in the validation rows and in the test rows of one group."""

    train: int
    validation: int
    test: int


def minority_rows(beta: float, per_class: int) -> int:
    """Return how many of a class's train rows are of the minority, halves rounded up."""
    return int(np.floor(beta * per_class + 0.5))


def choose_sizes(
    counts: NDArray[np.int64],
    *,
    betas: Sequence[float],
    classes: int,
    train: int | None,
    test: int | None,
    validation: int | None,
) -> Sizes:
    """Return the sizes per class, those that were not given as large as the paper's where the rows allow.

    `counts` is [2, classes], majority first. Totals that the classes do not divide are rounded down.
    """
    smallest = int(counts.min())
    of_test = max(1, min(TEST // classes, smallest // PART)) if test is None else test // classes
    of_validation = of_test if validation is None else validation // classes
    if train is not None:
        return Sizes(train // classes, of_validation, of_test)
    left = counts.min(axis=1) - of_test - of_validation
    reach = [
        (int(rows) / share if share else np.inf)
        for rows, share in zip(left, (1 - min(betas), max(betas)), strict=True)
    ]
    return Sizes(max(1, int(min(TRAIN // classes, *reach))), of_validation, of_test)


def check_reach(
    counts: NDArray[np.int64],
    sizes: Sizes,
    *,
    betas: Sequence[float],
    groups: Sequence[str],
    classes: Sequence[str],
) -> None:
    """Raise DataError if a group lacks a class, or the rows for some share, with the shares that can be reached."""
    for group, of_group in zip(groups, counts, strict=True):
        for name, rows in zip(classes, of_group, strict=True):
            if rows == 0:
                message = f"group '{group}' has no row of class '{name}'; mime balances classes in each group"
                raise DataError(message)
    _check_positive(sizes, classes=len(classes))
    _check_group(counts[0], sizes, beta=min(betas), minority=False, group=groups[0], classes=classes)
    _check_group(counts[1], sizes, beta=max(betas), minority=True, group=groups[1], classes=classes)


def _check_positive(sizes: Sizes, *, classes: int) -> None:
    for name, size in (
        ("--train-size", sizes.train),
        ("--test-size", sizes.test),
        ("--validation-size", sizes.validation),
    ):
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
