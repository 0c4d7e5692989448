"""How many columns a table has once it is a matrix of numbers, before anybody makes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.predict.encoding import MAX_LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditkit.values.subject import Subject

ROWS = 10_000
"""Rows that are looked at: what is rarer has no column of its own."""


def encoded_width(subject: Subject, names: Iterable[str]) -> int:
    """Return about how many columns `encode` makes of these: one of a number, one of each level of a category."""
    import pandas as pd

    found = 0
    for name in names:
        values = subject.column(name)
        if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
            found += 1
            continue
        levels = values.head(ROWS).nunique()
        found += levels if levels <= MAX_LEVELS else 0
    return found
