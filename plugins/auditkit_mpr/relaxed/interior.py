"""A primal-dual interior-point method for one small cone and many bounds.

    maximise s'a   subject to   |B'a - t| <= 1,   sum a = k,   0 <= a <= 1

The cone is written as the convex quadratic (|z|^2 - 1) / 2 <= 0 with z = B'a - t; steps follow Mehrotra's
predictor and corrector. With r statistics a step solves one system of r + 2 unknowns (the diagonal is
eliminated by the matrix inversion lemma) and costs c r^2 for c columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from auditkit_mpr.arrays import Floats

MAX_STEPS = 120
TOLERANCE = 1e-10


@dataclass(frozen=True, eq=False, kw_only=True)
class Point:
    """Primal a and h = 1 - a with duals p and q, all [c]; the cone's slack w and dual y; lam of sum a = k."""

    a: Floats
    h: Floats
    p: Floats
    q: Floats
    w: float
    y: float
    lam: float


@dataclass(frozen=True, eq=False, kw_only=True)
class _Move:
    """A change of every part of a point; sides are (a, h, p, q, w, y)."""

    sides: tuple[Floats, Floats, Floats, Floats, float, float]
    lam: float


def interior_point(s: Floats, rows: Floats, target: Floats, k: int) -> tuple[Floats, Floats]:
    """Return the optimal entries a [c] and the price [r] of the gap, for scaled s and rows B [c, r].

    Needs 0 < k < c and a list strictly within the cone; without one the result is the last step's, whose price
    still proves a bound.
    """
    c = len(s)
    point = Point(
        a=np.full(c, k / c),
        h=np.full(c, 1 - k / c),
        p=np.ones(c),
        q=np.ones(c),
        w=1.0,
        y=1.0,
        lam=float(np.median(s)),
    )
    for _ in range(MAX_STEPS):
        newton = _Newton(s, rows, target, k, point)
        if newton.solved or not np.isfinite(newton.complementarity):
            break
        affine = newton.move(0.0, None)
        length = _longest(point, affine)
        after = _complementarity(_moved(point, affine, length))
        centring = (after / newton.complementarity) ** 3
        move = newton.move(centring * newton.complementarity / (2 * c + 1), affine)
        point = _moved(point, move, min(1.0, 0.995 * _longest(point, move)))
    return point.a, point.y * (point.a @ rows - target)


class _Newton:
    """The Newton system at one point: the diagonal eliminated, a matrix of r + 2 left."""

    def __init__(self, s: Floats, rows: Floats, target: Floats, k: int, point: Point) -> None:
        self.point, self.rows = point, rows
        gap = point.a @ rows - target
        self.gap = gap
        self.complementarity = _complementarity(point)
        self.stationary = -s + rows @ (point.y * gap) + point.lam - point.p + point.q
        self.count = k - float(point.a.sum())
        self.room = 1.0 - point.a - point.h
        self.cone = -((gap @ gap - 1.0) / 2 + point.w)
        self.inverse = 1.0 / (point.p / point.a + point.q / point.h)
        self.matrix = self._reduced()
        value = abs(float(s @ point.a))
        off = max(abs(self.count), abs(float(self.cone)), float(np.abs(self.stationary).max()))
        self.solved = self.complementarity <= TOLERANCE * max(value, 1.0) and off <= 1e-9

    def _reduced(self) -> Floats:
        """Return the system in (v, dy, dlam) with v = B'da."""
        r = self.rows.shape[1]
        weighted = self.rows * self.inverse[:, None]
        square, column = self.rows.T @ weighted, weighted.sum(axis=0)
        matrix = np.empty((r + 2, r + 2))
        matrix[:r, :r] = np.eye(r) + self.point.y * square
        matrix[:r, r] = square @ self.gap
        matrix[:r, r + 1] = column
        matrix[r, :r] = self.gap
        matrix[r, r] = -self.point.w / self.point.y
        matrix[r, r + 1] = 0.0
        matrix[r + 1, :r] = self.point.y * column
        matrix[r + 1, r] = column @ self.gap
        matrix[r + 1, r + 1] = self.inverse.sum()
        return matrix

    def move(self, centre: float, affine: _Move | None) -> _Move:
        """Return the step towards complementarity `centre`, corrected by the products of the affine step."""
        point, r = self.point, self.rows.shape[1]
        low, high, cone = centre - point.a * point.p, centre - point.h * point.q, centre - point.w * point.y
        if affine is not None:
            da, dh, dp, dq, dw, dy = affine.sides
            low, high, cone = low - da * dp, high - dh * dq, cone - dw * dy
        right = -self.stationary + low / point.a - (high - point.q * self.room) / point.h
        scaled = self.inverse * right
        solution = _solve(
            self.matrix,
            np.concatenate([scaled @ self.rows, [self.cone - cone / point.y, scaled.sum() - self.count]]),
        )
        v, dy, dlam = solution[:r], float(solution[r]), float(solution[r + 1])
        da = scaled - self.inverse * (self.rows @ (point.y * v + self.gap * dy) + dlam)
        dh = self.room - da
        dp, dq = (low - point.p * da) / point.a, (high - point.q * dh) / point.h
        return _Move(sides=(da, dh, dp, dq, (cone - point.w * dy) / point.y, dy), lam=dlam)


def _solve(matrix: Floats, right: Floats) -> Floats:
    """Solve the small system; at the last digits it can be singular, where least squares still gives a step."""
    try:
        found = np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:
        found = np.linalg.lstsq(matrix, right, rcond=None)[0]
    return np.asarray(found, dtype=np.float64)


def _sides(point: Point) -> tuple[Floats, Floats, Floats, Floats, float, float]:
    return point.a, point.h, point.p, point.q, point.w, point.y


def _complementarity(point: Point) -> float:
    return float(point.a @ point.p + point.h @ point.q + point.w * point.y)


def _longest(point: Point, move: _Move) -> float:
    """Return the longest step, at most 1, that leaves every side above zero."""
    fastest = max(
        float(np.max(-np.asarray(change) / np.asarray(side)))
        for side, change in zip(_sides(point), move.sides, strict=True)
    )
    return 1.0 if fastest <= 1.0 else 1.0 / fastest


def _moved(point: Point, move: _Move, length: float) -> Point:
    da, dh, dp, dq, dw, dy = move.sides
    return Point(
        a=point.a + length * da,
        h=point.h + length * dh,
        p=point.p + length * dp,
        q=point.q + length * dq,
        w=point.w + length * dw,
        y=point.y + length * dy,
        lam=point.lam + length * move.lam,
    )
