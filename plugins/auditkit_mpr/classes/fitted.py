"""Functions that a regressor can fit: a lower bound of MPR over the class; of few trees, MPR itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit_mpr.classes.held_out import FEWEST, halves_of, held_out
from auditkit_mpr.classes.interface import Measured, Shown
from auditkit_mpr.classes.limits.fitted import FittedLimits
from auditkit_mpr.classes.regressors import (
    Function,
    Regressor,
    Witness,
    holds_linear,
    regression_function,
    regressor_named,
    row_weights,
    sign_function,
    stacked,
    witness_of,
)
from auditkit_mpr.classes.trees import Forest, Tree, forest_of, levels_named
from auditkit_mpr.exact.cells import cells_of
from auditkit_mpr.relaxed.lp import foremost
from auditkit_mpr.sampling.ends import Ends

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Floats
    from auditkit_mpr.exact.cells import Cells
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
    _merged: tuple[NDArray[Any], Population, Cells | None] | None = field(default=None, repr=False)

    def witness(self, candidates: Candidates, retrieved: Floats) -> Witness:
        """Return the function found for a relaxed list [c]."""
        population = candidates.reference.population
        function = self.function(candidates.rows, population, retrieved)
        return self._seen(function, candidates.rows, population, retrieved)

    def witnesses(self, candidates: Candidates, retrieved: Floats) -> list[Witness]:
        """Return functions found for a relaxed list [c], the one that shows most first: of trees one for each root."""
        items, population = candidates.rows, candidates.reference.population
        forest, merged = self._forest(items, population, retrieved), self._cells(items, population)
        functions: list[Function]
        if forest is None or merged is None:
            functions = self._tried(items, population, retrieved)
        else:
            # Few rows are distinct: a tree is evaluated on these.
            functions = [_on_cells(tree, merged) for tree in forest.by_root(self._levels or 0)]
        found = [self._seen(one, items, population, retrieved) for one in functions]
        return sorted(found, key=lambda one: -one.value)

    def make(self) -> Regressor:
        """Return a regressor that was fitted to nothing yet."""
        return regressor_named("tree" if self.signs else self.name, seed=self.seed)

    def function(self, items: NDArray[Any], reference: Population, retrieved: Floats) -> Function:
        """Return the function found for a relaxed list of these items, in no particular scale.

        Trees of few levels over few cuts are all tried. Of a class that contains the linear functions the best of
        those is found too, and the one that shows more is returned.
        """
        forest = self._forest(items, reference, retrieved)
        if forest is not None:
            return forest.best(self._levels or 0)
        found = self._tried(items, reference, retrieved)
        return max(found, key=lambda one: self._seen(one, items, reference, retrieved).value)

    def _tried(self, items: NDArray[Any], reference: Population, retrieved: Floats) -> list[Function]:
        """Return what the regressor fits, and the best linear function of a class that holds it."""
        if self.signs:
            return [sign_function(self.make, items, reference, retrieved)]
        found = [regression_function(self.make(), items, reference, retrieved)]
        if holds_linear(self.name):
            linear = regressor_named("LinearRegression")
            found.append(regression_function(linear, items, reference, retrieved))
        return found

    def tries_all(self, candidates: Candidates) -> bool:
        """Whether every function of the class is tried on these candidates, so that MPR is no lower bound."""
        anything = np.ones(len(candidates.items))
        return self._forest(candidates.rows, candidates.reference.population, anything) is not None

    @property
    def _levels(self) -> int | None:
        return levels_named(self.name, signs=self.signs)

    def _forest(self, items: NDArray[Any], reference: Population, retrieved: Floats) -> Forest | None:
        """Return all trees over the distinct rows, None where they are not all tried."""
        if self._levels is None:
            return None
        cells = self._cells(items, reference)
        if cells is None:
            return None
        wanted = np.concatenate([retrieved / retrieved.sum(), -reference.shares])
        return forest_of(
            cells.rows,
            np.bincount(cells.which, weights=wanted).astype(np.float64),
            np.bincount(cells.which, weights=row_weights(items, reference)).astype(np.float64),
            signs=self.signs,
        )

    def _cells(self, items: NDArray[Any], reference: Population) -> Cells | None:
        """Return the distinct rows of items and reference, found once for the same two."""
        kept = self._merged
        if kept is None or kept[0] is not items or kept[1] is not reference:
            kept = self._merged = items, reference, cells_of(stacked(items, reference))
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
        shares = candidates.reference.population.shares

        def oracle(entries: Floats) -> list[Cut]:
            found = self.witnesses(candidates, entries)
            return [(one.value, one.items, float(shares @ one.reference)) for one in found]

        columns = foremost(candidates.rows, candidates.similarities, k)
        cells = cells_of(np.asarray(candidates.rows[columns], dtype=np.float64))
        return FittedLimits(
            candidates.similarities,
            k,
            oracle,
            columns=columns,
            complete=self.tries_all(candidates),
            cells=None if cells is None else cells.which,
        )


def _on_cells(tree: Tree, cells: Cells) -> Function:
    """Return a function of the very rows [p, l] that the cells were made of."""
    return lambda _: tree(cells.rows)[cells.which]
