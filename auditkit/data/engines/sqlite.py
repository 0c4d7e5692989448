"""The same query as SQL, for SQLite files: Python brings the engine, and narwhals does not speak to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from auditkit.data.engines.aggregate import MOST_CELLS
from auditkit.errors import DataError, nearest

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from auditkit.data.engines.question import Key, Question


def aggregated_in_sqlite(file: Path, table: str, question: Question) -> pa.Table:
    """Return what `aggregated` returns, of a table of a SQLite file, which is opened for reading only.

    SQLite keeps no NaN, and a column may hold numbers beside texts: a bin takes numbers only.
    """
    import pyarrow as pa

    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as base:
        names = [
            name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        ]
        if table not in names:
            message = f"{file.name} has no table '{table}'{nearest(table, names)}"
            raise DataError(message)
        columns = [row[1] for row in base.execute(f"PRAGMA table_info({_quoted(table)})")]
        for name in question.columns:
            if name not in columns:
                message = f"table '{table}' of {file.name} has no column '{name}'{nearest(name, columns)}"
                raise DataError(message)
        answer = base.execute(query(table, question))
        heads = [head for head, *_ in answer.description]
        rows = answer.fetchall()
    try:
        return pa.table({head: [row[i] for row in rows] for i, head in enumerate(heads)})
    except pa.ArrowInvalid as error:
        message = f"table '{table}' of {file.name} holds texts beside numbers in one column, which cannot be grouped"
        raise DataError(message) from error


def query(table: str, question: Question) -> str:
    """Return the query: every name is quoted, and nothing else comes from outside."""
    by = [f"{_key(key)} AS k{i}" for i, key in enumerate(question.keys)]
    terms = ["COUNT(*) AS rows"]
    if question.weight is not None:
        w = f"CAST({_quoted(question.weight)} AS REAL)"
        by.append(f"{_quoted(question.weight)} IS NULL AS unweighed")
        sums = {
            "weights": f"SUM({w})",
            "squares": f"SUM({w} * {w})",
            "least": f"MIN({w})",
            "most": f"MAX({w})",
        }
        terms += [f"{term} AS {name}" for name, term in sums.items()]
    groups = ", ".join(str(i + 1) for i in range(len(by)))
    return f"SELECT {', '.join((*by, *terms))} FROM {_quoted(table)} GROUP BY {groups} LIMIT {MOST_CELLS + 1}"  # noqa: S608  names are quoted


def _key(key: Key) -> str:
    column = _quoted(key.name)
    if not key.edges:
        return column
    whens = []
    for low, high, within in key.bins():
        ends = (
            f"{column} >= {_number(low)}",
            f"{column} {'<=' if high == key.edges[-1] else '<'} {_number(high)}",
        )
        whens.append(f"WHEN {' AND '.join(ends)} THEN {_number(within)}")
    number = f"typeof({column}) IN ('integer', 'real')"
    return f"CASE WHEN NOT {number} THEN {column} {' '.join(whens)} ELSE {_number(key.outside)} END"


def _number(value: float) -> str:
    return "9e999" if value == float("inf") else "-9e999" if value == -float("inf") else repr(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
