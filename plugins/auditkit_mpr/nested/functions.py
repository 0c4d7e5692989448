"""A class of functions whose limit holds for the prefixes of a list too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit import UsageError
from auditkit_mpr.classes.ball import Ball
from auditkit_mpr.classes.groups import Groups
from auditkit_mpr.nested.limits import NestedLimits
from auditkit_mpr.nested.prefixes import Prefix, Prefixes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit_mpr.classes.interface import FunctionClass, Measured
    from auditkit_mpr.retrieval.candidates import Candidates
    from auditkit_mpr.sampling.draws import Draws


@dataclass(eq=False)
class Nested:
    """Another class, measured as it is, whose limits hold for the first `sizes` items too."""

    of: Ball | Groups
    sizes: tuple[int, ...]

    def __post_init__(self) -> None:
        self.name = self.of.name

    def measure(self, candidates: Candidates, chosen: NDArray[np.int64], draws: Draws) -> Measured:
        """Return what the class says about the whole list."""
        return self.of.measure(candidates, chosen, draws)

    def limits(self, candidates: Candidates, *, k: int) -> NestedLimits:
        """Return the candidates' lists of k under limits on every prefix."""
        sizes = (*(size for size in self.sizes if size < k), k)
        each = [self.of.limits(candidates, k=size) for size in sizes]
        return NestedLimits(
            Prefixes(tuple(Prefix(size, one.pool) for size, one in zip(sizes, each, strict=True))),
            tuple(one.floor for one in each),
            lambda: tuple(one.proven_floor() for one in each),
        )


def nested(one: FunctionClass, sizes: tuple[int, ...], *, k: int) -> Nested:
    """Return the class with its limits on prefixes; UsageError for sizes that are no prefixes, or a fitted class."""
    bad = next((size for size in sizes if not 1 <= size < k), None)
    if bad is not None or list(sizes) != sorted(set(sizes)):
        message = f"prefixes {','.join(map(str, sizes))} must rise, from 1 to less than k = {k}"
        raise UsageError(message)
    if not isinstance(one, (Ball, Groups)):
        message = f"a limit on prefixes is for linear functions, kernels and groups, and not for {one.name}"
        raise UsageError(message)
    return Nested(one, sizes)
