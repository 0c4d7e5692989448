"""What the cells of a CSV file mean: a code stays as it is written, and of text only the empty field is missing."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    import pyarrow as pa

MISSING_WORDS = (
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "?", "N/A", "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null",
)  # fmt: skip
"""What is missing in a column of numbers, dates or truths: the words that pandas.read_csv takes, and "?"."""
EXACT = 2**53
"""From here on a float64 no longer tells every whole number from the next."""
NOTES = b"auditkit.notes"
"""Where a table's metadata hold what a reader of the report is to know."""
_CODE, _LONG = r"^[+-]?0[0-9]", r"^[+-]?[0-9]{16,}$"
_BLOCK = 2**24


def as_written(
    table: pa.Table, raw: bytes, *, texts: Callable[[list[str]], pa.Table], na: Iterable[str] = ()
) -> pa.Table:
    """Return the table with codes such as 01220, and whole numbers that no float tells apart, as text.

    In text, only the empty field is missing. `texts` reads columns again as they are written. What was read as missing
    in other columns, the words in `na` among it, is told in the schema's metadata.
    """
    import pyarrow as pa

    doubtful = _doubtful(table, codes=_has_leading_zero(raw))
    written = dict(zip(doubtful, texts(doubtful).columns, strict=True)) if doubtful else {}
    columns, notes = [], []
    for place, field in enumerate(table.schema):
        column = table.column(place)
        if (own := written.get(field.name)) is not None:
            if _is_text(own, field.type):
                column = own
            elif note := _words(field.name, own, (*MISSING_WORDS[1:], *na)):
                notes.append(note)
        if pa.types.is_string(column.type):
            column = _without_empty(column)
        columns.append(column)
    # One table at the end: setting one column of a table costs as much as the table is wide.
    told = pa.Table.from_arrays(columns, names=table.column_names)
    return told.replace_schema_metadata({NOTES: json.dumps(notes)})


def notes_of(table: pa.Table) -> tuple[str, ...]:
    """Return what `as_written` has to tell."""
    return tuple(json.loads((table.schema.metadata or {}).get(NOTES, b"[]")))


def _doubtful(table: pa.Table, *, codes: bool) -> list[str]:
    """Return the columns whose text may say something else than what was read."""
    import pyarrow as pa

    names = Counter(table.column_names)
    found = []
    for place, field in enumerate(table.schema):
        column = table.column(place)
        number = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        if pa.types.is_string(field.type) or not field.name or names[field.name] > 1:
            continue
        if column.null_count or (number and (codes or _beyond_exact(column))):
            found.append(field.name)
    return found


def _beyond_exact(column: Any) -> bool:
    """Return whether a number is so large that float64 may merge it with the next."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_integer(column.type) and not column.null_count:
        return False
    ends = pc.min_max(column).as_py()
    return any(end is not None and abs(end) >= EXACT for end in ends.values())


def _is_text(written: Any, kind: Any) -> bool:
    """Return whether a column is text by what is written: words only, or codes, or numbers too long for a float."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_null(kind):
        return bool(pc.any(pc.not_equal(written, "")).as_py())
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return False
    return any(
        pc.any(pc.match_substring_regex(written, pattern)).as_py()
        for pattern in ((_CODE, _LONG) if pa.types.is_floating(kind) or _has_gap(written) else (_CODE,))
    )


def _has_gap(written: Any) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    return bool(pc.any(pc.is_in(written, value_set=pa.array(MISSING_WORDS))).as_py())


def _words(name: str, written: Any, words: Collection[str]) -> str:
    """Return a note on the words that were read as missing in a column of numbers, dates or truths; "" without any."""
    counted = Counter(
        {
            entry["values"]: entry["counts"]
            for entry in written.value_counts().to_pylist()
            if entry["values"] in words
        }
    )
    if not counted:
        return ""
    shown = ", ".join(f"'{word}' {count:,}" for word, count in counted.most_common(5))
    return f"column '{name}' is read without these words, as missing: {shown}"


def _without_empty(column: Any) -> Any:
    """Return text with the empty ones as missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lacking = pc.equal(column, "")
    if not pc.any(lacking).as_py():
        return column
    return pc.if_else(lacking, pa.scalar(None, pa.string()), column)


def _has_leading_zero(raw: bytes) -> bool:
    """Return whether some field may begin with a zero and another digit."""
    import numpy as np

    letters = np.frombuffer(raw, dtype=np.uint8)
    for start in range(0, len(letters) - 2, _BLOCK):
        block = letters[start : start + _BLOCK + 2]
        zero = np.flatnonzero(block[1:-1] == ord("0")) + 1
        before, after = block[zero - 1], block[zero + 1]
        if (((after >= ord("0")) & (after <= ord("9"))) & np.isin(before, _BEFORE)).any():
            return True
    return False


_BEFORE = tuple(b',\n\r"+-')
"""What stands before the first digit of a field."""
