"""The best list there is (eq. 9), proven."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import UsageError
from auditkit_mpr.methods.interface import Method

if TYPE_CHECKING:
    from auditkit_mpr.classes.interface import FunctionClass
    from auditkit_mpr.methods.interface import Query
    from auditkit_mpr.relaxed.answer import Answer


class Integer(Method):
    """An integer program on the few items that a proof does not settle."""

    name = "integer"
    preference = 4
    words = "the best list, proven, in `--seconds` at most"
    serves_words = "linear functions, kernels and groups"

    def serves(self, one: FunctionClass) -> bool:
        """Return whether the class's limits are those of a finite program."""
        from auditkit_mpr.classes.ball import Ball
        from auditkit_mpr.classes.groups import Groups

        return isinstance(one, (Ball, Groups))

    def answer(self, query: Query, rho: float) -> Answer:
        """Return the list and its certificate, whose bound is the program's own."""
        from auditkit_mpr.classes.interface import ExactLimits

        if not isinstance(query.limits, ExactLimits):
            raise UsageError(self.not_served)
        return query.limits.exact(rho, seconds=query.seconds)
