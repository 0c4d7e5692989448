"""Shares of groups and intersections in lists against the reference (Table 1), and the worst group in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Table, UsageError
from auditkit_mpr.classes.groups import Groups
from auditkit_mpr.nested.functions import Nested
from auditkit_mpr.reference.intersections import Intersection, intersections, shares_among

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from auditkit import Cell
    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.classes.interface import FunctionClass
    from auditkit_mpr.reference.intersections import Attribute
    from auditkit_mpr.reference.table import Reference
    from auditkit_mpr.retrieval.candidates import Candidates

SHOWN = 60
QUERY_COLUMNS = 6


@dataclass(frozen=True, kw_only=True)
class Worst:
    """The group whose share in a list is farthest from its share in the reference."""

    name: str
    listed: float
    reference: float

    def in_words(self) -> str:
        """Return such as `gender=female AND era=1900+: 2 % of the list, 12 % of the reference`."""
        return f"{self.name}: {self.listed:.1%} of the list, {self.reference:.1%} of the reference"


@dataclass(frozen=True, eq=False)
class Listed:
    """The shares of a table's groups in the list of one query, and in its reference, float64 [groups] each."""

    query: str
    listed: Floats
    target: Floats


@dataclass(eq=False)
class ShareTable:
    """Collects the shares of lists, query by query, for groups of up to `depth` attributes."""

    attributes: Sequence[Attribute]
    depth: int
    queries: list[str] = field(default_factory=list)
    listed: list[Floats] = field(default_factory=list)
    targets: list[Floats] = field(default_factory=list)
    _of: Reference | None = None
    _shares: Floats | None = None

    def __post_init__(self) -> None:
        self.groups: tuple[Intersection, ...] = (
            intersections(self.attributes, min(self.depth, len(self.attributes))) if self.attributes else ()
        )

    def add(
        self, candidates: Candidates, chosen: NDArray[np.int64], weights: Floats | None = None
    ) -> Worst | None:
        """Remember the shares of one list (positions [k] among the candidates), and return its worst group.

        `weights` [k] sum to 1: what each item counts; all alike without them.
        """
        if not self.groups:
            return None
        if self._of is not candidates.reference or self._shares is None:
            reference = candidates.reference
            self._shares = shares_among(self.groups, reference.codes, reference.population.shares)
            self._of = reference
        listed = shares_among(self.groups, [codes[chosen] for codes in candidates.codes], weights)
        self.queries.append(candidates.query)
        self.listed.append(listed)
        self.targets.append(self._shares)
        return _worst(self.groups, listed, self._shares)

    def taken(self) -> Listed | None:
        """Return what was remembered last, and forget it; None where there are no groups."""
        return Listed(self.queries.pop(), self.listed.pop(), self.targets.pop()) if self.queries else None

    def keep(self, one: Listed | None) -> None:
        """Remember what was taken, perhaps from another process's table."""
        if one is not None:
            self.queries.append(one.query)
            self.listed.append(one.listed)
            self.targets.append(one.target)


def worst_of(one: FunctionClass, candidates: Candidates, chosen: NDArray[np.int64]) -> Worst | None:
    """Return the group that a class of groups, to its own depth, finds farthest; None for other functions."""
    own = one.of if isinstance(one, Nested) else one
    if not isinstance(own, Groups):
        return None
    return _worst(own.groups, *own.gaps(candidates, chosen))


def _worst(groups: Sequence[Intersection], listed: Floats, reference: Floats) -> Worst:
    worst = int(np.argmax(np.abs(listed - reference)))
    return Worst(name=groups[worst].name, listed=float(listed[worst]), reference=float(reference[worst]))


def shares_table(
    sides: Mapping[str, ShareTable], *, title: str, reference: str, what: str = "Shares"
) -> Table | None:
    """Return one row per group, the largest gap first within its order of intersection; None without groups.

    `sides` are tables of the same queries, such as before and after. Few queries have a column each, of many the mean
    is shown, with the spread and the largest gap of the last side.
    """
    first, last = next(iter(sides.values())), list(sides.values())[-1]
    if not first.listed:
        return None
    targets = np.array(first.targets)
    few = len(first.queries) * len(sides) <= QUERY_COLUMNS
    columns: list[str] = []
    cells: list[Floats] = []
    for place, query in enumerate(first.queries if few else ["mean"]):
        for word, side in sides.items():
            columns.append(query if len(sides) == 1 else f"{query} {word}")
            cells.append(side.listed[place] if few else np.mean(side.listed, axis=0))
    if not few:
        columns += ["spread", "largest gap"]
        cells += [np.std(last.listed, axis=0), np.abs(np.array(last.listed) - targets).max(axis=0)]
    gaps = np.abs(np.array(first.listed) - targets).mean(axis=0)
    order = sorted(range(len(first.groups)), key=lambda i: (len(first.groups[i].parts), -gaps[i]))
    target = targets.mean(axis=0)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (first.groups[i].name, *(round(float(column[i]), 4) for column in (target, *cells)))
        for i in order[:SHOWN]
    )
    left = f" {len(order) - SHOWN} groups with smaller gaps are left out." if len(order) > SHOWN else ""
    return Table(
        title=title,
        columns=("group", "reference", *columns),
        reference="reference",
        rows=rows,
        caption=f"{what} in [0, 1] of each list and of the reference: {reference}.{left}",
    )


def share_table(attributes: Sequence[Attribute], depth: int) -> tuple[ShareTable, str]:
    """Return an empty table of shares to `depth`, or to the largest depth that can be counted and why."""
    for lower in range(depth, 0, -1):
        try:
            made = ShareTable(attributes, lower)
        except UsageError as error:
            why = str(error)
            continue
        return made, "" if lower == depth else why
    return ShareTable((), 1), why
