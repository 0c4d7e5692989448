"""What an Arrow file says its batches become in memory, from the metadata of its messages (flatbuffers).

A compressed buffer begins with its length once it is unpacked, and a column of nulls has a length and no bytes at
all, so that a file of a few hundred bytes can ask for any amount. https://arrow.apache.org/docs/format/Columnar.html
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

BYTES_PER_VALUE = 8
_DICTIONARY, _BATCH = 2, 3
"""Values of `Message.header_type`."""


@dataclass(frozen=True)
class _Table:
    """A table of a flatbuffer: fields by number, each perhaps absent."""

    data: bytes
    place: int

    def number(self, field: int, form: str) -> int:
        """Return a number that is stored in the table, 0 if it is absent."""
        at = self._at(field)
        return int(struct.unpack_from(f"<{form}", self.data, at)[0]) if at else 0

    def table(self, field: int) -> _Table | None:
        """Return the table that a field points to."""
        at = self._at(field)
        return _Table(self.data, at + _offset(self.data, at)) if at else None

    def pairs(self, field: int) -> list[tuple[int, int]]:
        """Return a vector of structs of two int64."""
        at = self._at(field)
        if not at:
            return []
        start = at + _offset(self.data, at)
        count = _offset(self.data, start)
        words = struct.unpack_from(f"<{2 * count}q", self.data, start + 4)
        return list(zip(words[::2], words[1::2], strict=True))

    def _at(self, field: int) -> int:
        """Return where a field stands, 0 if it is absent."""
        (back,) = struct.unpack_from("<i", self.data, self.place)
        names = self.place - back
        (size,) = struct.unpack_from("<H", self.data, names)
        if 4 + 2 * field >= size:
            return 0
        (inside,) = struct.unpack_from("<H", self.data, names + 4 + 2 * field)
        return self.place + inside if inside else 0


def declared_bytes(messages: Iterable[pa.Message]) -> int:
    """Return the bytes that all batches take once they are read; ValueError for metadata that cannot be read."""
    try:
        return sum(_batch_bytes(batch, body) for batch, body in _batches(messages))
    except struct.error as error:
        message = "the metadata of a batch cannot be read"
        raise ValueError(message) from error


def _batches(messages: Iterable[pa.Message]) -> Iterator[tuple[_Table, Any]]:
    """Yield the RecordBatch of each message that has one, and the body that holds its buffers."""
    for message in messages:
        data = message.metadata.to_pybytes()
        root = _Table(data, _offset(data, 0))
        header = root.table(2)
        kind = root.number(1, "B")
        batch = header.table(1) if header and kind == _DICTIONARY else header
        if batch and kind in {_DICTIONARY, _BATCH}:
            yield batch, message.body


def _batch_bytes(batch: _Table, body: Any) -> int:
    """Return the bytes of one batch: its buffers, unpacked, and something for each value that has none."""
    rows, values = batch.number(0, "q"), sum(length for length, _ in batch.pairs(1))
    packed = batch.table(3) is not None
    buffers = (_unpacked(body, place, length) if packed else length for place, length in batch.pairs(2))
    return sum(buffers) + BYTES_PER_VALUE * (rows + values)


def _unpacked(body: Any, place: int, length: int) -> int:
    """Return the size of a compressed buffer once it is unpacked; -1 in its first eight bytes says that it is not."""
    if length < 8:
        return length
    (size,) = struct.unpack("<q", body.slice(place, 8).to_pybytes())
    return length if size == -1 else max(int(size), 0)


def _offset(data: bytes, place: int) -> int:
    return int(struct.unpack_from("<I", data, place)[0])
