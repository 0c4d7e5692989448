"""What the predictions are compared with: those of another model on the same rows or on others, or a stored run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit.values.finding import Finding
    from auditkit.values.subject import Subject


@dataclass(frozen=True, eq=False, kw_only=True)
class Versus:
    """What was accepted before, called `name`: a `subject` of its own, or the `findings` of a stored run.

    `rows` int64 [n] is the place of each row in that subject, -1 for one that it lacks; None where no row of the two
    tables is known to be the same.
    """

    name: str
    subject: Subject | None = None
    rows: NDArray[np.int64] | None = None
    findings: tuple[Finding, ...] = ()

    def take(self, rows: NDArray[np.int64]) -> Versus:
        """Return what some of the rows are compared with, int [m] places, in their order."""
        return self if self.rows is None else replace(self, rows=self.rows[rows])
