"""What a repaired list comes with: whether it keeps the limit, what it costs, and what nothing could beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TOLERANCE = 1e-9
"""MPR may exceed the limit by this much and still count as met: the last bits of a sum over rows."""


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """Facts about k returned items under the limit rho, each computed anew from the returned items.

    `similarity` and `similarity_bound` are sums over the k items; no k items that keep the limit have a larger sum
    than the bound, which is None where no relaxation was solved. `mpr_lower_bound` is proven: no k items have
    a smaller MPR. `reachable` is the least MPR of any list that was found, so the least possible lies between
    the two. `infeasible`: it is proven that no k items keep the limit. `heuristic`: the class is searched by
    fitting (trees, networks), so that MPR values are what the fits show, and a better fit may show more.
    `least`: where the limit is broken, whether the list is the most similar of those of least MPR, which is then
    proven, or one of the least MPR that was reached. `prefixes`: where the limit is on prefixes too, their sizes and
    MPR, the whole list's last; `mpr` is then the largest of these.
    """

    method: str
    rho: float
    mpr: float
    similarity: float
    top_mpr: float
    top_similarity: float
    similarity_bound: float | None
    mpr_lower_bound: float
    reachable: float
    infeasible: bool = False
    heuristic: bool = False
    least: Literal["", "reached", "proven"] = ""
    prefixes: tuple[tuple[int, float], ...] = ()

    @property
    def meets(self) -> bool:
        """Whether the returned items keep the limit."""
        return self.mpr <= self.rho + TOLERANCE

    @property
    def gap(self) -> float | None:
        """How much similarity an optimal list could have more, at most; None without a bound."""
        return None if self.similarity_bound is None else max(self.similarity_bound - self.similarity, 0.0)

    def in_words(self) -> str:
        """Return the one sentence that says whether the limit is kept, and if not what is known."""
        fits = seen = " as far as the fitted functions show" if self.heuristic else ""
        if self.prefixes:
            sizes = ", ".join(f"{mpr:.6g} of the first {size}" for size, mpr in self.prefixes)
            seen += f" (the largest of its prefixes: {sizes})"
        if self.meets:
            bound = f"{self.similarity_bound:.6g}" if self.similarity_bound is not None else ""
            cost = (
                f"; similarity sum {self.similarity:.6g}, no list that keeps it has above {bound}"
                if bound
                else ""
            )
            return f"MPR {self.mpr:.6g} keeps the limit {self.rho:.6g}{seen}{cost}"
        if self.least == "proven":
            return (
                f"no list keeps the limit {self.rho:.6g}, which is proven: the least MPR there is is {self.mpr:.6g}; "
                f"returned is the most similar list that has it, {self._kept}"
            )
        if self.reachable <= self.rho + TOLERANCE:
            return f"this list breaks the limit {self.rho:.6g} with MPR {self.mpr:.6g}{seen}; lists that keep it exist"
        known = (
            f"no list keeps the limit {self.rho:.6g}, which is proven"
            if self.infeasible
            else f"no list that keeps the limit {self.rho:.6g} was found"
        )
        lowest = f", and none is below {self.mpr_lower_bound:.6g}" if self.mpr_lower_bound > 0 else ""
        return f"{known}: the least MPR reached is {self.reachable:.6g}{fits}{lowest}; {self._returned}, {self._kept}"

    @property
    def _returned(self) -> str:
        if self.least == "reached" and self.mpr <= self.reachable + TOLERANCE:
            return "returned is the most similar list found that has it"
        return f"returned is {self.mpr:.6g}"

    @property
    def _kept(self) -> str:
        """What the list keeps of the similarity of the most similar items, in words."""
        if self.top_similarity <= 0:
            return f"with a similarity sum of {self.similarity:.6g}"
        return (
            f"with {self.similarity / self.top_similarity:.1%} of the similarity of the k most similar items"
        )
