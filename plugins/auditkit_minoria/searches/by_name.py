"""Every search by its name: points and losses in, batches of candidate directions out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from auditkit import UsageError, nearest
from auditkit_minoria.directions.candidates import Candidates
from auditkit_minoria.directions.sweep import peaks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from auditkit_minoria.directions.sweep import Sweep

Search: TypeAlias = (
    "Callable[[NDArray[np.float64], NDArray[np.float64] | None, np.random.Generator], Iterator[Candidates]]"
)
"""From points [n, d], their losses [n] or None, and a generator."""

NAMES = ("sweep", "warmup", "sweep3d", "grid", "spread", "explore", "focus", "climb", "climb+focus")
EXACT = frozenset({"sweep", "warmup", "sweep3d"})
"""Searches that report a direction as it is; the others may drop weights that change little."""


def search_of(name: str, params: Any) -> Search:
    """Return the search of that name with the parameters that it declares."""
    return lambda points, loss, rng: _proposed(name, points, loss, rng, params=params)


def _proposed(
    name: str,
    points: NDArray[np.float64],
    loss: NDArray[np.float64] | None,
    rng: np.random.Generator,
    *,
    params: Any,
) -> Iterator[Candidates]:
    match name:
        case "sweep":
            from auditkit_minoria.directions.sweep import sweep

            yield of_sweep(sweep(points))
        case "warmup":
            from auditkit_minoria.directions.meetings import warmup

            yield from warmup(points, loss, rng)
        case "sweep3d":
            from auditkit_minoria.directions.space import sweep3d

            yield from sweep3d(points, loss, rng)
        case "grid":
            from auditkit_minoria.directions.cells import grid

            yield from grid(points, loss, rng, cell_degrees=params.cell_degrees, picks=params.picks)
        case "spread":
            from auditkit_minoria.directions.spread import spread

            yield from spread(points, loss, rng, directions=params.directions)
        case "explore":
            from auditkit_minoria.directions.explore import explore

            yield from explore(
                points, loss, rng, iterations=params.iterations, starts=params.random_starts,
                epsilon=params.epsilon, near=params.near,
            )  # fmt: skip
        case "focus":
            from auditkit_minoria.directions.errors import focus

            yield from focus(points, loss, rng, candidates=params.candidates, error_share=params.error_share)
        case "climb":
            from auditkit_minoria.directions.climb import climb

            yield from climb(points, loss, rng, starts=params.starts, error_share=params.error_share)
        case "climb+focus":
            yield from climb_and_focus(points, loss, rng, params=params)
        case _:
            message = f"no search '{name}'{nearest(name, NAMES)}"
            raise UsageError(message)


def of_sweep(found: Sweep) -> Candidates:
    """Return the peaks of a sweep."""
    high = peaks(found)
    angles = found.angles[high]
    return Candidates(np.stack([np.cos(angles), np.sin(angles)], axis=1), found.skews[high])


def climb_and_focus(
    points: NDArray[np.float64], loss: NDArray[np.float64] | None, rng: np.random.Generator, *, params: Any
) -> Iterator[Candidates]:
    """Yield one batch of all that climbing and focused exploration find: the one looks for skew, the other for loss."""
    batches = [
        batch for name in ("climb", "focus") for batch in _proposed(name, points, loss, rng, params=params)
    ]
    yield Candidates(
        np.concatenate([batch.directions for batch in batches]),
        np.concatenate([batch.skews for batch in batches]),
        batches[-1].first,
    )
