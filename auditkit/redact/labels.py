"""Which groups of one attribute are hidden, so that no count below the least can be worked out from what stays.

What stays of an attribute is a table of disjoint groups beside all rows. Whoever reads it can subtract, so the groups
that are hidden count as one: that one must be large, too, in every count, and so must what is left of it without any
single member whose size is known. Then each hidden count may lie anywhere in a range at least as wide as the least
(Fréchet's bounds, which are sharp for two margins; docs/redaction.md has the argument).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.redact.counts import ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from auditkit.redact.counts import Known


def is_small(count: int, least: int) -> bool:
    """Whether a count is about few rows; none at all is no person."""
    return 0 < count < least


@dataclass(frozen=True)
class Labels:
    """The groups of one attribute, and the tables in which they are counted."""

    names: tuple[str, ...]
    tables: tuple[Known, ...]
    least: int

    def rows(self, name: str) -> int:
        """Return the most rows that a group has in any table."""
        return max(
            (table.groups[name].get(ROWS, 0) for table in self.tables if name in table.groups), default=0
        )

    def without_size(self) -> frozenset[str]:
        """Return the groups whose numbers of rows are hidden."""
        return self._hidden(set(), counted=sizes_only, printed=frozenset())

    def without_numbers(self, no_size: Collection[str], *, counted: Callable[[str], bool]) -> frozenset[str]:
        """Return the groups to hide where the counts that `counted` accepts are printed of the others.

        Those of `no_size` are among them; the sizes of the others are printed even if their numbers are hidden.
        """
        printed = frozenset(self.names) - frozenset(no_size)
        return self._hidden(set(no_size), counted=counted, printed=printed)

    def _hidden(
        self, found: set[str], *, counted: Callable[[str], bool], printed: frozenset[str]
    ) -> frozenset[str]:
        """Add the groups with small counts, then the smallest others until nothing follows by subtraction."""
        found |= {name for name in self.names if self._small(name, counted)}
        while not self._safe(found, counted, printed):
            others = [name for name in self.names if name not in found]
            if not others:
                break
            found.add(min(others, key=lambda name: (self.rows(name), name)))
        return frozenset(found)

    def left_over(self, table: Known, key: str, hidden: Collection[str]) -> int:
        """Return what can be worked out of a count by subtraction: all rows less the groups that are printed."""
        printed = (
            table.groups[name][key]
            for name in self.names
            if name not in hidden and key in table.groups.get(name, {})
        )
        return table.whole[key] - sum(printed)

    def _small(self, name: str, counted: Callable[[str], bool]) -> bool:
        return any(
            is_small(rows, self.least)
            for table in self.tables
            for key, rows in table.groups.get(name, {}).items()
            if counted(key)
        )

    def _safe(self, hidden: set[str], counted: Callable[[str], bool], printed: frozenset[str]) -> bool:
        """Whether what is left over is large in every count, and more than any one member whose size is printed."""
        for table in self.tables:
            if any(
                is_small(self.left_over(table, key, hidden), self.least)
                for key in filter(counted, table.whole)
            ):
                return False
            if hidden and ROWS in table.whole:
                rest = self.left_over(table, ROWS, hidden)
                sizes = {name: table.groups[name][ROWS] for name in hidden if name in table.groups}
                if rest < self.least or (len(sizes) == 1 and rest in sizes.values()):
                    return False
                if any(rest - n < self.least for name, n in sizes.items() if name in printed):
                    return False
        return True


def sizes_only(key: str) -> bool:
    """Whether a count is that of a group's rows."""
    return key == ROWS
