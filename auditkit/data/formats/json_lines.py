"""JSON lines: one object per row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


def read_json_lines(path: Path) -> pd.DataFrame:
    """Return one row per line, each line a JSON object; a key that a line leaves out is missing there."""
    import json

    import pandas as pd

    rows = []
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except UnicodeDecodeError as error:
                message = (
                    f"{path}, line {number} is not UTF-8 (byte {error.start} of the line); save it as UTF-8"
                )
                raise DataError(message) from error
            except (ValueError, RecursionError) as error:
                message = f"{path}, line {number} is not JSON: {error}; each line must hold one object"
                raise DataError(message) from error
            if not isinstance(row, dict):
                message = f'{path}, line {number} is not a JSON object; each line must look like {{"a": 1}}'
                raise DataError(message)
            rows.append(row)
    if not rows:
        message = f"{path} is empty; it needs one JSON object per line"
        raise DataError(message)
    return pd.DataFrame(rows)
