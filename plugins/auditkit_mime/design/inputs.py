"""What models read: the table without the group, embeddings, or images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from auditkit import DataError, UsageError, encode

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

    from auditkit import Context, Subject

Reads = Literal["table", "embeddings", "images"]
READ_AT_ONCE = 256
"""Images that are read together."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """One input per row: float32 [n, d], or pixels uint8 [n, size, size, 3]; `words` say what they are."""

    values: NDArray[Any]
    words: str


def what_to_read(subject: Subject, reads: str, *, model: str) -> Reads:
    """Return what the model reads, or raise UsageError if the data does not have it."""
    if reads == "auto":
        wants_images = model == "resnet34" or (subject.images is not None and subject.embeddings is None)
        reads = "images" if wants_images else "table" if subject.embeddings is None else "embeddings"
    if reads == "images" and subject.images is None:
        message = f"{model} reads images: name them with --images COLUMN or --images FILE.npz"
        raise UsageError(message)
    if reads == "embeddings" and subject.embeddings is None:
        message = (
            "--reads embeddings needs a vector for each row: --embeddings FILE.npy, or a column of lists"
        )
        raise UsageError(message)
    if reads != "images" and model == "resnet34":
        message = "resnet34 reads images, not a table or embeddings"
        raise UsageError(message)
    if reads == "images" and model == "logistic":
        message = "logistic reads a table or embeddings, not images"
        raise UsageError(message)
    return "table" if reads == "table" else "images" if reads == "images" else "embeddings"


def read(
    subject: Subject, rows: NDArray[np.int64], context: Context,
    *, reads: Reads, size: int, without: Collection[str],
) -> Inputs:  # fmt: skip
    """Return the inputs of these rows.

    Numbers and embeddings have mean 0 and standard deviation 1 over all rows of the table, indicators are 0 or 1.
    Pixels go to a file of the step's scratch folder, so that only what a step needs is in memory.
    """
    if reads == "images":
        return _pixels(subject, rows, context.scratch(), size=size)
    if reads == "embeddings":
        return _embeddings(subject, rows)
    return _table(subject, rows, context, without=without)


def _table(
    subject: Subject, rows: NDArray[np.int64], context: Context, *, without: Collection[str]
) -> Inputs:
    features = tuple(name for name in subject.features if name not in without)
    if not features:
        message = f"without the group, {subject.source} has no feature left; name some with --features"
        raise DataError(message)
    encoded = encode(subject, features=features, standardise=False)
    for name, reason in encoded.dropped:
        context.skip(f"column {name}", reason)
    matrix = encoded.matrix
    for i, column in enumerate(encoded.columns):
        if column.level is None:
            matrix[:, i] = _standardised(matrix[:, i])
    words = f"{len(features)} columns as {matrix.shape[1]} inputs: {', '.join(features)}"
    return Inputs(matrix[rows].astype(np.float32), words)


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values with mean 0 and standard deviation 1 along the first axis; constants become 0."""
    spread = values.std(axis=0)
    return np.asarray((values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def _embeddings(subject: Subject, rows: NDArray[np.int64]) -> Inputs:
    assert subject.embeddings is not None  # noqa: S101  what_to_read saw to it
    values = _standardised(np.asarray(subject.embeddings[rows], dtype=np.float64))
    return Inputs(values.astype(np.float32), f"embeddings of {values.shape[1]} dimensions")


def _pixels(subject: Subject, rows: NDArray[np.int64], scratch: Path, *, size: int) -> Inputs:
    assert subject.images is not None  # noqa: S101  what_to_read saw to it
    shape = (len(rows), size, size, 3)
    pixels = np.lib.format.open_memmap(scratch / "pixels.npy", mode="w+", dtype=np.uint8, shape=shape)
    for start in range(0, len(rows), READ_AT_ONCE):
        part = slice(start, start + READ_AT_ONCE)
        pixels[part] = subject.images.read(rows[part], size=size)
    return Inputs(pixels, f"images of {size} x {size} pixels")
