"""Every way to make a list under a limit: solvers, and baselines tried over their own setting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditkit import UsageError
from auditkit_mpr.methods.baselines import DROPPED, TRADES, by_information, clipped, mmr, pbm
from auditkit_mpr.reference.attributes import MISSING
from auditkit_mpr.relaxed.top import top

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from auditkit_mpr.classes.solvers import Solver
    from auditkit_mpr.reference.intersections import Attribute
    from auditkit_mpr.relaxed.mopr import Answer
    from auditkit_mpr.retrieval.scoring import Scorer
    from auditkit_mpr.run.problem import Candidates

BASELINES = ("mmr", "pbm", "clipclip", "topk")
NEUTRAL = frozenset({MISSING, "unknown", "neutral"})
"""Labels that PBM takes for neutral."""
OWN = "own list"


@dataclass(eq=False)
class Makers:
    """Lists for one query. What a baseline makes does not depend on the limit, and is made once."""

    candidates: Candidates
    solver: Solver
    scorer: Scorer
    attributes: Sequence[Attribute]
    k: int
    own: NDArray[np.int64] | None = None
    _made: dict[str, list[NDArray[np.int64]]] = field(default_factory=dict, repr=False)

    def answer(self, method: str, rho: float) -> Answer:
        """Return a method's list for a limit: of a baseline's lists the most similar that keeps it.

        Where none keeps it, the one of least MPR.
        """
        if method not in (*BASELINES, OWN):
            return self.solver.solve(rho, method)
        judged = [self.solver.judge(chosen, rho, method) for chosen in self.lists(method)]
        keeping = [one for one in judged if one.certificate.meets]
        if keeping:
            return max(keeping, key=lambda one: one.certificate.similarity)
        return min(judged, key=lambda one: one.certificate.mpr)

    def lists(self, method: str) -> list[NDArray[np.int64]]:
        """Return all lists of a baseline, one for each of its settings."""
        if method not in self._made:
            self._made[method] = self._make(method)
        return self._made[method]

    def _make(self, method: str) -> list[NDArray[np.int64]]:
        similarities = self.candidates.similarities
        match method:
            case "topk":
                return [top(similarities, self.k)]
            case "mmr":
                vectors, seen = self._vectors(method), {}  # type: ignore[var-annotated]  # cosines by item
                return [mmr(similarities, vectors, k=self.k, trade=trade, seen=seen) for trade in TRADES]
            case "pbm":
                labels = self._first_attribute(method).labels
                neutral = [code for code, label in enumerate(labels) if label.lower() in NEUTRAL]
                return [pbm(similarities, self.candidates.codes[0], k=self.k, neutral=neutral)]
            case "clipclip":
                return self._clipped(method)
            case "own list" if self.own is not None:
                return [self.own]
        message = f"method {method} has no lists for query '{self.candidates.query}'"
        raise UsageError(message)

    def _clipped(self, method: str) -> list[NDArray[np.int64]]:
        self._first_attribute(method)
        vectors, query = self._vectors(method), self.candidates.vector
        if query is None:
            message = "method clipclip drops dimensions of the queries too, and needs --queries"
            raise UsageError(message)
        order = by_information(vectors, self.candidates.codes)
        return [top(clipped(vectors, query, order, share=share), self.k) for share in DROPPED]

    def _first_attribute(self, method: str) -> Attribute:
        if not self.attributes:
            message = f"method {method} needs an attribute with groups"
            raise UsageError(message)
        return self.attributes[0]

    def _vectors(self, method: str) -> NDArray[np.float32]:
        vectors = self.scorer.vectors(self.candidates.items)
        if vectors is None:
            message = f"method {method} needs vectors of the items: --embeddings or --index"
            raise UsageError(message)
        return vectors
