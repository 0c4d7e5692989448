"""Parquet files, and a table or a query of a DuckDB file, as relations of a connection that reads nothing else."""

from __future__ import annotations

from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from auditkit.data.engines.draw import PLACE
from auditkit.data.engines.parquet_pieces import rows_of
from auditkit.data.memory import room_of
from auditkit.errors import DataError, UsageError, first_line, nearest
from auditkit.interrupt import stopped_by_signals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from auditkit.data.engines.places import Place

_VIRTUAL = ("file_index", "file_row_number")
"""What DuckDB calls a row's file and its place in it, unless a column is called so."""


@contextmanager
def connected(file: Path | None, memory_limit: str | None) -> Iterator[Any]:
    """Yield a connection to a file, for reading only, or to none; what does not fit memory goes to a folder."""
    try:
        import duckdb
    except ImportError as error:
        message = "DuckDB is not installed: pip install 'fair-auditkit[duckdb]'"
        raise UsageError(message) from error
    with TemporaryDirectory(prefix="auditkit-") as spill:
        config: dict[str, Any] = {
            "temp_directory": spill, "autoinstall_known_extensions": False, "autoload_known_extensions": False,
            "preserve_insertion_order": False, "python_enable_replacements": False,
        }  # fmt: skip
        if (most := room_of(memory_limit).bytes) is not None:
            config["memory_limit"] = f"{most // 10**6}MB"
        name = ":memory:" if file is None else str(file)
        with (
            duckdb.connect(name, read_only=file is not None, config=config) as base,
            stopped_by_signals(base.interrupt),
        ):
            if file is not None:
                # A view or a query could name any file: a database that somebody sent reads nothing but itself.
                base.execute("SET enable_external_access = false")
                base.execute("SET lock_configuration = true")
            yield base


def in_parquet(base: Any, files: Sequence[Path], *, placed: bool) -> Any:
    """Return the rows of Parquet files, `placed` with the place of each: file after file."""
    if not placed:
        return base.read_parquet([str(file) for file in files])
    listed = ", ".join(_text(str(file)) for file in files)
    for name in base.sql(f"SELECT * FROM read_parquet([{listed}]) LIMIT 0").columns:  # noqa: S608  quoted
        if name.casefold() in _VIRTUAL:
            message = f"a column is called '{name}', by which DuckDB tells a row's place: rename it"
            raise UsageError(message)
    starts, start = [], 0
    for file in files:
        starts.append(start)
        start += rows_of(file)
    first = f"list_extract(CAST([{', '.join(map(str, starts))}] AS BIGINT[]), CAST(file_index AS BIGINT) + 1)"
    place = f"{first} + CAST(file_row_number AS BIGINT)"
    return base.sql(f'SELECT *, {place} AS "{PLACE}" FROM read_parquet([{listed}])')  # noqa: S608  quoted


def in_file(base: Any, place: Place, *, placed: bool) -> Any:
    """Return the rows of a table or a query of a DuckDB file, `placed` with the place of each, which a table has."""
    file = place.files[0].name
    if place.query:
        _check(base, place.query)
    kinds = dict(base.sql("SELECT table_name, table_type FROM information_schema.tables").fetchall())
    if place.table and place.table not in kinds:
        message = f"{file} has no table '{place.table}'{nearest(place.table, list(kinds))}"
        raise DataError(message)
    if placed and kinds.get(place.table) != "BASE TABLE":
        message = f"the rows of {place.called} have no rowid by which a sample could be drawn: name a table of {file}"
        raise UsageError(message)
    if place.query:
        return _apart(base.sql(place.query))
    name = '"' + place.table.replace('"', '""') + '"'
    if not placed:
        return _apart(base.table(name))
    if any(column.casefold() == "rowid" for column in base.table(name).columns):
        message = (
            f"a column of {place.called} is called 'rowid', by which DuckDB tells a row's place: rename it"
        )
        raise UsageError(message)
    return _apart(base.sql(f'SELECT *, rowid AS "{PLACE}" FROM {name}'))  # noqa: S608  quoted


def _apart(rows: Any) -> Any:
    """Return rows whose texts differ where any letter does: a column's collation may count F and f as one."""
    names = ('"' + name.replace('"', '""') + '"' for name in rows.columns)
    told = (
        f'{name} COLLATE "binary" AS {name}' if str(kind) == "VARCHAR" else name
        for name, kind in zip(names, rows.types, strict=True)
    )
    return rows.project(", ".join(told))


def _check(base: Any, query: str) -> None:
    """Raise DataError unless a query is one statement that only reads."""
    import duckdb

    try:
        found = base.extract_statements(query)
    except duckdb.Error as error:
        message = f"query=: one SELECT statement is read, and this is none: {first_line(error)}"
        raise DataError(message) from error
    if len(found) != 1 or found[0].type != duckdb.StatementType.SELECT:
        told = f"{len(found)} statements" if len(found) != 1 else f"{found[0].type}".rpartition(".")[2]
        message = f"query=: one SELECT statement is read, and this is {told}"
        raise DataError(message)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
