"""Conditions of saved groups against the values that a column has now: none of them there is a fault, not no group."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from auditkit.errors import UsageError
from auditkit.values.labels import label_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

SHOWN = 6
_EQUAL = re.compile(
    r"""(?:`(?P<quoted>[^`]+)`|(?<![\w`@.])(?P<bare>[A-Za-z_]\w*))\s*==\s*"""
    r"""(?:'(?P<single>(?:[^'\\]|\\.)*)'|"(?P<double>(?:[^"\\]|\\.)*)")"""
)
"""A column, bare or in backticks, that must equal a text."""


def need_values(table: pd.DataFrame, conditions: Sequence[str]) -> None:
    """Raise UsageError where conditions ask a column of text for values none of which it has, with both sets."""
    asked: dict[str, set[str]] = {}
    for condition in conditions:
        for found in _EQUAL.finditer(condition):
            name = found["quoted"] or found["bare"]
            text = found["single"] if found["single"] is not None else found["double"]
            asked.setdefault(name, set()).add(text)
    for name, wanted in asked.items():
        if name not in table.columns or any("\\" in text for text in wanted):
            continue
        there = {label_text(value) for value in table[name].dropna().unique().tolist()}
        if there and not wanted & there:
            sets = f"{_few(wanted)}; it has {_few(there)}"
            message = f"column '{name}' has none of the values that the groups ask for, {sets}"
            raise UsageError(message)


def _few(values: set[str]) -> str:
    shown = ", ".join(f"'{value}'" for value in sorted(values)[:SHOWN])
    return shown + (", ..." if len(values) > SHOWN else "")
