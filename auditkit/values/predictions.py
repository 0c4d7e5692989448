"""What a model says about each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Predictions:
    """What a model says about each row, aligned with the subject's table.

    `pred` holds labels (or numbers for regression) [n]; `score` the probability of each class in
    `subject.classes` order [n, k], or None; `loss` float64 [n], NaN where the target is missing.
    `source` says in words where they come from, `warning` what makes an audit of them void, such as a leak.
    """

    pred: NDArray[Any]
    score: NDArray[np.float64] | None
    loss: NDArray[np.float64]
    loss_name: str
    source: str
    baseline: bool = False
    warning: str = ""

    @property
    def caution(self) -> str:
        """The warning as a sentence, "" without one."""
        return f"{self.warning[0].upper()}{self.warning[1:]}." if self.warning else ""
