"""Writes what a repair hands back, such as new predictions or a re-ranked list, by the file's extension."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

    from auditkit.running.plan import Plan


def as_csv(table: pd.DataFrame) -> bytes:
    """Return the table as CSV in UTF-8, without the index."""
    return table.to_csv(index=False).encode()


def as_json_lines(table: pd.DataFrame) -> bytes:
    """Return one JSON object per row."""
    return table.to_json(orient="records", lines=True, force_ascii=False).encode()


def as_parquet(table: pd.DataFrame) -> bytes:
    """Return the table as Parquet."""
    from io import BytesIO

    buffer = BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


FORMATS: Mapping[str, Callable[[pd.DataFrame], bytes]] = {
    ".csv": as_csv,
    ".jsonl": as_json_lines,
    ".parquet": as_parquet,
}


def check_tables(files: tuple[Path, ...], plan: Plan) -> None:
    """Raise UsageError if a table was asked for and no step of the plan makes one."""
    if files and not any(planned.step.kind == "repair" for planned in plan.steps):
        message = (
            f"cannot write {files[0]}: only a repair hands back a table; reports are .html, .md or .json"
        )
        raise UsageError(message)


def write_tables(files: tuple[Path, ...], results: Mapping[str, pd.DataFrame]) -> None:
    """Write the last repair's table to each file, whole or not at all."""
    from auditkit.store.files import write_whole

    if files and not results:
        message = f"cannot write {files[0]}: the repair handed back no table"
        raise UsageError(message)
    for path in files:
        write_whole(path, FORMATS[path.suffix](list(results.values())[-1]))
