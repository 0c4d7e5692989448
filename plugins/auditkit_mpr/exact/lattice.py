"""The gaps that lists of k can have are points of a lattice: all of those in a ball are enumerated.

A list that takes x_c items of cell c has the gap (row_0 - target) + sum x_c (row_c - row_0) / k. The differences of
rows generate a lattice where attributes are whole numbers, such as zero-one columns. Its reduced basis (Lenstra,
Lenstra and Lovasz 1982) makes the enumeration of a small ball short (Fincke and Pohst 1985).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats

DENOMINATOR = 60
"""Coefficients of a row in terms of others are looked for among fractions of at most this denominator."""
CLOSE = 1e-7
WIDEST = 24
"""Dimensions up to which balls are enumerated."""
PARTIAL = 2_000_000
"""Partial points that the enumeration may hold at one level; more is no small ball."""


@dataclass(frozen=True, eq=False)
class Lattice:
    """Basis [d, r] of the differences of cell rows, and every cell's whole-number coordinates [C, d] in it."""

    basis: Floats
    coordinates: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.basis)


def lattice_of(rows: Floats) -> Lattice | None:
    """Return the lattice of differences of the rows [C, r], of no dimension for one row; None where none is found."""
    from scipy.linalg import qr

    differences = rows[1:] - rows[0]
    scale = float(np.abs(differences).max(initial=0.0))
    if scale == 0.0:
        return Lattice(differences[:0], np.zeros((len(rows), 0), dtype=np.int64))
    _, triangle, order = qr(differences.T, mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(triangle))
    rank = int((diagonal > 1e-9 * diagonal[0]).sum())
    if rank > WIDEST:
        return None
    independent = differences[order[:rank]]
    coefficients = np.linalg.lstsq(independent.T, differences.T, rcond=None)[0].T
    factor = _denominator(coefficients)
    if factor is None:
        return None
    whole = _echelon(np.rint(coefficients * factor).astype(np.int64))
    basis = _reduced(whole @ independent / factor)
    found = np.linalg.lstsq(basis.T, differences.T, rcond=None)[0].T
    coordinates = np.rint(found).astype(np.int64)
    if np.abs(coordinates @ basis - differences).max() > 1e-9 * scale:
        return None
    return Lattice(basis, np.vstack([np.zeros((1, len(basis)), dtype=np.int64), coordinates]))


def points_in_ball(
    basis: Floats, offset: Floats, centre: Floats, radius: float, *, most: int = PARTIAL
) -> NDArray[np.int64] | None:
    """Return every whole z [p, d] with |offset + z @ basis - centre| <= radius; None where they are too many.

    `most` are the partial points held at one level. `basis` [d, r] has full rank d; `offset` and `centre` [r].
    """
    start = offset - centre
    turned, triangle = np.linalg.qr(basis.T)
    along = turned.T @ start
    beside = float(start @ start - along @ along)
    room = radius * radius * (1 + 1e-12) - max(beside, 0.0)
    width = len(basis)
    points, used = np.zeros((1, 0), dtype=np.int64), np.zeros(1)
    if room < 0:
        return np.zeros((0, width), dtype=np.int64)
    for level in range(width - 1, -1, -1):
        step = triangle[level, level]
        centres = -(along[level] + points @ triangle[level, level + 1 :]) / step
        reach = np.sqrt(np.maximum(room - used, 0.0)) / abs(step)
        low = np.ceil(centres - reach - 1e-9).astype(np.int64)
        counts = np.maximum(np.floor(centres + reach + 1e-9).astype(np.int64) - low + 1, 0)
        total = int(counts.sum())
        if total > most:
            return None
        parent = np.repeat(np.arange(len(points)), counts)
        place = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
        value = low[parent] + place
        used = used[parent] + np.square((value - centres[parent]) * step)
        points = np.column_stack([value, points[parent]])
    return points


def _denominator(coefficients: Floats) -> int | None:
    """Return the least common denominator of the coefficients, None where some are no simple fractions."""
    factor = 1
    for value in np.unique(np.round(coefficients, 9)):
        for q in range(1, DENOMINATOR + 1):
            if abs(value * q - round(value * q)) <= CLOSE * q:
                factor = math.lcm(factor, q)
                break
        else:
            return None
        if factor > DENOMINATOR:
            return None
    return factor


def _echelon(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a basis of the lattice that whole-number rows [g, d] of rank d generate, in echelon form [d, d]."""
    left = [[int(v) for v in row] for row in rows]
    kept: list[list[int]] = []
    for column in range(rows.shape[1]):
        while True:
            busy = sorted((row for row in left if row[column]), key=lambda row: abs(row[column]))
            if len(busy) < 2:
                break
            pivot = busy[0]
            for row in busy[1:]:
                times = row[column] // pivot[column]
                row[:] = [a - times * b for a, b in zip(row, pivot, strict=True)]
        kept += busy
        left = [row for row in left if not row[column]]
    return np.array(kept, dtype=np.int64)


def _reduced(basis: Floats) -> Floats:
    """Return a basis of the same lattice of short, nearly orthogonal vectors."""
    basis = basis.copy()
    k = 1
    while k < len(basis):
        lengths, mu = _orthogonal(basis)
        for j in range(k - 1, -1, -1):
            times = round(float(mu[k, j]))
            if times:
                basis[k] -= times * basis[j]
                mu[k] -= times * mu[j]
        if lengths[k] >= (0.75 - mu[k, k - 1] ** 2) * lengths[k - 1]:
            k += 1
        else:
            basis[[k - 1, k]] = basis[[k, k - 1]]
            k = max(k - 1, 1)
    return basis


def _orthogonal(basis: Floats) -> tuple[Floats, Floats]:
    """Return the squared lengths [d] of Gram and Schmidt's vectors and their coefficients [d, d]."""
    triangle = np.linalg.qr(basis.T, mode="r")
    diagonal = np.diag(triangle)
    return np.square(diagonal), (triangle / diagonal[:, None]).T
