"""Bootstrap of count metrics by drawing confusion counts, which is drawing rows without touching them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.counting.values import many_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def resample(
    tables: NDArray[np.number],
    rng: np.random.Generator,
    *,
    draws: int,
    within_groups: bool = False,
    effective: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return bootstrap counts float64 [draws, g, k, k] of tables [g, k, k].

    Drawing n rows with replacement draws the counts of all cells from one multinomial, so this is the exact
    distribution of a row bootstrap (Efron, Annals of Statistics 7, 1979), of rows within each group with
    `within_groups`. Sums of weights need `effective`, Kish's effective rows of each group float [g]: each
    group's cells are drawn as that many rows of equal weight and scaled back. That is an approximation: it
    spreads the variance of the weights evenly over the group's cells.
    """
    g, k = tables.shape[0], tables.shape[-1]
    flat = np.asarray(tables, dtype=np.float64).reshape(g, k * k)
    scale = np.ones(g)
    if effective is not None:
        scale = np.divide(flat.sum(axis=1), effective, out=scale, where=effective > 0)
        flat = flat / scale[:, None]
    drawn = np.empty((draws, g, k * k))
    if within_groups:
        for group in range(g):
            drawn[:, group] = _draw(flat[group], rng, draws=draws)
    else:
        drawn[:] = _draw(flat.reshape(-1), rng, draws=draws).reshape(drawn.shape)
    if effective is not None:
        drawn *= scale[:, None]
    return drawn.reshape(draws, g, k, k)


def _draw(cells: NDArray[np.float64], rng: np.random.Generator, *, draws: int) -> NDArray[np.float64]:
    """Return multinomial counts float64 [draws, c] of as many rows as the cells hold, rounded."""
    drawn = np.zeros((draws, len(cells)))
    # Only cells that hold rows: it is faster, and rounding in the last share cannot fill an empty cell.
    held = np.flatnonzero(cells)
    if len(held):
        total = cells[held].sum()
        drawn[:, held] = rng.multinomial(round(total), cells[held] / total, size=draws)
    return drawn


def bootstrap_metrics(
    tables: NDArray[np.number],
    names: Sequence[str],
    rng: np.random.Generator,
    draws: int = 2000,
    *,
    within_groups: bool = False,
    effective: NDArray[np.float64] | None = None,
) -> dict[str, NDArray[np.float64]]:
    """Return each metric's bootstrap values float64 [draws, g], NaN where a draw cannot measure it."""
    drawn = resample(tables, rng, draws=draws, within_groups=within_groups, effective=effective)
    return dict(zip(names, many_values(drawn, names), strict=True))
