"""Algorithm 1, for every class: cutting planes, with exchanges in place of rounding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit_mpr.methods.interface import Method

if TYPE_CHECKING:
    from auditkit_mpr.classes.interface import FunctionClass
    from auditkit_mpr.methods.interface import Query
    from auditkit_mpr.relaxed.answer import Answer


class Lp(Method):
    """A linear program over the functions found so far, until the oracle finds none above the limit."""

    name = "lp"
    preference = 2
    words = "the paper's cutting planes (algorithm 1), with exchanges in place of rounding"

    serves_words = "every class of functions, of whole lists"

    def serves(self, one: FunctionClass) -> bool:
        """Return whether the limit is on whole lists: every class has an oracle."""
        from auditkit_mpr.nested.functions import Nested

        return not isinstance(one, Nested)

    def answer(self, query: Query, rho: float) -> Answer:
        """Return the list and its certificate."""
        return query.limits.cut(rho)
