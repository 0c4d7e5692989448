"""Appendix D.1 as written: the cone through CVXPY and Clarabel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import UsageError
from auditkit_mpr.methods.interface import Method, Needs

if TYPE_CHECKING:
    from auditkit_mpr.classes.interface import FunctionClass
    from auditkit_mpr.methods.interface import Query
    from auditkit_mpr.relaxed.answer import Answer


class Qp(Method):
    """The relaxed optimum over all n at once by another's solver, made a list by exchanges."""

    name = "qp"
    preference = 3
    words = "the same cone through CVXPY and Clarabel"
    serves_words = "linear functions and kernels"
    needs = Needs(package="CVXPY")

    def serves(self, one: FunctionClass) -> bool:
        """Return whether MPR is the length of a gap of means."""
        from auditkit_mpr.classes.ball import Ball

        return isinstance(one, Ball)

    def answer(self, query: Query, rho: float) -> Answer:
        """Return the list and its certificate."""
        from auditkit_mpr.classes.limits.ball import BallLimits
        from auditkit_mpr.relaxed.qp import clarabel_optimum

        if not isinstance(query.limits, BallLimits):
            raise UsageError(self.not_served)
        return query.limits.relaxed(rho, self.name, clarabel_optimum)
