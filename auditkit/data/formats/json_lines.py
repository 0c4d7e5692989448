"""JSON lines: one object per row."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from auditkit.data.formats.cells import EXACT
from auditkit.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from auditkit.data.memory import Room

DIGITS = 4_000
"""Of a whole number: Python converts 4,300, in time that grows with their square."""
TIMES_HELD = 10
"""Of a row `{"a":1}` Python makes a dict and objects of some ten times its bytes."""
BYTES_PER_CELL = 24
"""A frame is made by way of a table of objects; keys that only some rows have make cells in all of them."""


def read_json_lines(path: Path, room: Room) -> pd.DataFrame:
    """Return one row per line, each line a JSON object; a key that a line leaves out is missing there."""
    import pandas as pd

    room.need(TIMES_HELD * path.stat().st_size, path)
    rows: list[dict[str, Any]] = []
    keys: set[str] = set()
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            row = _row(line, f"{path}, line {number}")
            rows.append(row)
            keys.update(row)
    if not rows:
        message = f"{path} is empty; it needs one JSON object per line"
        raise DataError(message)
    room.need(
        BYTES_PER_CELL * len(rows) * len(keys), f"{path}, with {len(rows):,} rows of {len(keys):,} keys,"
    )
    frame = pd.DataFrame(rows)
    for name in frame.columns[frame.dtypes == "float64"]:
        if frame[name].abs().max() >= EXACT:
            cells = [row.get(name) for row in rows]
            if all(cell is None or isinstance(cell, int) for cell in cells):
                # A missing cell made floating point of codes that it would merge.
                frame[name] = [None if cell is None else str(cell) for cell in cells]
    return frame


def _row(line: bytes, where: str) -> dict[str, Any]:
    """Return a line's object, each key once, every text whole; `where` begins the sentence of an error."""
    import json

    try:
        row = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_each_key_once, parse_int=whole_number)
    except UnicodeDecodeError as error:
        message = f"{where} is not UTF-8 (byte {error.start} of the line); save it as UTF-8"
        raise DataError(message) from error
    except _KeyTwiceError as error:
        message = f"{where} has the key '{error}' twice; only one value can be meant"
        raise DataError(message) from error
    except RecursionError as error:
        message = f"{where} is nested too deeply"
        raise DataError(message) from error
    except ValueError as error:
        message = f"{where} is not JSON: {error}; each line must hold one object"
        raise DataError(message) from error
    if not isinstance(row, dict):
        message = f'{where} is not a JSON object; each line must look like {{"a": 1}}'
        raise DataError(message)
    if b"\\u" in line and _half_a_pair(row):
        message = f"{where} holds half of a surrogate pair (\\ud800 to \\udfff), which is no text"
        raise DataError(message)
    return row


def whole_number(text: str) -> int:
    """Return a whole number of a JSON document; ValueError where it has more digits than Python converts."""
    if len(text) > DIGITS:
        message = f"{text:.20} is too large a number, of {len(text):,} digits"
        raise ValueError(message)
    return int(text)


class _KeyTwiceError(Exception):
    """A key that stands twice in one object."""


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise _KeyTwiceError(Counter(key for key, _ in pairs).most_common(1)[0][0])
    return row


def _half_a_pair(value: Any) -> bool:
    """Return whether a text, or one in a list or an object, has a lone surrogate, which UTF-8 cannot hold."""
    match value:
        case str():
            return any("\ud800" <= mark <= "\udfff" for mark in value)
        case list():
            return any(map(_half_a_pair, value))
        case dict():
            return any(_half_a_pair(key) or _half_a_pair(item) for key, item in value.items())
        case _:
            return False
