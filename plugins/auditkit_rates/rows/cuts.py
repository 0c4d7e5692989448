"""The cuts that are audited: every attribute, every intersection, and every named group."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from auditkit.measures import intersections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit import Finding, Group, Grouping, Stats, Subject

EVERYBODY = "all rows"
"""What the cut of all rows as one group is called."""
Kind: TypeAlias = Literal["everybody", "attribute", "named"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Cut:
    """Units, which are rows or cells of rows, divided into disjoint groups.

    `codes` int [n] is each unit's group, -1 for none. By its `kind` a cut is `everybody` as one group called "", the
    groups of an `attribute` (or of an intersection), each of which stands against all others, or one `named` group,
    whose rest has code 1 and is no group that anybody reports.
    """

    name: str
    groups: tuple[str, ...]
    codes: NDArray[np.int64]
    kind: Kind
    reference: int | None = None
    """The group that the others are compared with, where every attribute of the cut names one."""

    @property
    def n_codes(self) -> int:
        """How many codes there are: the groups, and a named group's rest."""
        return len(self.groups) + (self.kind == "named")


def everybody(n: int) -> Cut:
    """Return all n units as one group."""
    return Cut(name=EVERYBODY, groups=("",), codes=np.zeros(n, dtype=np.int64), kind="everybody")


def attribute_cuts(
    attributes: Sequence[Grouping], codes: NDArray[np.int64], stats: Stats, *, rows: NDArray[np.int64]
) -> Iterator[Cut]:
    """Yield every attribute and every intersection up to stats.max_order.

    `codes` int [n, a] holds the attributes' codes of each unit, which is of `rows` int64 [n] rows.
    """
    found = intersections(
        list(codes.T),
        [a.labels for a in attributes],
        max_order=stats.max_order,
        min_n=stats.min_n,
        rows=rows,
    )
    for cut in found:
        names = [attributes[index].name for index in cut.attributes]
        labels = tuple(
            " & ".join(f"{n}={label}" for n, label in zip(names, cell, strict=True)) for cell in cut.cells
        )
        references = tuple(attributes[index].reference for index in cut.attributes)
        reference = cut.cells.index(references) if references in cut.cells else None
        yield Cut(
            name=" × ".join(names), groups=labels, codes=cut.codes, kind="attribute", reference=reference
        )


def named_cut(group: Group) -> Cut:
    """Return the rows of a named group against all others; of a mined one, without those that its search saw."""
    codes = np.where(group.mask, 0, 1).astype(np.int64)
    if group.seen is not None:
        codes[group.seen] = -1
    return Cut(name=group.name, groups=(group.name,), codes=codes, kind="named")


def row_cuts(subject: Subject, stats: Stats) -> Iterator[Cut]:
    """Yield all rows, then every attribute and intersection, then every named group, as codes of rows."""
    n = len(subject)
    yield everybody(n)
    codes = np.column_stack([np.empty((n, 0), dtype=np.int64), *(g.codes for g in subject.groupings)])
    rows = np.ones(n, dtype=np.int64) if subject.cells is None else subject.cells.rows
    yield from attribute_cuts(subject.groupings, codes, stats, rows=rows)
    yield from map(named_cut, subject.groups)


@dataclass(frozen=True, eq=False, kw_only=True)
class Groups:
    """The groups that findings are about: of which cut, with how many rows int64 [g], once for each of c `classes`.

    Each class stands against all others; None is none. What is said of every group of every class is [c g]: all groups
    of the first class, then of the second, ...
    """

    cut: Cut
    rows: NDArray[np.int64]
    classes: tuple[str | None, ...] = (None,)

    @cached_property
    def names(self) -> list[str]:
        """The name of every group of every class [c g]."""
        return [labelled(group, positive) for positive in self.classes for group in self.cut.groups]

    @cached_property
    def sizes(self) -> list[int]:
        """The rows of every group of every class [c g]."""
        return [int(rows) for rows in self.rows] * len(self.classes)

    def places(self) -> list[slice]:
        """Return where each class has its groups."""
        g = len(self.cut.groups)
        return [slice(c * g, (c + 1) * g) for c in range(len(self.classes))]


ByClass: TypeAlias = "list[list[Finding]]"
"""The findings of each class of some groups."""


def class_by_class(*kinds: ByClass) -> Iterator[Finding]:
    """Yield all kinds of findings of the first class, then of the second, ..."""
    for of_class in zip(*kinds, strict=True):
        yield from chain.from_iterable(of_class)


def labelled(group: str, positive: str | None) -> str:
    """Return a group's name, with the class that stands against all others if there is one."""
    return group if positive is None else f"{group} [{positive}]".lstrip()


def class_of(positive: str | None) -> dict[str, str]:
    """Return what a finding's details say of the class that stands against all others."""
    return {} if positive is None else {"class": positive}
