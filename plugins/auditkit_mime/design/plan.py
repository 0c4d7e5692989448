"""What must be settled before a model is trained: groups, classes, sizes, shares and trials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError, UsageError, class_codes
from auditkit_mime.design.sides import attribute, sides
from auditkit_mime.design.sizes import Asked, check_reach, choose_sizes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Subject
    from auditkit_mime.design.sides import Attribute, Sides
    from auditkit_mime.design.sizes import Sizes
    from auditkit_mime.params import MimeParams

MOST_CLASSES = 50


@dataclass(frozen=True, eq=False)
class Pair:
    """A minority and a majority with their rows in each class: `cells[group][class]`, majority first.

    `number` counts the pairs of a plan from 0; `label` stands behind the groups' names where there are several.
    """

    number: int
    label: str
    sides: Sides
    cells: tuple[tuple[NDArray[np.int64], ...], ...]
    sizes: Sizes

    @property
    def counts(self) -> NDArray[np.int64]:
        """Rows of each class in each group, [2, classes], majority first."""
        return _counts(self.cells)


@dataclass(frozen=True, eq=False)
class Plan:
    """Whose rows replace whose: the pairs of groups, each row's class, int64 [n], the shares, and the trials.

    `seeds` are those that were given, one for each trial, or none.
    """

    attribute: Attribute
    pairs: tuple[Pair, ...]
    classes: tuple[Any, ...]
    codes: NDArray[np.int64]
    betas: tuple[float, ...]
    trials: int
    seeds: tuple[int, ...]

    @property
    def models(self) -> int:
        """How many models a pair of groups trains."""
        return (len(self.seeds) or self.trials) * len(self.betas)

    @property
    def projected_class(self) -> int:
        """The class on whose weights features are projected: of two the positive one, of several the first."""
        return 1 if len(self.classes) == 2 else 0


def plan(subject: Subject, params: MimeParams, *, epochs: bool) -> Plan:
    """Return the plan, or raise UsageError or DataError in one sentence that says what would do.

    `epochs` says whether models learn by epochs, so that validation rows are needed to choose one.
    """
    target = subject.need_target()
    betas = _betas(params.betas)
    _check_seeds(params.seeds)
    found = attribute(subject, params.group)
    if target in found.columns:
        message = f"'{target}' cannot be both the target and the group"
        raise UsageError(message)
    classes, codes = _classes(subject, target)
    every = sides(found, minority=params.minority, against=params.against, source=subject.source)
    pairs = []
    for number, one in enumerate(every):
        cells = _cells(one, codes, classes=len(classes))
        asked = Asked(
            train=params.train_size,
            test=params.test_size,
            validation=params.validation_size,
            epochs=epochs,
        )
        sizes = _sizes(cells, asked, betas=betas, sides=one, classes=classes)
        label = f" [{one.majority}]" if len(every) > 1 else ""
        pairs.append(Pair(number, label, one, cells, sizes))
    return Plan(found, tuple(pairs), classes, codes, betas, params.trials, params.seeds)


def _check_seeds(seeds: tuple[int, ...]) -> None:
    if len(seeds) == 1:
        message = "--seeds needs two or more: one trial alone has no spread"
        raise UsageError(message)
    if len(set(seeds)) < len(seeds) or any(not 0 <= seed < 2**32 for seed in seeds):
        shown = ",".join(map(str, seeds))
        message = f"--seeds {shown}: give different whole numbers from 0 to 4294967295; equal ones make equal trials"
        raise UsageError(message)


def _betas(given: tuple[float, ...]) -> tuple[float, ...]:
    betas = tuple(sorted(set(given)))
    if len(betas) < 2 or betas[0] != 0 or betas[-1] > 1:
        shown = ",".join(f"{beta:g}" for beta in given)
        message = (
            f"--betas {shown}: give 0 and at least one share up to 1, such as 0,0.5,1; gain is over beta = 0"
        )
        raise UsageError(message)
    return betas


def _classes(subject: Subject, target: str) -> tuple[tuple[Any, ...], NDArray[np.int64]]:
    """Return the target's classes, the positive one last if there are two, and each row's class."""
    values = subject.column(target)
    distinct = int(values.nunique())
    if not 2 <= distinct <= MOST_CLASSES:
        hint = "; cut a number into classes first" if distinct > MOST_CLASSES else ""
        message = (
            f"target '{target}' has {distinct:,} values, and mime needs 2 to {MOST_CLASSES} classes{hint}"
        )
        raise DataError(message)
    classes = subject.classes or tuple(sorted(values.unique().tolist()))
    return classes, class_codes(values, classes)[0]


def _cells(
    one: Sides, codes: NDArray[np.int64], *, classes: int
) -> tuple[tuple[NDArray[np.int64], ...], ...]:
    return tuple(
        tuple(np.flatnonzero(mask & (codes == label)) for label in range(classes))
        for mask in (one.of_majority, one.of_minority)
    )


def _counts(cells: tuple[tuple[NDArray[np.int64], ...], ...]) -> NDArray[np.int64]:
    return np.array([[len(cell) for cell in group] for group in cells])


def _sizes(
    cells: tuple[tuple[NDArray[np.int64], ...], ...],
    asked: Asked,
    *,
    betas: tuple[float, ...],
    sides: Sides,
    classes: tuple[Any, ...],
) -> Sizes:
    counts = _counts(cells)
    sizes = choose_sizes(counts, asked, betas=betas, classes=len(classes))
    check_reach(
        counts,
        sizes,
        betas=betas,
        groups=(sides.majority, sides.minority),
        classes=tuple(map(str, classes)),
        epochs=asked.epochs,
    )
    return sizes
