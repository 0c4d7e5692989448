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
    counts: NDArray[np.int64], *, betas: Sequence[float], classes: int,
    train: int | None, test: int | None, validation: int | None,
) -> Sizes:  # fmt: skip
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
    counts: NDArray[np.int64], sizes: Sizes, *, betas: Sequence[float],
    groups: Sequence[str], classes: Sequence[str],
) -> None:  # fmt: skip
    """Raise DataError if a group lacks a class, or the rows for some share, with the shares that can be reached."""
    for group, of_group in zip(groups, counts, strict=True):
        for name, rows in zip(classes, of_group, strict=True):
            if rows == 0:
                message = f"group '{group}' has no row of class '{name}'; mime balances classes in each group"
                raise DataError(message)
    for name, size in (
        ("--train-size", sizes.train),
        ("--test-size", sizes.test),
        ("--validation-size", sizes.validation),
    ):
        if size < 1:
            message = f"{name} must be at least {len(classes)}, one row for each class"
            raise DataError(message)
    kept = sizes.test + sizes.validation
    shares = (1 - min(betas), max(betas))
    for i, (group, share) in enumerate(zip(groups, shares, strict=True)):
        place = int(counts[i].argmin())
        rows = int(counts[i, place])
        left = rows - kept
        needed = minority_rows(share, sizes.train)
        if needed <= left:
            continue
        k = len(classes)
        told = (
            f"group '{group}' has {rows:,} rows of class '{classes[place]}'; testing takes {sizes.test:,} and choosing "
            f"the epoch {sizes.validation:,}, so that {max(left, 0):,} can train, and --train-size {sizes.train * k:,} "
            f"asks for {needed:,} at beta = {betas[-1] if i else betas[0]:g}"
        )
        if left < 1:
            raise DataError(f"{told}; lower --test-size")
        limit = min(left / sizes.train, 1.0)
        reached = (
            f"beta up to {np.floor(limit * 100) / 100:g}"
            if i
            else f"beta from {np.ceil((1 - limit) * 100) / 100:g}"
        )
        raise DataError(
            f"{told}; reachable is {reached}, or all shares at --train-size {int(left / share) * k:,}"
        )
