"""Parquet, Feather and Arrow files, and what their columns become."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa


def read_parquet(path: Path) -> pa.Table:
    """Return a Parquet file's table; a named index is a column like any other."""
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(path) as file:
        return file.read()


def read_arrow(path: Path) -> pa.Table:
    """Return the table of a Feather file, an Arrow file or an Arrow stream."""
    import pyarrow as pa
    from pyarrow import feather

    try:
        return feather.read_table(path)
    except pa.ArrowInvalid:
        with pa.OSFile(str(path)) as stream:
            return pa.ipc.open_stream(stream).read_all()


def plain_frame(table: pa.Table) -> pd.DataFrame:
    """Return an Arrow table with the plain types of numpy: no nullable, decimal or time-of-day columns."""
    import re

    import pyarrow as pa

    table = table.select(
        [name for name in table.column_names if not re.fullmatch(r"__index_level_\d+__", name)]
    )
    for place, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.float64()))
        elif pa.types.is_time(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.string()))
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True, date_as_object=False)
    return frame
