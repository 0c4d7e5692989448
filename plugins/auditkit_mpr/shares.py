"""Shares of groups and intersections in lists against the reference (Table 1), and the worst group in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Table
from auditkit.errors import UsageError
from auditkit_mpr.intersections import Intersection, intersections, shares_among

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit_mpr.intersections import Attribute
    from auditkit_mpr.moments import Floats
    from auditkit_mpr.problem import Candidates
    from auditkit_mpr.references import Reference

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

    def add(self, candidates: Candidates, chosen: NDArray[np.int64]) -> Worst | None:
        """Remember the shares of one list (positions among the candidates), and return its worst group."""
        if not self.groups:
            return None
        if self._of is not candidates.reference or self._shares is None:
            reference = candidates.reference
            self._shares = shares_among(self.groups, reference.codes, reference.population.shares)
            self._of = reference
        listed = shares_among(self.groups, [codes[chosen] for codes in candidates.codes])
        self.queries.append(candidates.query)
        self.listed.append(listed)
        self.targets.append(self._shares)
        gaps = np.abs(listed - self._shares)
        worst = int(np.argmax(gaps))
        return Worst(
            name=self.groups[worst].name,
            listed=float(listed[worst]),
            reference=float(self._shares[worst]),
        )

    def table(self, *, title: str, reference: str) -> Table | None:
        """Return the table: one row per group, largest mean gap first within its order of intersection."""
        if not self.listed:
            return None
        listed, targets = np.array(self.listed), np.array(self.targets)
        mean, target = listed.mean(axis=0), targets.mean(axis=0)
        gaps = np.abs(listed - targets).mean(axis=0)
        order = sorted(range(len(self.groups)), key=lambda i: (len(self.groups[i].parts), -gaps[i]))
        few = len(self.queries) <= QUERY_COLUMNS
        spread = () if few else ("spread over queries", "largest gap")
        columns = ("group", "reference", *(self.queries if few else ("lists, mean",)), *spread)
        rows = []
        for i in order[:SHOWN]:
            cells = listed[:, i] if few else [mean[i]]
            more = [] if few else [listed[:, i].std(), np.abs(listed[:, i] - targets[:, i]).max()]
            rows.append(
                (
                    self.groups[i].name,
                    *(round(float(v), 4) for v in (target[i], *cells, *more)),
                )
            )
        left = f" {len(order) - SHOWN} groups with smaller gaps are left out." if len(order) > SHOWN else ""
        return Table(
            title=title,
            columns=columns,
            rows=tuple(rows),
            caption=f"Shares in [0, 1] of each list and of the reference: {reference}.{left}",
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
