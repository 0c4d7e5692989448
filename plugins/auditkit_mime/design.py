"""Which rows each model trains and is tested on: one split per trial, and one train set per share within it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Rows = NDArray[np.int64]

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


@dataclass(frozen=True, eq=False)
class Trial:
    """Row numbers: train [betas, rows], validation and test [2, rows], majority first; classes take equal parts.

    In the train set a place keeps its class at every beta, and holds a minority row from some beta on.
    """

    seed: int
    train: Rows
    validation: Rows
    test: Rows


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


def shared_rows(counts: NDArray[np.int64], sizes: Sizes) -> tuple[float, float, float]:
    """Return the share of one trial's test rows that another trial tests on, too, in expectation.

    `counts` is [2, classes]; for the majority, the minority, and both together, for which the larger share stands.
    """
    majority, minority = (float(np.mean(sizes.test / group)) for group in counts)
    return majority, minority, max(majority, minority)
