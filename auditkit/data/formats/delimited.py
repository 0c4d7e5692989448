"""Comma-separated text, read strictly: a row of the wrong length would shift or lose values silently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.data.formats.cells import MISSING_WORDS, as_written
from auditkit.errors import DataError, first_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from auditkit.data.memory import Room

TIMES_HELD = 3
"""The text of a file is held as its bytes, in Arrow's table and in the frame made of it."""
BYTES_PER_CELL = 16
"""Eight in Arrow's table and eight in the frame, besides the text."""


def read_csv(path: Path, room: Room, *, na: Sequence[str] = ()) -> pa.Table:
    """Return the rows of a UTF-8 CSV file with a header, gzipped if the name ends in .gz.

    Numbers, true/false, dates and text are told apart per column; the words in `na` are missing in all of them. Raises
    DataError for what a lenient reader would guess around: rows of unequal length, an open quote, bytes that are not
    UTF-8.
    """
    import pyarrow as pa

    raw = _contents(path, room)
    _refuse_what_is_no_csv(path, raw)
    cells = (raw.count(b"\n") + 1) * (raw[: raw.find(b"\n")].count(b",") + 1)
    room.need((TIMES_HELD - 1) * len(raw) + BYTES_PER_CELL * cells, path)
    if raw.count(b'"') % 2:  # Arrow would take the rest of the file as one value
        _explain(path, raw)
    try:
        table = _parsed(raw, na)
        names = ["" if name is None else name for name in table.column_names]  # decoded only here
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        _explain(path, raw)
        message = f"{path} cannot be read as CSV: {first_line(error)}"
        raise DataError(message) from error
    if any(
        pa.types.is_binary(kind) for kind in table.schema.types
    ):  # Arrow's word for text that is not UTF-8
        _decoded(path, raw)
    if len(names) == 1 and (found := next((mark for mark in ";\t|" if mark in names[0]), None)):
        message = f"{path} has one column named {names[0]!r}; values must be separated by ',', not {found!r}"
        raise DataError(message)
    table = as_written(table, raw, texts=lambda names: _parsed(raw, texts=names), na=na)
    # A nameless column is what DataFrame.to_csv makes of the index; pandas calls it so when it reads it back.
    named = table.rename_columns([name or f"Unnamed: {place}" for place, name in enumerate(names)])
    return named.replace_schema_metadata(table.schema.metadata)


def _parsed(raw: bytes, na: Sequence[str] = (), *, texts: Sequence[str] = ()) -> pa.Table:
    """Return the table of CSV text, or only the columns `texts` as they are written, or raise ArrowInvalid."""
    import pyarrow as pa
    import pyarrow.csv as arrow_csv

    converting = arrow_csv.ConvertOptions(null_values=(*MISSING_WORDS, *na), strings_can_be_null=False)
    if texts:
        kinds = dict.fromkeys(texts, pa.string())
        converting = arrow_csv.ConvertOptions(include_columns=list(texts), column_types=kinds)

    def parsed(**reading: int) -> pa.Table:
        return arrow_csv.read_csv(
            pa.BufferReader(raw),
            read_options=arrow_csv.ReadOptions(**reading),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
            convert_options=converting,
        )

    try:
        return parsed()
    except pa.ArrowInvalid as error:
        if "straddling" not in str(error):
            raise
        return parsed(
            block_size=min(len(raw) + 1, 2**31 - 1)
        )  # a row is longer than the blocks it is read in


def _contents(path: Path, room: Room) -> bytes:
    """Return the file's bytes, unzipped; a small file may unzip to any size, and says so nowhere that counts."""
    import gzip
    import zlib

    if not path.name.lower().endswith(".gz"):
        room.need(TIMES_HELD * path.stat().st_size, path)
        return path.read_bytes()
    most = room.most()
    try:
        with gzip.open(path) as stream:
            raw = stream.read() if most is None else stream.read(most // TIMES_HELD + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        message = f"{path} is not a whole gzip file ({error}); compress it again"
        raise DataError(message) from error
    room.need(TIMES_HELD * len(raw), f"{path}, unzipped,")
    return raw


def _refuse_what_is_no_csv(path: Path, raw: bytes) -> None:
    """Raise DataError for an empty or a binary file."""
    if not raw.strip():
        message = f"{path} is empty; it needs a header and rows"
        raise DataError(message)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = f"{path} is UTF-16, not UTF-8 (byte order mark at byte 0); save it as UTF-8"
        raise DataError(message)
    if (place := raw.find(b"\0")) >= 0:
        hint = "; it looks like a zip or Excel file" if raw.startswith(b"PK") else ""
        message = f"{path} is not text (a zero byte at byte {place}){hint}; save it as a UTF-8 CSV file"
        raise DataError(message)


def _decoded(path: Path, raw: bytes) -> str:
    """Return the text, or raise DataError with the position of the first byte that is not UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = (
            f"{path} is not UTF-8 (byte 0x{raw[error.start]:02x} at byte {error.start}, line {line}); "
            "save it as UTF-8"
        )
        raise DataError(message) from error


def _explain(path: Path, raw: bytes) -> None:
    """Raise DataError with the line of the first broken row; return if every row is whole."""
    import csv
    import io

    csv.field_size_limit(max(csv.field_size_limit(), len(raw)))
    rows = csv.reader(io.StringIO(_decoded(path, raw), newline=""), strict=True)
    columns, start = 0, 1
    try:
        for row in rows:
            columns = columns or len(row)
            if row and len(row) != columns:
                message = (
                    f"{path}, line {start}: {len(row)} values where the header has {columns} columns; "
                    "quote values that contain a comma"
                )
                raise DataError(message)
            start = rows.line_num + 1
    except csv.Error as error:
        what = "a quote is opened and never closed" if "unexpected end" in str(error) else str(error)
        message = f"{path}, line {start}: {what}; a quote inside a value is written twice"
        raise DataError(message) from error
