"""What the network reads: images if the data has them, else embeddings, else the columns of the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, assert_never

import numpy as np
import torch

from auditkit import DataError, encode_with

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from auditkit import Context, EncodedColumn, Images, Subject

Kind: TypeAlias = Literal["table", "embeddings", "images"]

MOST_BYTES = 1_000_000_000
"""Pixels beyond this are kept in a file that is mapped: the parts that training takes are then the only copy in
memory."""
AT_ONCE = 256
"""Images that are read together."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How rows become inputs, and of which shape: kept with a model, so that new rows are read the same way."""

    kind: Kind
    shape: tuple[int, ...]
    columns: tuple[EncodedColumn, ...] = ()

    def inputs(self, rows: Any) -> torch.Tensor:
        """Return the inputs of a table, of vectors [n, d] or of images, as `kind` says: float32 [n, d] or bytes.

        Raises DataError for rows that are not those the model was trained on.
        """
        match self.kind:
            case "table":
                return torch.from_numpy(encode_with(rows, self.columns))
            case "embeddings":
                return torch.from_numpy(directions(rows, self.shape[0]))
            case "images":
                return torch.from_numpy(_channels_first(rows.read(np.arange(len(rows)), size=self.shape[1])))
            case _:
                assert_never(self.kind)


def kind_of(subject: Subject) -> Kind:
    """Return what a network reads of this subject."""
    if subject.images is not None:
        return "images"
    return "table" if subject.embeddings is None else "embeddings"


def inputs_of(subject: Subject, reading: Reading, context: Context) -> torch.Tensor:
    """Return the inputs of all rows: float32 [n, d], or bytes [n, 3, size, size], in memory or mapped."""
    match reading.kind:
        case "table":
            return reading.inputs(subject.table)
        case "embeddings":
            return reading.inputs(subject.embeddings)
        case "images":
            assert subject.images is not None  # noqa: S101  the kind says so
            return torch.from_numpy(_pixels(subject.images, reading.shape, context))
        case _:
            assert_never(reading.kind)


def directions(vectors: NDArray[Any], d: int) -> NDArray[np.float32]:
    """Return vectors [n, d] scaled to a mean square of 1: their directions, as numbers around 1.

    Raises DataError for another length, and for a vector that is 0 or not finite.
    """
    if vectors.ndim != 2 or vectors.shape[1] != d:
        message = (
            f"the model reads embeddings of {d} numbers, these are {' x '.join(map(str, vectors.shape))}"
        )
        raise DataError(message)
    numbers = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(numbers, axis=1, keepdims=True)
    wrong = np.flatnonzero(~(np.isfinite(lengths[:, 0]) & (lengths[:, 0] > 0)))
    if len(wrong):
        message = f"embeddings of row {wrong[0]} have no direction: all are 0, or one is not finite"
        raise DataError(message)
    scaled: NDArray[np.float32] = numbers / lengths * np.float32(np.sqrt(d))
    return scaled


def _pixels(images: Images, shape: tuple[int, ...], context: Context) -> NDArray[np.uint8]:
    """Return all images as bytes [n, 3, size, size]; very many of them in a file of the step's folder."""
    size = (len(images), *shape)
    if int(np.prod(size)) > MOST_BYTES:
        pixels = _mapped(context.scratch() / "pixels.npy", size)
    else:
        pixels = np.empty(size, dtype=np.uint8)
    starts = range(0, len(images), AT_ONCE)
    for start in context.track(starts, f"reading {len(images):,} images"):
        rows = np.arange(start, min(start + AT_ONCE, len(images)))
        pixels[rows] = _channels_first(images.read(rows, size=shape[1]))
    return pixels


def _mapped(path: Path, size: tuple[int, ...]) -> NDArray[np.uint8]:
    mapped: NDArray[np.uint8] = np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=size)
    return mapped


def _channels_first(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))
