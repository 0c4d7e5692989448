"""A plain table for lists of recipes, data sets and plugins: aligned columns, the last one wrapped."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from auditkit.values.shown.hidden import spelt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GAP = 2
LEAST = 24
"""Columns that the last cell keeps even on a narrow screen."""


def table(rows: Sequence[Mapping[str, str]], *, width: int = 100) -> str:
    """Return rows with the same keys as text, what is hidden spelt out; headings are the keys."""
    if not rows:
        return "nothing to list\n"
    rows = [{spelt(head): spelt(cell) for head, cell in row.items()} for row in rows]
    *heads, last = rows[0]
    sizes = [max(len(head), *(len(row[head]) for row in rows)) + GAP for head in heads]
    left = max(width - sum(sizes), LEAST)

    def line(cells: Sequence[str], tail: str) -> str:
        start = "".join(cell.ljust(size) for cell, size in zip(cells, sizes, strict=True))
        wrapped = textwrap.wrap(tail, left) or [""]
        return "\n".join([start + wrapped[0], *(" " * len(start) + more for more in wrapped[1:])]).rstrip()

    lines = [line(heads, last), *(line([row[head] for head in heads], row[last]) for row in rows)]
    return "\n".join(lines) + "\n"
