"""Whose decision changed: the rows in each group that the two predictions decide differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Table
from auditkit_rates.rows.cuts import row_cuts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit import Stats, Subject
    from auditkit_rates.change.paired import PairedRows

TITLE = "Decisions that changed, by group"


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A group's rows, and how many of them are decided otherwise: `gained` and `lost` the counted class, of two."""

    group: str
    rows: int
    changed: int
    gained: int
    lost: int

    @property
    def share(self) -> float:
        """The share of its rows that are decided otherwise."""
        return self.changed / self.rows if self.rows else 0.0


def decided(subject: Subject, rows: PairedRows, stats: Stats) -> list[Decided]:
    """Return the changed decisions of all rows, then of each group."""
    before, after = rows.predicted
    kinds = {
        "changed": before != after,
        "gained": (before != 1) & (after == 1),
        "lost": (before == 1) & (after != 1),
    }
    found = []
    for cut in row_cuts(subject, stats):
        codes = rows.known(cut.codes)
        size = np.bincount(codes[codes >= 0], minlength=cut.n_codes)
        counts = {
            name: np.bincount(codes[(codes >= 0) & kind], minlength=cut.n_codes)
            for name, kind in kinds.items()
        }
        found += [
            Decided(group=group, rows=int(size[i]), **{name: int(count[i]) for name, count in counts.items()})
            for i, group in enumerate(cut.groups)
        ]
    return found


def table_of(groups: Sequence[Decided], *, classes: tuple[str, ...]) -> Table:
    """Return the table of changed decisions, the groups with the largest share first."""
    binary = len(classes) == 2
    heads = (f"to {classes[1]}", f"from {classes[1]}") if binary else ()
    ordered = [groups[0], *sorted(groups[1:], key=lambda one: -one.share)]
    return Table(
        title=TITLE,
        columns=("group", "rows", "changed", *heads, "share changed"),
        rows=tuple(
            (
                one.group or "all rows",
                one.rows,
                one.changed,
                *((one.gained, one.lost) if binary else ()),
                one.share,
            )
            for one in ordered
        ),
        caption="Rows that the accepted predictions and the new ones decide differently.",
    )
