"""Limits on MPR as people write them: 0.03, or 0.2x of what the k most similar items have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Limit:
    """A limit: `size` itself, or with `relative` that many times the MPR of the k most similar items."""

    size: float
    relative: bool
    text: str

    def value(self, top_mpr: float) -> float:
        """Return the limit in units of MPR."""
        return self.size * top_mpr if self.relative else self.size


def parse_limit(text: str) -> Limit:
    """Return the limit of a text such as 0.03 or 0.2x; UsageError for anything else."""
    relative = text.strip().lower().endswith("x")
    number = text.strip().lower().removesuffix("x")
    try:
        size = float(number)
    except ValueError:
        size = -1.0
    if not 0 <= size < np.inf:
        message = (
            f"rho '{text}' is no limit; write a number such as 0.03, or 0.2x of the MPR of the k most similar"
        )
        raise UsageError(message)
    return Limit(size, relative, text.strip())


def swept(count: int) -> Sequence[Limit]:
    """Return `count` limits from the MPR of the k most similar items down to nearly none."""
    shares = np.linspace(1.0, 0.0, count + 1)[:count]
    return [Limit(float(share), relative=True, text=f"{share:.3g}x") for share in shares]
