"""The names at which a finding may stand: all rows, an attribute, a group, and what these are joined to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditkit.errors import nearest
from auditkit.gates.census import AND

if TYPE_CHECKING:
    from collections.abc import Collection

    from auditkit.values.subject import Subject

TIMES = " × "
"""What joins the attributes of an intersection."""


@dataclass(frozen=True)
class Names:
    """The names of a subject's attributes, groups and classes."""

    attributes: frozenset[str]
    groups: frozenset[str]
    classes: tuple[str, ...]
    _asked: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)

    def has(self, name: str) -> bool:
        """Return whether something is called so.

        "" is all rows; `sex=F & race=X` joins groups, `sex × race` attributes; ` [class]` may stand behind any.
        """
        if name not in self._asked:  # a step has dozens of findings at every name
            self._asked[name] = self._has(name)
        return self._asked[name]

    def _has(self, name: str) -> bool:
        bare = next(
            (name.removesuffix(f"[{one}]").rstrip() for one in self.classes if name.endswith(f"[{one}]")),
            name,
        )
        return any(
            not one or _joined(one, self.groups, AND) or _joined(one, self.attributes, TIMES)
            for one in (name, bare)
        )

    def nearest(self, name: str) -> str:
        """Return the hint at the name that was perhaps meant."""
        return nearest(name, self.groups | self.attributes)


def names_of(subject: Subject) -> Names:
    """Return the names of a subject's attributes, groups and classes."""
    cuts = {f"{grouping.name}={label}" for grouping in subject.groupings for label in grouping.labels}
    return Names(
        attributes=frozenset(grouping.name for grouping in subject.groupings),
        groups=frozenset(cuts | {group.name for group in subject.groups}),
        classes=tuple(str(label) for label in subject.classes),
    )


def _joined(name: str, parts: Collection[str], glue: str) -> bool:
    """Return whether the name is one of the parts, or several with the glue between them; a part may hold the glue."""
    if name in parts:
        return True
    pieces = name.split(glue)
    return any(
        glue.join(pieces[:i]) in parts and _joined(glue.join(pieces[i:]), parts, glue)
        for i in range(1, len(pieces))
    )
