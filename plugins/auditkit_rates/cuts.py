"""The cuts of the rows that are audited: every attribute, every intersection, and every named group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures import intersections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit import Stats, Subject

REST = "everyone else"


@dataclass(frozen=True, eq=False)
class Cut:
    """Rows cut into disjoint groups.

    `codes` is int [n], an index into `groups`, -1 for rows in none. `whole` says that the groups are the values
    of an attribute, so that differences between them mean something; a named group stands against its rest.
    """

    name: str
    groups: tuple[str, ...]
    codes: NDArray[np.int64]
    whole: bool = True


def everybody(n: int) -> Cut:
    """Return all n rows as one group, named by the empty string."""
    return Cut("all rows", ("",), np.zeros(n, dtype=np.int64), whole=False)


def cuts(subject: Subject, stats: Stats) -> Iterator[Cut]:
    """Yield every attribute, every intersection up to stats.max_order, then every group that a step has named.

    A group that was mined is measured on the rows that the search did not see.
    """
    attributes = subject.groupings
    found = intersections(
        [a.codes for a in attributes],
        [a.labels for a in attributes],
        max_order=stats.max_order,
        min_n=stats.min_n,
    )
    for cut in found:
        names = [attributes[index].name for index in cut.attributes]
        labels = tuple(
            " & ".join(f"{n}={label}" for n, label in zip(names, cell, strict=True)) for cell in cut.cells
        )
        yield Cut(" × ".join(names), labels, cut.codes)
    for group in subject.groups:
        codes = np.where(group.mask, 0, 1).astype(np.int64)
        if group.seen is not None:
            codes[group.seen] = -1
        yield Cut(group.name, (group.name, REST), codes, whole=False)
