"""Parquet, Feather and Arrow files, and what their columns become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit.data.formats.arrow_sizes import BYTES_PER_VALUE, declared_bytes
from auditkit.data.formats.cells import EXACT
from auditkit.data.formats.parquet_texts import need_room_for_texts
from auditkit.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from auditkit.data.memory import Room

_MAGIC = b"ARROW1\0\0"


def read_parquet(path: Path, room: Room) -> pa.Table:
    """Return a Parquet file's table; a named index is a column like any other."""
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(path) as file:
        room.need(_declared(file.metadata), path)
    need_room_for_texts(path, room)
    with parquet.ParquetFile(path) as file:
        table = file.read()
    table.validate(full=True)  # text that is not UTF-8, among others
    return table


def read_arrow(path: Path, room: Room) -> pa.Table:
    """Return the table of a Feather file, an Arrow file or an Arrow stream."""
    import pyarrow as pa
    from pyarrow import feather

    with path.open("rb") as file:
        stream = file.read(len(_MAGIC)) != _MAGIC
    with pa.memory_map(str(path)) as file:
        file.seek(0 if stream else len(_MAGIC))
        try:
            room.need(declared_bytes(pa.ipc.MessageReader.open_stream(file)), path)
        except ValueError as error:
            message = f"{path} cannot be read: {error}; was it cut short or renamed?"
            raise DataError(message) from error
    if stream:
        with pa.OSFile(str(path)) as file:
            table = pa.ipc.open_stream(file).read_all()
    else:
        table = feather.read_table(path)
    table.validate(full=True)  # the format is read as it lies: a wrong offset would be a wrong address
    return table


def plain_frame(table: pa.Table, path: Path, room: Room) -> pd.DataFrame:
    """Return an Arrow table with the plain types of numpy: no nullable, decimal or time-of-day columns."""
    import re

    import pyarrow as pa

    room.need(BYTES_PER_VALUE * table.num_rows * table.num_columns, f"{path}, with {table.num_rows:,} rows,")
    table = table.select(
        [name for name in table.column_names if not re.fullmatch(r"__index_level_\d+__", name)]
    ).replace_schema_metadata()  # pandas' own is parsed even to be ignored, and may be damaged
    table = codes_as_text(table)
    for place, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.float64()))
        elif pa.types.is_time(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.string()))
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True, date_as_object=False)
    return frame


def codes_as_text(table: pa.Table) -> pa.Table:
    """Return a table whose whole numbers are text where floating point would merge some, as it is for a CSV file.

    Whole numbers become floating point where some are missing, decimals always.
    """
    import pyarrow as pa

    for place, field in enumerate(table.schema):
        column = table.column(place)
        whole = pa.types.is_integer(field.type) and column.null_count
        if (whole or (pa.types.is_decimal(field.type) and field.type.scale <= 0)) and _beyond_floats(column):
            table = table.set_column(place, field.name, column.cast(pa.string()))
    return table


def _beyond_floats(column: pa.ChunkedArray) -> bool:
    """Return whether some number is so large that floating point may merge it with the next."""
    import pyarrow.compute as pc

    ends = pc.min_max(column).as_py().values()
    return any(end is not None and abs(end) >= EXACT for end in ends)


def _declared(metadata: Any) -> int:
    """Return the bytes of a Parquet file's values by its footer: a run of a million equal ones takes a few."""
    total = 0
    for place in range(metadata.num_columns):
        column = metadata.schema.column(place)
        width = max(BYTES_PER_VALUE, column.length if column.physical_type == "FIXED_LEN_BYTE_ARRAY" else 0)
        for group in range(metadata.num_row_groups):
            chunk = metadata.row_group(group).column(place)
            total += max(chunk.total_uncompressed_size, 0) + width * max(chunk.num_values, 0)
    return total
