"""What a model says about each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit.values.labels import class_codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Predictions:
    """What a model says about each row, aligned with the subject's table.

    `pred` holds labels (or numbers for regression) [n], `codes` int64 [n] the place of each label in
    `subject.classes`, -1 for none of them, or None where nobody has looked; `score` the probability of each class in
    the same order [n, k], or None; `loss` float64 [n], NaN where the target is missing.
    `source` says in words where they come from, `warning` what makes an audit of them void, such as a leak.
    """

    pred: NDArray[Any]
    score: NDArray[np.float64] | None
    loss: NDArray[np.float64]
    loss_name: str
    source: str
    codes: NDArray[np.int64] | None = None
    baseline: bool = False
    warning: str = ""

    def codes_in(self, classes: Sequence[Any]) -> NDArray[np.int64]:
        """Return the place of each label in the subject's classes, int64 [n], -1 for none of them."""
        import pandas as pd

        return class_codes(pd.Series(self.pred), classes)[0] if self.codes is None else self.codes

    @property
    def caution(self) -> str:
        """The warning as a sentence, "" without one."""
        return f"{self.warning[0].upper()}{self.warning[1:]}." if self.warning else ""
