"""What the models of a sweep said about their test rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Selection = Literal["validation", "best-test"]


@dataclass(frozen=True, eq=False)
class Outcome:
    """Per model and group (majority first): right bool [m, 2, rows] on its test rows; projected float32, alike.

    `projected` is w'f, NaN where a model has no last layer to project on. `epoch` int64 [m] counts the epochs after
    which the model was taken, 0 where there are none to choose from.
    """

    right: NDArray[np.bool_]
    projected: NDArray[np.float32]
    epoch: NDArray[np.int64]


def joined(parts: Sequence[Outcome]) -> Outcome:
    """Return the outcomes of several lots of models as one."""
    return Outcome(
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.projected for part in parts]),
        np.concatenate([part.epoch for part in parts]),
    )
