"""Words that a person says stand for a missing value, such as 999 or unknown, in every column of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit.errors import UsageError
from auditkit.groups.columns import holds_lists
from auditkit.values.labels import label_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


def without_words(table: pd.DataFrame, words: Sequence[str]) -> pd.DataFrame:
    """Return the table with these words missing, in text by their writing and in numbers by their value.

    Raises UsageError for a word that is nowhere in the table: it would say nothing.
    """
    if not words:
        return table
    notes, found = list(table.attrs.get("notes", ())), dict.fromkeys(words, 0)
    changed: dict[str, Any] = {}
    for name in table.columns:
        column = table[name]
        if holds_lists(column):
            continue
        told = {value: label_text(value) for value in column.dropna().unique().tolist()}
        lacking = [value for value, text in told.items() if text in found]
        if lacking:
            hit = column.isin(lacking)
            changed[name] = column.mask(hit)
            for value, times in column[hit].value_counts().items():
                found[told[value]] += int(times)
    read_before = [word for word in words if any(f"'{word}' " in note for note in notes)]
    unseen = [word for word in words if not found[word] and word not in read_before]
    if unseen:
        message = f"--na: no cell of the table says '{unseen[0]}'"
        raise UsageError(message)
    result = table.assign(**changed)
    result.attrs["notes"] = (
        *notes,
        *(f"'{word}' is missing by --na, {times:,} cells" for word, times in found.items() if times),
    )
    return result
