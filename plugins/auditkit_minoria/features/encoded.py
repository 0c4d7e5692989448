"""What is searched: the table's columns as numbers, or each row's embedding, and how to name them in a rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Encoded, EncodedColumn, encode
from auditkit_minoria.features.levels import NO_LEVELS, Levels, levels_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import Subject
    from auditkit_minoria.features.levels import Which

WIDEST, COMPONENTS = 64, 32
"""Embeddings of more dimensions than WIDEST are searched in their first COMPONENTS principal components."""
EIGEN = 5
"""Matrices as large as a covariance that it takes to find its axes, itself and LAPACK's working space included."""


@dataclass(frozen=True, eq=False)
class Features:
    """The matrix [n, d] with its columns, and the table's columns as levels, both of the same n rows.

    Of embeddings, how the matrix's last columns come from their dimensions: those are (embedding - centre) @ axes,
    with centre [D] and axes [D, p] that already hold the scaling.
    """

    encoded: Encoded
    levels: Levels = NO_LEVELS
    centre: NDArray[np.float64] | None = None
    axes: NDArray[np.float64] | None = None

    def rows(self, which: Which) -> Features:
        """Return the same features of some of the rows."""
        part = replace(self.encoded, matrix=self.encoded.matrix[which])
        return replace(self, encoded=part, levels=self.levels.rows(which))

    @property
    def matrix(self) -> NDArray[np.float64]:
        """The features, float64 [n, d]."""
        return self.encoded.matrix

    @property
    def columns(self) -> tuple[EncodedColumn, ...]:
        """What each column of the matrix is."""
        return self.encoded.columns

    @cached_property
    def spread(self) -> NDArray[np.float64]:
        """The standard deviation of each column, float64 [d]."""
        deviations: NDArray[np.float64] = self.matrix.std(axis=0)
        return deviations

    def linear(
        self, weights: NDArray[np.float64], threshold: float
    ) -> tuple[NDArray[np.float64], tuple[EncodedColumn, ...], float]:
        """Return weights, columns and threshold of the same half-space over table columns and raw dimensions.

        Their columns are named `@embeddings[i]`, by which an expression reaches dimension i.
        """
        if self.axes is None or self.centre is None:
            return weights, self.columns, threshold
        own = len(self.columns) - self.axes.shape[1]
        dimensions = self.axes @ weights[own:]
        columns = tuple(EncodedColumn(f"@embeddings[{i}]", None, 0.0, 1.0) for i in range(len(dimensions)))
        moved = threshold + float(self.centre @ dimensions)
        return np.concatenate([weights[:own], dimensions]), (*self.columns[:own], *columns), moved


def features_of(subject: Subject, columns: Sequence[str]) -> Features:
    """Return the columns and, if the subject has embeddings, these: each centred, and scaled to a deviation of 1.

    Centre, scale and components are those of all rows, which
    uses no outcome.
    """
    # Encoding refuses what cannot be read, such as infinite numbers; levels are of what is left.
    table = (
        encode(subject, features=columns, standardise=True) if columns or subject.embeddings is None else None
    )
    levels = levels_of(subject, columns)
    if table is not None and subject.embeddings is None:
        return Features(table, levels)
    vectors = np.asarray(subject.embeddings, dtype=np.float64)
    centre = vectors.mean(axis=0)
    off = vectors - centre
    covariance = off.T @ off / len(off)
    if vectors.shape[1] <= WIDEST:
        variances, axes = np.diagonal(covariance), np.eye(vectors.shape[1])
        word = "dimension"
    else:
        variances, axes = np.linalg.eigh(covariance)
        variances, axes = variances[::-1][:COMPONENTS], axes[:, ::-1][:, :COMPONENTS]
        word = "component"
    varies = np.flatnonzero(variances > np.finfo(np.float64).eps * max(float(variances.max()), 1e-300))
    scaled = axes[:, varies] / np.sqrt(variances[varies])
    named = tuple(EncodedColumn(f"embedding {word} {i}", None, 0.0, 1.0) for i in varies.tolist())
    parts = [off @ scaled]
    dropped: tuple[tuple[str, str], ...] = ()
    table_columns: tuple[EncodedColumn, ...] = ()
    if table is not None:
        parts, table_columns, dropped = [table.matrix, *parts], table.columns, table.dropped
    return Features(
        Encoded(np.concatenate(parts, axis=1), (*table_columns, *named), dropped), levels, centre, scaled
    )
