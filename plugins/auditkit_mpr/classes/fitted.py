"""Functions that a regressor can fit: a lower bound of MPR over the class; of few trees, MPR itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit_mpr.classes.held_out import FEWEST, halves_of, held_out
from auditkit_mpr.classes.interface import Measured, Shown
from auditkit_mpr.classes.limits.balanced import balanced
from auditkit_mpr.classes.limits.fitted import FittedLimits
from auditkit_mpr.classes.merged import Merged, merged_of
from auditkit_mpr.classes.regressors import (
    Function,
    Regressor,
    Sample,
    Witness,
    holds_linear,
    regression_function,
    regressor_named,
    sample_of,
    sign_function,
    takes_weights,
    witness_of,
)
from auditkit_mpr.classes.trees import levels_named
from auditkit_mpr.exact.cells import cells_of
from auditkit_mpr.relaxed.lp import foremost
from auditkit_mpr.sampling.ends import Ends

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.classes.limits.balanced import Balanced
    from auditkit_mpr.reference.population import Population
    from auditkit_mpr.relaxed.priced import Shown as Cut
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.sampling.draws import Draws


@dataclass(eq=False)
class Fitted:
    """Trees, networks and other regressors; with `signs` the sign of a tree."""

    name: str
    signs: bool = False
    seed: int = 0
    _merged: tuple[NDArray[Any], Population, Merged | None] | None = field(default=None, repr=False)

    def witness(self, candidates: Candidates, retrieved: Floats) -> Witness:
        """Return the function found for a relaxed list [c]."""
        population = candidates.reference.population
        function = self.function(candidates.rows, population, retrieved)
        return self._seen(function, candidates.rows, population, retrieved)

    def shown(self, candidates: Candidates, retrieved: Floats) -> list[Cut]:
        """Return functions found for a relaxed list [c], the one that shows most first: of trees one for each root."""
        items, population = candidates.rows, candidates.reference.population
        merged, k = self._cells(items, population), float(retrieved.sum())
        if merged is None:
            tried = self._tried(sample_of(items, population, retrieved))
            seen = [self._seen(one, items, population, retrieved) for one in tried]
            found = [(one.value, one.items, float(population.shares @ one.reference)) for one in seen]
        else:
            gaps = merged.gaps(retrieved)
            if merged.forest is not None:
                values = list(merged.forest.by_root(gaps, self._levels or 0))
            else:
                values = [one(merged.rows) for one in self._tried(merged.sample(gaps))]
            found = [merged.shown(one, gaps, k=k, signs=self.signs) for one in values]
        return sorted(found, key=lambda one: -one[0])

    def make(self) -> Regressor:
        """Return a regressor that was fitted to nothing yet."""
        return regressor_named("tree" if self.signs else self.name, seed=self.seed)

    def function(self, items: NDArray[Any], reference: Population, retrieved: Floats) -> Function:
        """Return the function found for a relaxed list of these items, in no particular scale.

        Trees of few levels over few cuts are all tried. Of a class that contains the linear functions the best of
        those is found too, and the one that shows more is returned.
        """
        merged = self._cells(items, reference)
        if merged is None:
            tried = self._tried(sample_of(items, reference, retrieved))
            return max(tried, key=lambda one: self._seen(one, items, reference, retrieved).value)
        gaps = merged.gaps(retrieved)
        if merged.forest is not None:
            return merged.forest.best(gaps, self._levels or 0)
        k = float(retrieved.sum())
        return max(
            self._tried(merged.sample(gaps)),
            key=lambda one: merged.shown(one(merged.rows), gaps, k=k, signs=self.signs)[0],
        )

    def _tried(self, sample: Sample) -> list[Function]:
        """Return what the regressor fits, and the best linear function of a class that holds it."""
        if self.signs:
            return [sign_function(self.make, sample)]
        found = [regression_function(self.make(), sample)]
        if holds_linear(self.name):
            found.append(regression_function(regressor_named("LinearRegression"), sample))
        return found

    def tries_all(self, candidates: Candidates) -> bool:
        """Whether every function of the class is tried on these candidates, so that MPR is no lower bound."""
        merged = self._cells(candidates.rows, candidates.reference.population)
        return merged is not None and merged.forest is not None

    @property
    def _levels(self) -> int | None:
        return levels_named(self.name, signs=self.signs)

    def _cells(self, items: NDArray[Any], reference: Population) -> Merged | None:
        """Return the distinct rows, made once for the same two; None where they cannot stand for the rows.

        They cannot where most rows are distinct, or for a regressor without weights of rows.
        """
        kept = self._merged
        if kept is None or kept[0] is not items or kept[1] is not reference:
            merged = merged_of(items, reference, signs=self.signs, levels=self._levels)
            if merged is not None and merged.forest is None:
                few = len(merged.rows) <= (len(items) + len(reference.rows)) // 2
                merged = merged if few and takes_weights(self.make()) else None
            kept = self._merged = items, reference, merged
        return kept[2]

    def _seen(
        self, function: Function, items: NDArray[Any], reference: Population, retrieved: Floats
    ) -> Witness:
        return witness_of(function, items, reference, retrieved, signs=self.signs)

    @property
    def most(self) -> float:
        """The largest MPR that any list can have."""
        return 2.0 if self.signs else 1.0

    def measure(self, candidates: Candidates, chosen: NDArray[np.int64], draws: Draws) -> Measured:
        """Return the gap of the function fitted on all rows, and what functions fitted on half of them show."""
        retrieved = np.zeros(len(candidates.items))
        retrieved[chosen] = 1.0
        found = self.witness(candidates, retrieved)
        zero = not (found.items.any() or found.reference.any())
        nothing = f"{self.name} predicted zero everywhere: it shows no gap, which proves nothing"
        return Measured(
            value=found.value,
            shown=self._shown(candidates, chosen, draws),
            ceiling=self.most,
            sampling_gap=None,
            heuristic=not self.tries_all(candidates),
            note=nothing if zero else "",
        )

    def _shown(self, candidates: Candidates, chosen: NDArray[np.int64], draws: Draws) -> Shown:
        """Return the gap on rows that the fit did not see, with its ends; too short a list shows nothing.

        No high end is below the ceiling: a function that no fit found may show more.
        """
        if len(chosen) < FEWEST:
            reason = f"a list of {len(chosen)} items is too short: half of it fits {self.name}, half measures"
            return Shown(value=None, interval=None, reason=reason)
        halves = [
            held_out(self, candidates, chosen, half, draws) for half in halves_of(candidates, chosen, draws)
        ]
        value = max(float(np.mean([half.value for half in halves])), 0.0)
        levels = halves[0].levels
        # The two halves are not independent, so their ends are averaged and no width is gained.
        lows = np.mean([half.lows for half in halves], axis=0)
        highs = np.full(len(levels), self.most)
        ends = Ends(value=value, levels=levels, lows=lows, highs=highs, most=self.most)
        return Shown(value=value, interval=ends.interval(draws.confidence))

    def limits(self, candidates: Candidates, *, k: int) -> FittedLimits:
        """Return the candidates' lists of k under limits, as far as fits show."""
        merged = self._cells(candidates.rows, candidates.reference.population)
        rows = candidates.rows if merged is None else merged.which[:, None]
        columns = foremost(rows, candidates.similarities, k)

        def tables(some: NDArray[np.int64]) -> Balanced:
            return balanced(candidates, some, columns[some], k=k)

        cells, complete = cells_of(np.asarray(rows[columns], dtype=np.float64)), self.tries_all(candidates)
        return FittedLimits(
            candidates.similarities,
            k,
            lambda entries: self.shown(candidates, entries),
            columns=columns,
            tables=tables,
            complete=complete,
            greedy=not complete and self.name.partition(":")[0] == "tree",
            cells=None if cells is None else cells.which,
        )
