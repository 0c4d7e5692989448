"""A fitted function measured on rows that its fit did not see.

List and reference are halved; a function is fitted to one half and its gap measured on the other. Fitted and measured
on the same rows it would show a gap where there is none: of a tree of depth 3, more often than not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from auditkit_mpr.classes.regressors import Function, scale_of
from auditkit_mpr.reference.population import population
from auditkit_mpr.sampling.ends import levels_of, tails

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.reference.population import Population
    from auditkit_mpr.reference.table import Reference
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.sampling.draws import Draws

FEWEST = 8
"""Items of a list that can be halved."""


class Fits(Protocol):
    """A class of functions that a regressor fits; `signs` have no scale."""

    name: str
    signs: bool

    def function(self, items: NDArray[Any], reference: Population, retrieved: Floats) -> Function:
        """Return the function found for a relaxed list of these items."""
        ...


@dataclass(frozen=True, eq=False, kw_only=True)
class Half:
    """The rows that measure: of the list bool [k], of the reference bool [m]; and the items that may fit, bool [c]."""

    listed: NDArray[np.bool_]
    reference: NDArray[np.bool_]
    fitting: NDArray[np.bool_]


@dataclass(frozen=True, eq=False, kw_only=True)
class HeldOut:
    """The signed gap of one half, and its low ends by level, below 0 where chance explains it."""

    value: float
    lows: Floats
    levels: tuple[float, ...]


def halves_of(candidates: Candidates, chosen: NDArray[np.int64], draws: Draws) -> tuple[Half, Half]:
    """Return both halves at random. Where the reference's rows are items, an item is in one half in both parts."""
    rng, reference = draws.rng("halves"), candidates.reference
    listed = rng.permutation(len(chosen)) % 2
    rows = rng.permutation(len(reference.population.rows)) % 2
    items = np.full(len(candidates.items), -1)
    if reference.items is not None:
        size = int(max(candidates.items.max(), reference.items.max())) + 1
        of_item = np.full(size, -1)
        of_item[reference.items] = rows
        of_item[candidates.items[chosen]] = listed
        rows, items = of_item[reference.items], of_item[candidates.items]
    items[chosen] = listed
    one, other = (
        Half(
            listed=listed == side,
            reference=np.ones(len(rows), dtype=bool) if reference.exact else rows == side,
            fitting=items != side,
        )
        for side in (0, 1)
    )
    return one, other


def held_out(
    one: Fits, candidates: Candidates, chosen: NDArray[np.int64], half: Half, draws: Draws
) -> HeldOut:
    """Return the gap that one half shows of the function fitted on the rest, in the scale of all rows."""
    reference, k = candidates.reference, len(chosen)
    fitting = reference.population if reference.exact else _part(reference.population, ~half.reference)
    retrieved = np.zeros(len(candidates.items))
    retrieved[chosen[~half.listed]] = 1.0
    function = one.function(candidates.rows[half.fitting], fitting, retrieved[half.fitting])
    rows = (candidates.rows, reference.population.rows)
    values = np.concatenate([function(np.asarray(part, dtype=np.float64)) for part in rows])
    if not one.signs:
        values = values * scale_of(values, candidates.rows, reference.population, float(k))
    items, theirs = np.split(values, [len(candidates.rows)])
    measuring = replace(reference, population=_part(reference.population, half.reference))
    return _gap(items[chosen[half.listed]], theirs[half.reference], measuring, f"{one.name} half", draws)


def _gap(listed: Floats, theirs: Floats, reference: Reference, purpose: str, draws: Draws) -> HeldOut:
    """Return the signed gap of one function's means with its low ends: the lower of those by lot and apart."""
    mean = theirs @ reference.population.shares
    value = float(listed.mean() - mean)
    lot = draws.lot(reference, len(listed), purpose, columns=1)
    by_lot = lot.gaps(lot.sums(theirs[:, None]), listed[:, None], np.array([mean]))[:, 0]
    apart = (lot.own_errors(listed[:, None]) - draws.errors(theirs[:, None], reference, purpose))[:, 0]
    levels = levels_of(len(by_lot))
    lows = np.minimum(*(value - tails(errors, levels) for errors in (by_lot, apart)))
    return HeldOut(value=value, lows=lows, levels=levels)


def _part(whole: Population, rows: NDArray[np.bool_]) -> Population:
    """Return some rows of a population, bool [m]; a target that nobody sampled keeps all of them and its size."""
    if rows.all():
        return whole
    plain = float(np.ptp(whole.shares)) == 0.0
    return population(whole.rows[rows], None if plain else whole.shares[rows])
