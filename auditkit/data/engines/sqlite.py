"""The same queries as SQL, for SQLite files: Python brings the engine, and narwhals does not speak to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from auditkit.data.engines.aggregate import MOST_CELLS, OF_SCORES
from auditkit.data.engines.conditions.condition import condition_of
from auditkit.data.engines.conditions.in_sql import Texts, quoted, sql_number
from auditkit.data.engines.draw import PLACE
from auditkit.errors import DataError, UsageError, first_line, nearest
from auditkit.interrupt import stopped_by_signals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from auditkit.data.engines.draw import Draw
    from auditkit.data.engines.places import Place
    from auditkit.data.engines.question import Key, Question

_READS = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
"""What a statement may do: neither write, nor attach another file, nor change how the file is read."""


def aggregated_in_sqlite(place: Place, question: Question) -> pa.Table:
    """Return what `aggregated` returns, of a table or a query of a SQLite file, which is opened for reading only.

    SQLite keeps no NaN, and a column may hold numbers beside texts: a bin takes numbers only.
    """
    with _opened(place) as base:
        _need_columns(base, place, question.columns)
        texts = Texts()
        asked = query(_source(place), question, texts)
        found = _arrow(base.execute(asked, texts.values), place)
        for role, name in _summed(question).items():
            if any(found[f"texts_of_{role}"].to_pylist()):
                message = f"{role} column '{name}' is not a number"
                raise DataError(message)
        return found.drop_columns([f"texts_of_{role}" for role in _summed(question)])


def _summed(question: Question) -> dict[str, str]:
    """Return the columns that are summed, by their role: SQLite takes a text in them for a 0."""
    roles = {"weight": question.weight, "score": question.score}
    return {role: name for role, name in roles.items() if name is not None}


def drawn_in_sqlite(place: Place, draw: Draw, columns: Sequence[str]) -> pa.Table:
    """Return some columns of the rows that are drawn of a table, and their places."""
    with _opened(place) as base:
        _need_columns(base, place, columns)
        told = ", ".join((*map(quoted, columns), f"rowid AS {quoted(PLACE)}"))
        drawn = f"{draw.sql('rowid')} < {draw.below}"
        return _arrow(base.execute(f"SELECT {told} FROM {_source(place)} WHERE {drawn}"), place)  # noqa: S608  quoted


def columns_in_sqlite(place: Place, *, placed: bool = False) -> tuple[str, ...]:
    """Return the names of the columns; raise UsageError unless rows have a place of their own, where they must."""
    with _opened(place) as base:
        if placed and not _has_places(base, place):
            message = (
                f"the rows of {place.called} have no rowid by which a sample could be drawn: name a table of "
                f"{place.files[0].name} that has one"
            )
            raise UsageError(message)
        return _columns(base, place)


def rows_in_sqlite(place: Place) -> int:
    """Return how many rows there are."""
    with _opened(place) as base:
        (rows,) = base.execute(f"SELECT COUNT(*) FROM {_source(place)}").fetchone()  # noqa: S608  quoted
        return int(rows)


@contextmanager
def _opened(place: Place) -> Iterator[sqlite3.Connection]:
    """Yield the file, in which no statement does anything but read; raise for a table that is not there."""
    file = place.files[0]
    with (
        closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as base,
        stopped_by_signals(base.interrupt),
    ):
        kinds = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
        names = [name for (name,) in base.execute(kinds)]
        if place.table and place.table not in names:
            message = f"{file.name} has no table '{place.table}'{nearest(place.table, names)}"
            raise DataError(message)
        base.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY)
        if place.query:
            _check(base, place.query)
        yield base


def _check(base: sqlite3.Connection, asked: str) -> None:
    """Raise DataError unless a query is one statement that only reads."""
    try:
        base.execute(f"EXPLAIN {asked}").close()
    except (sqlite3.Error, sqlite3.Warning) as error:
        message = f"query=: one SELECT statement is read, and this is none: {first_line(error)}"
        raise DataError(message) from error


def _source(place: Place) -> str:
    """Return what stands after FROM; a comment in a query ends with its line."""
    return quoted(place.table) if place.table else f"({place.query.rstrip().rstrip(';')}\n)"


def _has_places(base: sqlite3.Connection, place: Place) -> bool:
    if not place.table or any(name.casefold() == "rowid" for name in _columns(base, place)):
        return False
    try:
        base.execute(f"SELECT rowid FROM {quoted(place.table)} LIMIT 0")  # noqa: S608  quoted
    except sqlite3.OperationalError:
        return False
    kind = "SELECT type FROM sqlite_master WHERE name = ?"
    return bool(base.execute(kind, (place.table,)).fetchone() == ("table",))


def _columns(base: sqlite3.Connection, place: Place) -> tuple[str, ...]:
    heads = base.execute(f"SELECT * FROM {_source(place)} LIMIT 0").description  # noqa: S608  quoted
    return tuple(head for head, *_ in heads)


def _need_columns(base: sqlite3.Connection, place: Place, names: Sequence[str]) -> None:
    columns = _columns(base, place)
    for name in names:
        if name not in columns:
            message = f"{place.called} has no column '{name}'{nearest(name, columns)}"
            raise DataError(message)


def _arrow(answer: sqlite3.Cursor, place: Place) -> pa.Table:
    """Return an answer's rows as a table."""
    import pyarrow as pa

    heads = [head for head, *_ in answer.description]
    rows = answer.fetchall()
    found = {}
    for i, head in enumerate(heads):
        try:
            found[head] = pa.array([row[i] for row in rows])
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            message = f"{place.called} holds texts beside numbers in one column, which cannot be grouped"
            raise DataError(message) from error
    return pa.table(found)


def query(source: str, question: Question, texts: Texts) -> str:
    """Return the query: every name is quoted, texts are bound, and nothing else comes from outside."""
    by = [f"{_key(key)} AS k{i}" for i, key in enumerate(question.keys)]
    by += [f"{texts.sql(condition_of(one))} AS c{i}" for i, one in enumerate(question.conditions)]
    terms = ["COUNT(*) AS rows"]
    w = "1.0" if question.weight is None else f"CAST({quoted(question.weight)} AS REAL)"
    if question.weight is not None:
        by.append(f"{quoted(question.weight)} IS NULL AS unweighed")
        sums = {
            "weights": f"SUM({w})",
            "squares": f"SUM({w} * {w})",
            "least": f"MIN({w})",
            "most": f"MAX({w})",
        }
        terms += [f"{term} AS {name}" for name, term in sums.items()]
    if question.score is not None:
        score = quoted(question.score)
        by.append(
            f"CASE WHEN {score} < 0.0 THEN 0 WHEN {score} >= 1.0 THEN 99 ELSE CAST({score} * 100.0 AS INTEGER) END "
            "AS hundredth"
        )
        of = (f"SUM({w} * {score})", f"SUM({w} * {w} * {score})", f"SUM({w} * {w} * {score} * {score})")
        ends = (f"MIN({score})", f"MAX({score})")
        terms += [f"{term} AS {name}" for term, name in zip((*of, *ends), OF_SCORES, strict=False)]
    terms += [
        f"SUM(typeof({quoted(name)}) IN ('text', 'blob')) AS texts_of_{role}"
        for role, name in _summed(question).items()
    ]
    groups = ", ".join(str(i + 1) for i in range(len(by)))
    draw = question.draw
    side = "<" if question.drawn else ">="
    where = "" if draw is None else f" WHERE {draw.sql('rowid')} {side} {draw.below}"
    told = ", ".join((*by, *terms))
    return f"SELECT {told} FROM {source}{where} GROUP BY {groups} LIMIT {MOST_CELLS + 1}"  # noqa: S608  quoted


def _key(key: Key) -> str:
    """Return what a row is counted by; texts that differ by capitals stay apart, whatever the table says of them."""
    column = quoted(key.name)
    if not key.edges:
        return f"{column} COLLATE BINARY"
    whens = []
    for low, high, within in key.bins():
        ends = (
            f"{column} >= {sql_number(low)}",
            f"{column} {'<=' if high == key.edges[-1] else '<'} {sql_number(high)}",
        )
        whens.append(f"WHEN {' AND '.join(ends)} THEN {sql_number(within)}")
    number = f"typeof({column}) IN ('integer', 'real')"
    return f"CASE WHEN NOT {number} THEN {column} {' '.join(whens)} ELSE {sql_number(key.outside)} END"
