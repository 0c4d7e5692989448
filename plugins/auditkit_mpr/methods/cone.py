"""The default for linear functions and kernels: the second-order cone, solved exactly, and exchanges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import UsageError
from auditkit_mpr.methods.interface import Method

if TYPE_CHECKING:
    from auditkit_mpr.classes.interface import FunctionClass
    from auditkit_mpr.methods.interface import Query
    from auditkit_mpr.relaxed.answer import Answer


class Cone(Method):
    """The relaxed optimum by an interior-point method on few columns, priced over all n, made a list by exchanges."""

    name = "cone"
    preference = 1
    words = "relaxed optimum by an interior-point method on few columns, priced over all n; then best single exchanges"
    serves_words = "linear functions and kernels"

    def serves(self, one: FunctionClass) -> bool:
        """Return whether MPR is the length of a gap of means."""
        from auditkit_mpr.classes.ball import Ball

        return isinstance(one, Ball)

    def answer(self, query: Query, rho: float) -> Answer:
        """Return the list and its certificate; it starts from the prices of the query's limit before."""
        from auditkit_mpr.classes.limits.ball import BallLimits

        if not isinstance(query.limits, BallLimits):
            raise UsageError(self.not_served)
        return query.limits.cone(rho)
