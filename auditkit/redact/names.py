"""Whose rows a name stands for: a group of an attribute, a crossing of several, or a group with a rule of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit.values.report import Report

AND, TIMES = " & ", " × "
"""What joins the groups of a crossing, and its attributes."""


@dataclass(frozen=True)
class Names:
    """The groups of each attribute by the attribute's name, such as {"sex": ("sex=F", "sex=M")}."""

    attributes: Mapping[str, tuple[str, ...]]

    @cached_property
    def attribute_of(self) -> Mapping[str, str]:
        """The attribute of each group of one."""
        return {group: name for name, groups in self.attributes.items() for group in groups}

    def parts(self, name: str) -> tuple[str, ...]:
        """Return the groups of attributes that a group is the crossing of; none for a group with its own rule."""
        return next(self._split(name), ())

    def _split(self, name: str) -> Iterator[tuple[str, ...]]:
        """Yield each way to read the name; labels may hold what joins them."""
        if name in self.attribute_of:
            yield (name,)
        for group, attribute in self.attribute_of.items():
            if name.startswith(group + AND):
                for rest in self._split(name[len(group) + len(AND) :]):
                    if attribute not in {self.attribute_of[other] for other in rest}:
                        yield (group, *rest)

    def attributes_of(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        """Return the attributes of a crossing's parts."""
        return tuple(self.attribute_of[part] for part in parts)

    def cut(self, name: str) -> tuple[str, ...]:
        """Return the attributes that a number between groups stands between, such as those of `sex × race`."""
        found = [attribute for attribute in self.attributes if attribute in name.split(TIMES)]
        return tuple(found) if TIMES.join(found) == name else ()


def names_of(report: Report) -> Names:
    """Return the attributes of a report and their groups."""
    sizes = report.subject.get("groups")
    if not isinstance(sizes, Mapping):
        return Names({})
    return Names(
        {
            str(name): tuple(f"{name}={label}" for label in labels)
            for name, labels in sizes.items()
            if isinstance(labels, Mapping)
        }
    )
