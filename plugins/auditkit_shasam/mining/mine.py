"""Anchors, hard positives and hard negatives of one class and group, by greedy submodular selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, assert_never

import numpy as np

from auditkit_shasam.mining.hardness import hardness_of
from auditkit_shasam.mining.semihard import semihard
from auditkit_shasam.submodular import (
    Coverage,
    Determinant,
    DeterminantInformation,
    from_features,
    lazy_greedy,
    naive_greedy,
    stochastic_greedy,
    unit_rows,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_shasam.mining.cells import Cells
    from auditkit_shasam.mining.hardness import Hardness
    from auditkit_shasam.mining.settings import Mining
    from auditkit_shasam.submodular import Objective


@dataclass(frozen=True, eq=False, kw_only=True)
class Triple:
    """Row numbers of anchors, positives and negatives, intp [k] each, in the order they were selected.

    `hardness` is None where all three were drawn: no features were read.
    """

    anchors: NDArray[np.intp]
    positives: NDArray[np.intp]
    negatives: NDArray[np.intp]
    hardness: Hardness | None = None

    @property
    def rows(self) -> NDArray[np.intp]:
        """All rows, anchors first, then positives, then negatives."""
        return np.concatenate([self.anchors, self.positives, self.negatives])


def mine(
    features: NDArray[Any], cells: Cells, mining: Mining, *, pair: tuple[int, int], rng: np.random.Generator
) -> Triple:
    """Return k anchors of class i and group j, and k positives and k negatives for them, each set as `mining` says.

    `features` [n, d] are those of the present encoder; only their directions count. Anchors maximise f(A),
    positives the conditional gain H_f(P | A), negatives the mutual information I_f(N; A) (SHaSaM, Algorithm 1 and
    appendix D.1), or are drawn. The sets are disjoint. Raises DataError for a cell that is empty or smaller than k.
    """
    anchors, positives, negatives = cells.pools(*pair, negatives=mining.pool)
    for pool, what in ((anchors, "anchors"), (positives, "positives"), (negatives, "negatives")):
        cells.need(pool, what, k=mining.k, pair=pair)
    if mining.random:
        return _at_random(anchors, positives, negatives, k=mining.k, rng=rng)
    unit = unit_rows(features)
    reference = unit[_covered(cells, mining, target=pair[0], rng=rng)]
    chosen = anchors[_anchors(unit[anchors], reference, mining, rng)]
    hard = positives[_positives(unit[chosen], unit[positives], reference, mining, rng)]
    if mining.pool == "outside_cell":
        negatives = np.setdiff1d(negatives, hard)
    near = negatives[_negatives(unit[chosen], unit[negatives], reference, mining, rng)]
    hardness = hardness_of(
        unit[chosen],
        positives=unit[hard],
        negatives=unit[near],
        pools=(unit[positives], unit[negatives]),
    )
    return Triple(anchors=chosen, positives=hard, negatives=near, hardness=hardness)


def _covered(cells: Cells, mining: Mining, *, target: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return the rows that coverage is summed over, a sample of them if there are many; none if nothing covers."""
    if not mining.covers:
        return np.zeros(0, dtype=np.intp)
    match mining.covered:
        case "all":
            over = np.arange(len(cells))
        case "target":
            over = np.flatnonzero(cells.target == target)
        case _:
            assert_never(mining.covered)
    if len(over) > mining.references:
        over = np.sort(rng.choice(over, size=mining.references, replace=False))
    return over


def _at_random(
    anchors: NDArray[np.intp],
    positives: NDArray[np.intp],
    negatives: NDArray[np.intp],
    *,
    k: int,
    rng: np.random.Generator,
) -> Triple:
    """Return k rows of each pool, uniformly without replacement."""
    chosen, hard = (rng.choice(pool, size=k, replace=False) for pool in (anchors, positives))
    rest = np.setdiff1d(negatives, hard)
    return Triple(anchors=chosen, positives=hard, negatives=rng.choice(rest, size=k, replace=False))


def _anchors(
    pool: NDArray[Any], reference: NDArray[Any], mining: Mining, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Return places of anchors in their pool [m, d]."""
    objective: Objective
    match mining.anchors:
        case "random":
            return rng.choice(len(pool), size=mining.k, replace=False)
        case "log_determinant":
            objective = Determinant(pool, ridge=mining.ridge)
        case "facility_location":
            objective = Coverage(from_features(pool, reference, policy=mining.policy))
        case _:
            assert_never(mining.anchors)
    return _maximise(objective, mining, rng, first=0)


def _positives(
    anchors: NDArray[Any],
    pool: NDArray[Any],
    reference: NDArray[Any],
    mining: Mining,
    rng: np.random.Generator,
) -> NDArray[np.intp]:
    """Return places in the pool [m, d] that maximise the conditional gain given the anchors, or drawn ones."""
    items, k = np.concatenate([anchors, pool]), len(anchors)
    objective: Objective
    match mining.positives:
        case "random":
            return rng.choice(len(pool), size=k, replace=False)
        case "facility_location":
            similar = from_features(items, reference, policy=mining.policy)
            objective = Coverage(similar, given=np.arange(k))
        case "log_determinant":
            objective = Determinant(items, given=np.arange(k), ridge=mining.ridge)
        case _:
            assert_never(mining.positives)
    return _maximise(objective, mining, rng, first=k) - k


def _negatives(
    anchors: NDArray[Any],
    pool: NDArray[Any],
    reference: NDArray[Any],
    mining: Mining,
    rng: np.random.Generator,
) -> NDArray[np.intp]:
    """Return places in the pool [m, d] that maximise the mutual information with the anchors, or drawn ones."""
    items, k = np.concatenate([anchors, pool]), len(anchors)
    objective: Objective
    match mining.negatives:
        case "random":
            return rng.choice(len(pool), size=k, replace=False)
        case "semihard":
            return semihard(anchors, pool, times=mining.semihard, rng=rng)
        case "facility_location":
            similar = from_features(items, reference, policy=mining.policy)
            objective = Coverage(similar, query=np.arange(k))
        case "log_determinant":
            objective = DeterminantInformation(items, query=np.arange(k), ridge=mining.ridge)
        case _:
            assert_never(mining.negatives)
    return _maximise(objective, mining, rng, first=k) - k


def _maximise(
    objective: Objective, mining: Mining, rng: np.random.Generator, *, first: int
) -> NDArray[np.intp]:
    """Return k items from place `first` on."""
    candidates = np.arange(first, len(objective))
    match mining.optimiser:
        case "lazy":
            found = lazy_greedy(objective, mining.k, candidates=candidates)
        case "naive":
            found = naive_greedy(objective, mining.k, candidates=candidates)
        case "stochastic":
            found = stochastic_greedy(objective, mining.k, candidates=candidates, rng=rng)
        case _:
            assert_never(mining.optimiser)
    return found.items
