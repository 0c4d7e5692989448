"""Anchors, hard positives and hard negatives of one class and group, by greedy submodular selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, assert_never, get_args

import numpy as np

from auditkit import UsageError
from auditkit_shasam.choices import one_of
from auditkit_shasam.mining.cells import Negatives
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
from auditkit_shasam.submodular.log_determinant import RIDGE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_shasam.mining.cells import Cells
    from auditkit_shasam.submodular import Objective, Selection

Family: TypeAlias = Literal["facility_location", "log_determinant"]
Optimiser: TypeAlias = Literal["lazy", "naive", "stochastic"]
Covered: TypeAlias = Literal["all", "target"]
NonNegative: TypeAlias = Literal["clamp", "shift"]
How: TypeAlias = Literal["shasam", "random"]
"""Hard rows of the right cells, or random ones of the same cells."""


@dataclass(frozen=True, kw_only=True)
class Mining:
    """How the three sets are selected; the defaults are the paper's.

    Facility location sums its coverage over the ground set (`covered` "all") or over the class's rows ("target"), and
    over a uniform sample of `references` of them if there are more: an unbiased estimate of the sum per row.
    `policy` says what becomes of negative cosines, `ridge` is added to the kernel's diagonal in log-determinants.
    """

    k: int = 16
    anchors: Family = "log_determinant"
    positives: Family = "facility_location"
    negatives: Family = "facility_location"
    pool: Negatives = "same_sensitive"
    optimiser: Optimiser = "lazy"
    covered: Covered = "all"
    references: int = 1024
    policy: NonNegative = "clamp"
    ridge: float = RIDGE
    random: bool = False

    def __post_init__(self) -> None:
        for name in ("anchors", "positives", "negatives"):
            one_of(name, getattr(self, name), allowed=get_args(Family))
        one_of("pool", self.pool, allowed=get_args(Negatives))
        one_of("optimiser", self.optimiser, allowed=get_args(Optimiser))
        one_of("covered", self.covered, allowed=get_args(Covered))
        one_of("policy", self.policy, allowed=get_args(NonNegative))
        if self.k < 1 or self.references < 1:
            message = (
                f"k and references must be at least 1, got k = {self.k} and references = {self.references}"
            )
            raise UsageError(message)


def at_random(how: How) -> bool:
    """Return whether rows are drawn at random; raise UsageError for a way of mining that there is not."""
    one_of("mining", how, allowed=get_args(How))
    return how == "random"


@dataclass(frozen=True, eq=False, kw_only=True)
class Triple:
    """Row numbers of anchors, positives and negatives, intp [k] each, in the order they were selected."""

    anchors: NDArray[np.intp]
    positives: NDArray[np.intp]
    negatives: NDArray[np.intp]

    @property
    def rows(self) -> NDArray[np.intp]:
        """All rows, anchors first, then positives, then negatives."""
        return np.concatenate([self.anchors, self.positives, self.negatives])


def mine(
    features: NDArray[Any], cells: Cells, mining: Mining, *, pair: tuple[int, int], rng: np.random.Generator
) -> Triple:
    """Return k anchors of class i and group j, and k hard positives and k hard negatives for them.

    `features` [n, d] are those of the present encoder; only their directions count. Anchors maximise f(A),
    positives the conditional gain H_f(P | A), negatives the mutual information I_f(N; A) (SHaSaM, Algorithm 1 and
    appendix D.1). The sets are disjoint. Raises DataError for a cell that is empty or smaller than k.
    """
    anchors, positives, negatives = cells.pools(*pair, negatives=mining.pool)
    for pool, what in ((anchors, "anchors"), (positives, "positives"), (negatives, "negatives")):
        cells.need(pool, what, k=mining.k, pair=pair)
    if mining.random:
        return _at_random(anchors, positives, negatives, k=mining.k, rng=rng)
    unit = unit_rows(features)
    over = _covered(cells, mining, target=pair[0])
    if len(over) > mining.references:
        over = np.sort(rng.choice(over, size=mining.references, replace=False))
    reference = unit[over]
    first = _anchors(unit[anchors], reference, mining, rng)
    chosen = anchors[first.items]
    hard = positives[_positives(unit[chosen], unit[positives], reference, mining, rng)]
    if mining.pool == "outside_cell":
        negatives = np.setdiff1d(negatives, hard)
    third = _negatives(unit[chosen], unit[negatives], reference, mining, rng)
    return Triple(anchors=chosen, positives=hard, negatives=negatives[third])


def _covered(cells: Cells, mining: Mining, *, target: int) -> NDArray[np.intp]:
    """Return the rows that coverage is summed over, before they are sampled."""
    match mining.covered:
        case "all":
            return np.arange(len(cells))
        case "target":
            return np.flatnonzero(cells.target == target)
        case _:
            assert_never(mining.covered)


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
) -> Selection:
    """Return the selection of anchors from their pool [m, d]."""
    objective: Objective
    match mining.anchors:
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
    """Return places in the pool [m, d] that maximise the conditional gain given the anchors."""
    items, k = np.concatenate([anchors, pool]), len(anchors)
    objective: Objective
    match mining.positives:
        case "facility_location":
            similar = from_features(items, reference, policy=mining.policy)
            objective = Coverage(similar, given=np.arange(k))
        case "log_determinant":
            objective = Determinant(items, given=np.arange(k), ridge=mining.ridge)
        case _:
            assert_never(mining.positives)
    return _maximise(objective, mining, rng, first=k).items - k


def _negatives(
    anchors: NDArray[Any],
    pool: NDArray[Any],
    reference: NDArray[Any],
    mining: Mining,
    rng: np.random.Generator,
) -> NDArray[np.intp]:
    """Return places in the pool [m, d] that maximise the mutual information with the anchors."""
    items, k = np.concatenate([anchors, pool]), len(anchors)
    objective: Objective
    match mining.negatives:
        case "facility_location":
            similar = from_features(items, reference, policy=mining.policy)
            objective = Coverage(similar, query=np.arange(k))
        case "log_determinant":
            objective = DeterminantInformation(items, query=np.arange(k), ridge=mining.ridge)
        case _:
            assert_never(mining.negatives)
    return _maximise(objective, mining, rng, first=k).items - k


def _maximise(objective: Objective, mining: Mining, rng: np.random.Generator, *, first: int) -> Selection:
    """Return the selection of k items from place `first` on."""
    candidates = np.arange(first, len(objective))
    match mining.optimiser:
        case "lazy":
            return lazy_greedy(objective, mining.k, candidates=candidates)
        case "naive":
            return naive_greedy(objective, mining.k, candidates=candidates)
        case "stochastic":
            return stochastic_greedy(objective, mining.k, candidates=candidates, rng=rng)
        case _:
            assert_never(mining.optimiser)
