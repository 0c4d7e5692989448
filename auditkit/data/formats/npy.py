"""What an array file says of itself, read from its header alone and held against the bytes that are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

LONGEST_HEADER = 10_000
"""Bytes; numpy reads no longer one either, since it goes through Python's parser."""


@dataclass(frozen=True)
class Header:
    """Shape and type of an array that is not read yet."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def bytes(self) -> int:
        """The size of its data, without overflow."""
        return self.cells * self.dtype.itemsize

    @property
    def cells(self) -> int:
        """The number of its values."""
        cells = 1
        for length in self.shape:
            cells *= length
        return cells


def read_header(stream: IO[bytes], *, size: int) -> Header:
    """Return the header of .npy data of `size` bytes in all, or raise ValueError, in words that end a sentence.

    An array of objects, a negative length and a shape that the bytes cannot fill are refused.
    """
    import warnings

    from numpy.lib import format as npy

    try:
        version = npy.read_magic(stream)
    except ValueError as error:
        message = "it does not begin as one"
        raise ValueError(message) from error
    readers = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
    if version not in readers:  # 3.0 is for named fields, which are no numbers
        message = f"version {version[0]}.{version[1]} of the .npy format is not known"
        raise ValueError(message)
    try:
        with warnings.catch_warnings(action="ignore"):  # numpy says that Python 2 wrote it
            shape, _, dtype = readers[version](stream, max_header_size=LONGEST_HEADER)
    except Exception as error:  # numpy reads it by Python's tokenizer and parser, each with errors of its own
        message = "its header cannot be read"
        raise ValueError(message) from error
    header = Header(tuple(int(length) for length in shape), dtype)
    if dtype.hasobject:
        message = "it holds Python objects, which are pickles"
        raise ValueError(message)
    if min(header.shape, default=0) < 0:
        message = f"its shape {header.shape} has a negative length"
        raise ValueError(message)
    if header.bytes != size - stream.tell():
        message = (
            f"its header tells of {header.bytes:,} bytes (shape {' x '.join(map(str, header.shape)) or '()'}, type "
            f"{dtype}), and {size - stream.tell():,} follow"
        )
        raise ValueError(message)
    return header
