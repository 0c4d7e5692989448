"""Algorithm 1 as it is printed: cutting planes, and the k largest entries of the last program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import UsageError
from auditkit_mpr.methods.interface import Iteration, Method

if TYPE_CHECKING:
    from auditkit_mpr.classes.interface import FunctionClass
    from auditkit_mpr.methods.interface import Query
    from auditkit_mpr.relaxed.answer import Answer


class AlgorithmOne(Method):
    """The paper's algorithm, step by step; its list may break the limit, and the certificate then says so."""

    name = "algorithm1"
    preference = 10
    words = "algorithm 1 as printed, `--iterations` at most: the k largest entries, which may break the limit"
    serves_words = "limits on whole lists"
    certifies = False

    def serves(self, one: FunctionClass) -> bool:
        """Return whether the limit is on whole lists."""
        from auditkit_mpr.nested.functions import Nested

        return not isinstance(one, Nested)

    def answer(self, query: Query, rho: float) -> Answer:
        """Return the rounded list of the last program; the iterations are remembered in the query."""
        import numpy as np

        from auditkit_mpr.classes.interface import SearchedLimits
        from auditkit_mpr.relaxed.priced import Cuts
        from auditkit_mpr.relaxed.top import top

        limits, similarities = query.limits, query.similarities
        if not isinstance(limits, SearchedLimits):
            raise UsageError(self.not_served)
        cuts, steps, rounded = Cuts(len(similarities)), list[Iteration](), top(similarities, query.k)
        places = np.argsort(np.argsort(similarities, kind="stable")) / len(similarities)
        for _ in range(query.iterations):
            found = cuts.optimum(similarities, k=query.k, limit=rho)
            if found is None:
                break
            gap, function, mean = limits.functions(found.entries)[0]
            # Of equal entries the more similar item goes first.
            rounded = top(found.entries + 1e-9 * places, query.k)
            sum_of = float(similarities[rounded].sum())
            steps.append(Iteration(cuts=len(cuts.means), gap=gap, mpr=limits.mpr(rounded), similarity=sum_of))
            if gap <= rho + 1e-7:
                break
            cuts.add(function, mean)
        query.iterated[rho] = tuple(steps)
        return limits.judge(rounded, rho, self.name)
