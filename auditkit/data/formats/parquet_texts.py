"""What the texts of a Parquet file become in memory, found out without holding them: its footer does not say.

A dictionary stores a text once for any number of rows, and DELTA_BYTE_ARRAY stores of each text only what differs from
the one before: https://parquet.apache.org/docs/file-format/data-pages/encodings/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from auditkit.data.memory import Room

_DELTA = "DELTA_BYTE_ARRAY"


@dataclass(frozen=True)
class _Column:
    """A column of text: the most bytes that one text and that all of them can take, and how they are stored."""

    path: str
    longest: int
    most: int
    delta: bool
    nested: bool


def need_room_for_texts(path: Path, room: Room) -> None:
    """Raise DataError if the texts of a Parquet file would take more than there is room for."""
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(path) as file:
        columns = list(_columns(file.metadata))
    there, most = room.most(), sum(column.most for column in columns)
    if there is None or most <= there:
        return
    room.need(sum(column.most for column in columns if column.delta and column.nested), path)
    total = 0
    for column in columns:
        if column.delta and not column.nested:
            total = _need_streamed(path, column, room, total)
    coded = [column.path for column in columns if not column.delta]
    if coded:
        # Codes and dictionary take no more than the file tells of.
        with parquet.ParquetFile(path, read_dictionary=coded) as file:
            read = file.read(columns=coded).columns
        room.need(total + sum(_text_bytes(chunk) for column in read for chunk in column.chunks), path)


def _columns(metadata: Any) -> Iterator[_Column]:
    """Yield each column of text; a text is no longer than all that its chunk stores."""
    for place in range(metadata.num_columns):
        column = metadata.schema.column(place)
        if column.physical_type != "BYTE_ARRAY":
            continue
        chunks = [metadata.row_group(group).column(place) for group in range(metadata.num_row_groups)]
        stored = [max(chunk.total_uncompressed_size, 0) for chunk in chunks]
        yield _Column(
            path=column.path,
            longest=max(stored, default=0),
            most=sum(size * max(chunk.num_values, 0) for size, chunk in zip(stored, chunks, strict=True)),
            delta=any(_DELTA in chunk.encodings for chunk in chunks),
            nested=column.max_repetition_level > 0,
        )


def _need_streamed(path: Path, column: _Column, room: Room, total: int) -> int:
    """Return `total` and the bytes of a column's texts, of which no more are read at once than there is room for."""
    import pyarrow.parquet as parquet

    at_once = max(1, min(65_536, (room.most() or 0) // max(column.longest, 1)))
    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=at_once, columns=[column.path]):
            total += sum(_text_bytes(one) for one in batch.columns)
            room.need(total, path)
    return total


def _text_bytes(array: Any) -> int:
    """Return the bytes of the texts in an Arrow array, wherever a dictionary stands for them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = array.type
    if pa.types.is_dictionary(kind):
        lengths = pc.cast(pc.binary_length(array.dictionary), pa.int64())
        return int(pc.sum(pc.take(lengths, array.indices)).as_py() or 0)
    if pa.types.is_map(kind):
        return _text_bytes(array.keys) + _text_bytes(array.items)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return _text_bytes(array.flatten())
    if pa.types.is_struct(kind):
        return sum(_text_bytes(array.field(place)) for place in range(kind.num_fields))
    return int(array.nbytes)
