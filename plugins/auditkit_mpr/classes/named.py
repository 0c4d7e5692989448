"""Classes of functions by name, and what each says about one list: value, interval, ceiling, sampling bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from auditkit import UsageError
from auditkit_mpr.classes.kernels import Kernel, kernel_named, median_width
from auditkit_mpr.classes.linear import LinearClass, linear_class
from auditkit_mpr.classes.regressors import (
    Regressor,
    Witness,
    regression_witness,
    regressor_named,
    sign_witness,
)
from auditkit_mpr.reference.intersections import (
    Attribute,
    Intersection,
    intersections,
    memberships,
    shares_among,
)
from auditkit_mpr.sampling.bounds import ceiling, distances_from, finite_sampling_gap, linear_sampling_gap
from auditkit_mpr.sampling.intervals import largest_interval, length_interval, mean_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from auditkit_mpr.reference.population import Floats
    from auditkit_mpr.reference.table import Reference
    from auditkit_mpr.run.problem import Candidates

KERNELS: dict[str, Kernel] = {
    "rbf": "rbf",
    "poly": "polynomial",
    "polynomial": "polynomial",
    "linear_kernel": "linear_kernel",
}
MAX_DISTINCT = 2_000
"""A kernel is written out exactly as features of the distinct rows, which may be this many."""
MAX_ERRORS = 8_000_000
"""Numbers kept of bootstrap draws times statistics; with more statistics there are fewer draws."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a class of functions says about one list. None: not measurable for this class.

    `interval` covers sampling of the reference. `sampling_gap` bounds what that sampling can do, with confidence 1 -
    delta, for all lists at once (Prop. 1, constants corrected). `heuristic`: the value is a lower bound.
    """

    value: float
    interval: tuple[float, float] | None
    ceiling: float | None
    sampling_gap: float | None
    heuristic: bool = False
    note: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class Draws:
    """How the reference is bootstrapped; `rng` gives the same draws for the same purpose."""

    count: int
    confidence: float
    rng: Callable[[str], np.random.Generator]


class FunctionClass(Protocol):
    """A class of functions, measured on one query's candidates; `chosen` are positions among these."""

    name: str

    def measure(self, candidates: Candidates, chosen: NDArray[np.int64], draws: Draws) -> Measured:
        """Return what the class says about the chosen ones."""
        ...


@dataclass(eq=False)
class Ball:
    """Linear functions, or a kernel's unit ball: MPR is the length of a gap of means."""

    name: str
    intercept: bool = False
    kernel: Kernel | None = None
    _kept: dict[str, Any] = field(default_factory=dict, repr=False)

    def linear(self, candidates: Candidates) -> LinearClass:
        """Return the functions on these candidates, kept where every query has the same."""
        if candidates.shared and "linear" in self._kept:
            return self._kept["linear"]  # type: ignore[no-any-return]
        made = (
            linear_class(candidates.rows, candidates.reference.population, intercept=self.intercept)
            if self.kernel is None
            else _kernel_ball(self.kernel, candidates)
        )
        if candidates.shared:
            self._kept["linear"] = made
        return made

    def measure(self, candidates: Candidates, chosen: NDArray[np.int64], draws: Draws) -> Measured:
        """Return the length of the gap, its interval, the farthest k items as ceiling, and the sampling bound."""
        linear, reference = self.linear(candidates), candidates.reference
        gap, k = linear.gap(chosen), len(chosen)
        interval = sampling = None
        if not reference.exact:
            errors = self._errors(candidates, linear, draws)
            interval = length_interval(gap, -linear.scale(k) * errors, confidence=draws.confidence)
            if self.kernel is None:
                sampling = linear_sampling_gap(linear, reference.population, k, delta=1 - draws.confidence)
        return Measured(
            value=linear.mpr(chosen) if self.kernel is None else float(np.linalg.norm(gap)),
            interval=interval,
            ceiling=self._ceiling(candidates, linear, k),
            sampling_gap=sampling,
        )

    def _ceiling(self, candidates: Candidates, linear: LinearClass, k: int) -> float:
        key = f"ceiling {k}"
        if candidates.shared and key in self._kept:
            return float(self._kept[key])
        if self.kernel is None:
            found = ceiling(linear, k)
        else:
            distances = distances_from(linear.items, linear.target)
            found = float(np.partition(distances, len(distances) - k)[-k:].mean())
        self._kept[key] = found
        return found

    def _errors(self, candidates: Candidates, linear: LinearClass, draws: Draws) -> Floats:
        """Return errors of the reference means in the class's coordinates [draws, r]."""
        if self.kernel is not None:
            if "errors" not in self._kept or not candidates.shared:
                rows = linear.directions  # of a kernel: the reference's rows in its coordinates
                self._kept["errors"] = mean_errors(
                    rows, candidates.reference.population, draws=_draws(draws, rows), rng=draws.rng(self.name)
                )
            return self._kept["errors"]  # type: ignore[no-any-return]
        population = candidates.reference.population
        if self._kept.get("errors of") is not population:
            rows = np.asarray(population.rows, dtype=np.float64)
            self._kept["raw errors"] = mean_errors(
                rows, population, draws=_draws(draws, rows), rng=draws.rng(self.name)
            )
            self._kept["errors of"] = population
        directions = linear.directions[:-1] if linear.intercept else linear.directions
        errors: Floats = self._kept["raw errors"] @ directions
        return errors


@dataclass(eq=False)
class Groups:
    """Indicators of groups and their intersections up to a depth: MPR is the largest gap of shares."""

    name: str
    attributes: tuple[Attribute, ...]
    depth: int
    _kept: dict[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.groups: tuple[Intersection, ...] = intersections(self.attributes, self.depth)

    def gaps(self, candidates: Candidates, chosen: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Return the share of every group [g] in the list and in the reference."""
        listed = shares_among(self.groups, [codes[chosen] for codes in candidates.codes])
        return listed, self.reference_shares(candidates.reference)

    def reference_shares(self, reference: Reference) -> Floats:
        """Return the share of every group in the reference [g]."""
        if self._kept.get("of") is not reference:
            self._kept["shares"] = shares_among(self.groups, reference.codes, reference.population.shares)
            self._kept["of"] = reference
        shares: Floats = self._kept["shares"]
        return shares

    def measure(self, candidates: Candidates, chosen: NDArray[np.int64], draws: Draws) -> Measured:
        """Return the largest gap, its interval, the exact ceiling, and Hoeffding's bound over the groups."""
        listed, shares = self.gaps(candidates, chosen)
        reference, k, gaps = candidates.reference, len(chosen), listed - shares
        interval = sampling = None
        if not reference.exact:
            interval = largest_interval(gaps, -self._errors(reference, draws), confidence=draws.confidence)
            sampling = finite_sampling_gap(
                reference.population.effective, len(self.groups), delta=1 - draws.confidence
            )
        have = shares_among(self.groups, candidates.codes) * len(candidates.items)
        most = np.minimum(have, k) / k - shares
        least = shares - np.maximum(k - (len(candidates.items) - have), 0) / k
        return Measured(
            value=float(np.abs(gaps).max(initial=0.0)),
            interval=interval,
            ceiling=float(np.maximum(most, least).max(initial=0.0)),
            sampling_gap=sampling,
        )

    def _errors(self, reference: Reference, draws: Draws) -> Floats:
        if self._kept.get("errors of") is not reference:
            inside = memberships(self.groups, reference.codes).astype(np.float64)
            self._kept["errors"] = mean_errors(
                inside, reference.population, draws=_draws(draws, inside), rng=draws.rng(self.name)
            )
            self._kept["errors of"] = reference
        errors: Floats = self._kept["errors"]
        return errors


@dataclass(eq=False)
class Fitted:
    """Functions that a regressor can fit: the value is a lower bound of MPR over the class."""

    name: str
    signs: bool = False
    seed: int = 0

    def witness(self, candidates: Candidates, retrieved: Floats) -> Witness:
        """Return the function found for a relaxed list [c]."""
        population = candidates.reference.population
        if self.signs:
            return sign_witness(self.make, candidates.rows, population, retrieved)
        return regression_witness(self.make(), candidates.rows, population, retrieved)

    def make(self) -> Regressor:
        """Return a regressor that was fitted to nothing yet."""
        return regressor_named("tree" if self.signs else self.name, seed=self.seed)

    def measure(self, candidates: Candidates, chosen: NDArray[np.int64], draws: Draws) -> Measured:
        """Return the gap of the fitted function, with an interval that holds the function fixed."""
        retrieved = np.zeros(len(candidates.items))
        retrieved[chosen] = 1.0
        found = self.witness(candidates, retrieved)
        zero = not (found.items.any() or found.reference.any())
        interval = None
        if not candidates.reference.exact and not zero:
            errors = mean_errors(
                found.reference[:, None],
                candidates.reference.population,
                draws=draws.count,
                rng=draws.rng(self.name),
            )
            interval = length_interval(np.array([found.value]), -errors, confidence=draws.confidence)
        return Measured(
            value=found.value,
            interval=interval,
            ceiling=2.0 if self.signs else 1.0,
            sampling_gap=None,
            heuristic=True,
            note=f"{self.name} predicted zero everywhere: it shows no gap, which proves nothing"
            if zero
            else "",
        )


def class_named(name: str, attributes: Sequence[Attribute], *, seed: int = 0) -> FunctionClass:
    """Return the class of a name such as linear, groups:2, tree, rbf or Ridge; UsageError for an unknown one."""
    family, _, size = name.partition(":")
    match family:
        case "linear" | "affine" if not size:
            return Ball(name, intercept=family == "affine")
        case "groups":
            if size and (not size.isdigit() or int(size) < 1):
                message = f"class '{name}': '{size}' is not a whole number above 0"
                raise UsageError(message)
            if not attributes:
                message = (
                    f"class '{name}' needs attributes with groups, and these are quantities; see --groups"
                )
                raise UsageError(message)
            return Groups(name, tuple(attributes), int(size or 1))
        case "signs":
            return Fitted(name, signs=True, seed=seed)
        case _ if family in KERNELS:
            return Ball(name, kernel=KERNELS[family])
    regressor_named(name, seed=seed)
    return Fitted(name, seed=seed)


def _kernel_ball(kernel: Kernel, candidates: Candidates) -> LinearClass:
    """Return the kernel's ball as linear functions of features of unit scale; `directions` are the reference's rows.

    With K = V diag(w) V' over the distinct rows, the rows of V sqrt(w) have exactly the kernel's inner products.
    """
    population = candidates.reference.population
    both = np.concatenate(
        [np.asarray(candidates.rows, dtype=np.float64), np.asarray(population.rows, dtype=np.float64)]
    )
    distinct, which = np.unique(both, axis=0, return_inverse=True)
    if len(distinct) > MAX_DISTINCT:
        message = (
            f"class of a kernel: {len(distinct):,} distinct rows of attributes are too many (at most "
            f"{MAX_DISTINCT:,}); use fewer attributes or coarser groups"
        )
        raise UsageError(message)
    function = kernel_named(kernel, width=median_width(np.asarray(population.rows, dtype=np.float64)))
    values, vectors = np.linalg.eigh(function(distinct, distinct))
    kept = values > max(float(values[-1]), 0.0) * 1e-12
    features = (vectors[:, kept] * np.sqrt(values[kept]))[which.reshape(-1)]
    n = len(candidates.rows)
    return LinearClass(
        directions=features[n:],
        items=features[:n],
        target=population.shares @ features[n:],
        size=np.inf,
        intercept=False,
        unscaled=True,
    )


def _draws(draws: Draws, values: NDArray[Any]) -> int:
    return int(min(draws.count, max(200, MAX_ERRORS // max(values.shape[1], 1))))
