"""What models read: the table without the group, embeddings, or images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, assert_never

import numpy as np

from auditkit import DataError, UsageError, encode

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

    from auditkit import Context, Subject

Reads = Literal["table", "embeddings", "images"]
READS: dict[Reads, str] = {"table": "a table", "embeddings": "embeddings", "images": "images"}
"""What models can read, in words."""
READ_AT_ONCE = 256
"""Images that are read together."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """One input per row: float32 [n, d], or pixels uint8 [n, size, size, 3]; `words` say what they are."""

    values: NDArray[Any]
    words: str


@dataclass(frozen=True, eq=False)
class Examples:
    """What models learn from: an input and a class code, int64, for each of n rows.

    `project_on` is the class on whose weights of the last layer features are projected.
    """

    inputs: NDArray[Any]
    classes: NDArray[np.int64]
    n_classes: int
    project_on: int


def needed(subject: Subject, reads: Reads, *, model: str) -> None:
    """Raise UsageError if the subject does not have what a model is to read."""
    if reads == "images" and subject.images is None:
        message = f"{model} reads images: name them with --images COLUMN or --images FILE.npz"
        raise UsageError(message)
    if reads == "embeddings" and subject.embeddings is None:
        message = (
            "--reads embeddings needs a vector for each row: --embeddings FILE.npy, or a column of lists"
        )
        raise UsageError(message)


def read(
    subject: Subject,
    rows: NDArray[np.int64],
    context: Context,
    *,
    reads: Reads,
    size: int,
    without: Collection[str],
) -> Inputs:
    """Return the inputs of these rows.

    Numbers and embeddings have mean 0 and standard deviation 1 over all rows of the table, indicators are 0 or 1.
    Pixels go to a file of the step's scratch folder, so that only what a step needs is in memory.
    """
    match reads:
        case "table":
            return _table(subject, rows, context, without=without)
        case "embeddings":
            return _embeddings(subject, rows)
        case "images":
            return _pixels(subject, rows, context.scratch(), size=size)
        case _:
            assert_never(reads)


def features_left(subject: Subject, *, without: Collection[str]) -> tuple[str, ...]:
    """Return the features that do not tell the group; raise DataError if there is none."""
    features = tuple(name for name in subject.features if name not in without)
    if not features:
        named = ", ".join(f"'{name}'" for name in sorted(without))
        message = f"without {named}, {subject.source} has no feature left; name some with --features"
        raise DataError(message)
    return features


def _table(
    subject: Subject, rows: NDArray[np.int64], context: Context, *, without: Collection[str]
) -> Inputs:
    features = features_left(subject, without=without)
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
    assert subject.embeddings is not None  # noqa: S101  `needed` saw to it
    values = _standardised(np.asarray(subject.embeddings[rows], dtype=np.float64))
    return Inputs(values.astype(np.float32), f"embeddings of {values.shape[1]} dimensions")


def _pixels(subject: Subject, rows: NDArray[np.int64], scratch: Path, *, size: int) -> Inputs:
    assert subject.images is not None  # noqa: S101  `needed` saw to it
    shape = (len(rows), size, size, 3)
    pixels = np.lib.format.open_memmap(scratch / "pixels.npy", mode="w+", dtype=np.uint8, shape=shape)
    for start in range(0, len(rows), READ_AT_ONCE):
        part = slice(start, start + READ_AT_ONCE)
        pixels[part] = subject.images.read(rows[part], size=size)
    return Inputs(pixels, f"images of {size} x {size} pixels")
