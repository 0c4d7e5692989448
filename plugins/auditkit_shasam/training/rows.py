"""Rows to learn from: inputs beside the cells of class and group they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from auditkit_shasam.mining import Cells


@dataclass(frozen=True, eq=False)
class Rows:
    """Inputs float32 [n, ...] and the cells of the same n rows; classes are known, groups may be -1."""

    inputs: Tensor
    cells: Cells

    def __len__(self) -> int:
        return len(self.inputs)

    def take(self, rows: NDArray[np.intp]) -> Rows:
        """Return some of the rows."""
        return Rows(self.inputs[rows], self.cells.take(rows))
