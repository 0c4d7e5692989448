"""How many rows a group has that no finding speaks of: too few to be measured, or not there at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from auditkit.values.gate import GateResult
    from auditkit.values.report import GroupEntry
    from auditkit.values.subject import Subject

AND = " & "
"""What joins the groups of an intersection."""


@dataclass(frozen=True, eq=False)
class Census:
    """The rows of every group of one attribute, bool [n] each, and of the groups that were named or found.

    `counted` says how many rows a part of them stands for.
    """

    groups: Mapping[str, NDArray[np.bool_]]
    counted: Callable[[NDArray[np.bool_]], int] = lambda inside: int(inside.sum())

    def rows(self, name: str) -> int:
        """Return the rows of a group or of an intersection such as `sex=F & race=X`; 0 if the data lack it."""
        masks = [self.groups.get(part) for part in ([name] if name in self.groups else name.split(AND))]
        inside = None
        for mask in masks:
            if mask is None:
                return 0
            inside = mask if inside is None else inside & mask
        return 0 if inside is None else self.counted(inside)

    def lacking(self, name: str) -> str:
        """Return the sentence for a group that the data lack, with the nearest of those that there are."""
        part = next((part for part in name.split(AND) if part not in self.groups), name)
        attribute = part.partition("=")[0]
        same = [known for known in self.groups if known.partition("=")[0] == attribute and known != attribute]
        there = f"; there are {', '.join(same[:12])}{', ...' if len(same) > 12 else ''}" if same else ""
        hint = nearest(part, self.groups)
        return f"the data have no group '{name}'{hint if 'did you' in hint or not same else ''}{there}"


def census_of(subject: Subject) -> Census:
    """Return the census of a subject's groups."""
    cut = {
        f"{grouping.name}={label}": grouping.codes == code
        for grouping in subject.groupings
        for code, label in enumerate(grouping.labels)
    }
    return Census(cut | {group.name: group.mask for group in subject.groups}, subject.rows_in)


@dataclass(frozen=True, eq=False)
class StoredCensus:
    """The same of a run that was kept, by what its report says of its groups and of what its gates compared."""

    groups: tuple[GroupEntry, ...]
    gates: tuple[GateResult, ...]

    def rows(self, name: str) -> int:
        """Return the rows of a group, or of an intersection as far as a gate of the run has counted them."""
        known = {one.name: one.n for one in self.groups}
        counted = {one.group: one.n for gate in self.gates for one in gate.comparisons}
        return known.get(name, 0) or counted.get(name, 0)

    def lacking(self, name: str) -> str:
        """Return the sentence for a group that the run's data lack."""
        return (
            f"the data of this run have no group '{name}'{nearest(name, {one.name for one in self.groups})}"
        )
