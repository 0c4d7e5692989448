"""Which test rows the models got right, for the majority, the minority and both together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mime.effect.curves import WHOLE
from auditkit_mime.effect.shared import shared_variance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Judged:
    """Right bool [trials, betas, m] on test rows [trials, m], which lie in `strata` equal parts: classes of groups."""

    right: NDArray[np.bool_]
    rows: NDArray[np.int64]
    strata: int

    @property
    def curve(self) -> Floats:
        """Accuracies, float64 [trials, betas]."""
        return np.asarray(self.right.mean(axis=2))

    @property
    def step(self) -> float:
        """The smallest difference of accuracies that can be seen."""
        return 1 / int(self.right.shape[2])

    def shared(self) -> Floats:
        """Return what rows in common add to the variance of each mean accuracy, float64 [betas]."""
        return shared_variance(self.right.astype(np.float64), self.rows, strata=self.strata)

    def shared_over(self, base: int) -> Floats:
        """Return the same of each mean difference to the column `base`, float64 [betas - 1]."""
        right = self.right.astype(np.float64)
        others = np.delete(right, base, axis=1)
        return shared_variance(others - right[:, [base]], self.rows, strata=self.strata)


def judged(right: NDArray[np.bool_], rows: NDArray[np.int64], *, classes: int) -> dict[str, Judged]:
    """Return the majority's, the minority's and both groups' from right [trials, betas, 2, m] and rows [trials, 2, m].

    Rows of a group are its classes' equal parts, one after another.
    """
    one = {
        name: Judged(right=right[:, :, i], rows=rows[:, i], strata=classes)
        for i, name in enumerate(WHOLE[:2])
    }
    both = Judged(
        right=right.reshape(*right.shape[:2], -1), rows=rows.reshape(len(rows), -1), strata=2 * classes
    )
    return {**one, WHOLE[2]: both}
