"""A limit on the prefixes of a list: what is seen first is representative too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import UsageError
from auditkit_mpr.methods.interface import Method

if TYPE_CHECKING:
    from auditkit_mpr.classes.interface import FunctionClass
    from auditkit_mpr.methods.interface import Query
    from auditkit_mpr.relaxed.answer import Answer


class NestedMethod(Method):
    """The relaxed optimum over nested lists, made a list by exchanges that all prefixes keep."""

    name = "nested"
    preference = 5
    words = "for `--prefixes`: a linear program over nested lists, then exchanges that keep the limit in every prefix"
    serves_words = "limits on prefixes (--prefixes)"

    def serves(self, one: FunctionClass) -> bool:
        """Return whether the limit is on prefixes."""
        from auditkit_mpr.nested.functions import Nested

        return isinstance(one, Nested)

    def answer(self, query: Query, rho: float) -> Answer:
        """Return the list in order, with its certificate."""
        from auditkit_mpr.nested.limits import NestedLimits

        if not isinstance(query.limits, NestedLimits):
            raise UsageError(self.not_served)
        return query.limits.nested(rho)
