"""Methods that know no limit: they make lists, and the certificate says how each stands to it."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from auditkit_mpr.methods.interface import Method

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit_mpr.classes.interface import FunctionClass
    from auditkit_mpr.methods.interface import Query
    from auditkit_mpr.relaxed.answer import Answer


class Baseline(Method):
    """A method whose lists are made once per query, one for each of its own settings."""

    certifies = False

    @abstractmethod
    def lists(self, query: Query) -> list[NDArray[np.int64]]:
        """Return the lists [k] of every setting."""

    def serves(self, one: FunctionClass) -> bool:  # noqa: ARG002  what it makes depends on no class
        """Return true: any list can be judged."""
        return True

    def answer(self, query: Query, rho: float) -> Answer:
        """Return the most similar of the lists that keep the limit; where none does, the one of least MPR."""
        if self.name not in query.made:
            query.made[self.name] = self.lists(query)
        judged = [query.limits.judge(chosen, rho, self.name) for chosen in query.made[self.name]]
        keeping = [one for one in judged if one.certificate.meets]
        if keeping:
            return max(keeping, key=lambda one: one.certificate.similarity)
        return min(judged, key=lambda one: one.certificate.mpr)
