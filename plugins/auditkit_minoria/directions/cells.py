"""Grid and k-DPP (paper, 6.1.1): angles cut into cells, of which a determinantal point process picks diverse ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit_minoria.directions.candidates import Candidates, Ranking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

UNIVERSE = 1000
"""Cells that one draw picks from; with more, as from d = 4 on at 15 degrees, a random thousand for each draw."""
DRAWS = 4
"""Draws at most, as long as too few directions were found."""


def grid(
    points: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    cell_degrees: float = 15.0,
    picks: int = 64,
) -> Iterator[Candidates]:
    """Yield up to DRAWS batches of `picks` diverse cells, or half of all; a cell stands for its middle direction."""
    ranking = Ranking.of(points, rng)
    for _ in range(DRAWS):
        universe = cell_middles(points.shape[1], np.deg2rad(cell_degrees), rng)
        # Of few cells, as in the plane, at most half: with all of them there would be nothing to draw.
        few = min(picks, max(1, len(universe) // 2))
        chosen = universe[k_dpp(likeness(universe, 2 * np.deg2rad(cell_degrees)), few, rng)]
        yield Candidates(chosen, ranking.skews(chosen))


def cell_middles(d: int, width: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the middles of the cells, unit vectors [<= UNIVERSE, d]: all of them, or random ones of too many.

    A direction has d - 1 polar angles, each in [0, pi): one half of all directions, the others being the same
    ones turned round. x_1 = cos a_1, x_2 = sin a_1 cos a_2, ..., x_d = sin a_1 ... sin a_(d-1).
    """
    if d == 1:
        return np.ones((1, 1))
    per_angle = max(1, round(np.pi / width))
    if per_angle ** (d - 1) <= UNIVERSE:
        axes = np.meshgrid(*[np.arange(per_angle)] * (d - 1), indexing="ij")
        cells = np.stack([axis.ravel() for axis in axes], axis=1)
    else:
        cells = rng.integers(0, per_angle, size=(UNIVERSE, d - 1))
    angles = (cells + 0.5) * (np.pi / per_angle)
    sines = np.cumprod(np.sin(angles), axis=1)
    ones = np.ones((len(angles), 1))
    middles: NDArray[np.float64] = np.concatenate([ones, sines], axis=1) * np.concatenate(
        [np.cos(angles), ones], axis=1
    )
    return middles


def likeness(directions: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """Return exp(-sin^2 / (2 width^2)) of the angle between directions, [m, m]: f and -f are one direction."""
    squared = np.clip(1 - np.square(directions @ directions.T), 0.0, 1.0)
    kernel: NDArray[np.float64] = np.exp(-squared / (2 * width * width))
    return kernel


def k_dpp(kernel: NDArray[np.float64], k: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return k places drawn with probability proportional to the determinant of their kernel [m, m].

    Kulesza and Taskar, "k-DPPs: fixed-size determinantal point processes", ICML 2011: choose k eigenvectors by
    elementary symmetric polynomials, then points one by one, each orthogonal to the last. All if m <= k.
    """
    m = len(kernel)
    if m <= k:
        return np.arange(m, dtype=np.int64)
    values, vectors = np.linalg.eigh(kernel)
    basis = vectors[:, _eigenvectors(np.maximum(values, 1e-12), k, rng)]
    chosen: list[int] = []
    while basis.shape[1]:
        weight = np.square(basis).sum(axis=1)
        weight[chosen] = 0.0  # by rounding they could come up again
        place = int(rng.choice(m, p=weight / weight.sum()))
        chosen.append(place)
        pivot = int(np.abs(basis[place]).argmax())
        rest = np.delete(basis, pivot, axis=1) - np.outer(
            basis[:, pivot], np.delete(basis[place], pivot) / basis[place, pivot]
        )
        basis = np.linalg.qr(rest)[0]
    return np.array(sorted(chosen), dtype=np.int64)


def _eigenvectors(values: NDArray[np.float64], k: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return k places, a set being drawn with probability proportional to the product of its eigenvalues [m].

    e[j, i] is the elementary symmetric polynomial of degree j in the first i values, with the values divided by
    their mean so that it stays within floating point.
    """
    m, scaled = len(values), values / values.mean()
    log_e = np.full((k + 1, m + 1), -np.inf)
    log_e[0] = 0.0
    for i in range(1, m + 1):
        log_e[1:, i] = np.logaddexp(log_e[1:, i - 1], np.log(scaled[i - 1]) + log_e[:-1, i - 1])
    chosen: list[int] = []
    left = k
    for i in range(m, 0, -1):
        if left == 0:
            break
        chance = np.exp(np.log(scaled[i - 1]) + log_e[left - 1, i - 1] - log_e[left, i])
        if rng.random() < chance:
            chosen.append(i - 1)
            left -= 1
    return np.array(chosen, dtype=np.int64)
