"""How much of the reader's attention each rank of a list gets: exposure instead of a share of items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import UsageError, nearest

if TYPE_CHECKING:
    from auditkit_mpr.arrays import Floats

RULES = ("log2", "reciprocal")
"""1 / log2(1 + rank), of discounted cumulative gain (Järvelin and Kekäläinen, TOIS 2002; Singh and Joachims, KDD 2018);
1 / rank, of reciprocal ranks."""


def attention(rule: str, k: int) -> Floats:
    """Return the share of attention of ranks 1 to k, float64 [k], which sums to 1.

    `rule` is one of RULES, or k numbers such as 1,0.5,0.25: the attention of rank 1, of rank 2, and so on. Raises
    UsageError for another word, for fewer than k numbers, for a negative one, or where all are 0.
    """
    ranks = np.arange(1, k + 1, dtype=np.float64)
    if rule == "log2":
        weights = 1.0 / np.log2(1.0 + ranks)
    elif rule == "reciprocal":
        weights = 1.0 / ranks
    else:
        weights = _typed(rule, k)
    found: Floats = weights / weights.sum()
    return found


def _typed(rule: str, k: int) -> Floats:
    try:
        weights = np.array([float(part) for part in rule.split(",")])
    except ValueError:
        known = f"{', '.join(RULES)}{nearest(rule, RULES)}"
        message = f"attention '{rule}' is none of {known}, and no numbers such as 1,0.5,0.25"
        raise UsageError(message) from None
    if len(weights) < k:
        message = f"attention has {len(weights)} numbers, and a list has {k} ranks; give one for each"
        raise UsageError(message)
    weights = weights[:k]
    if not np.isfinite(weights).all() or (weights < 0).any() or not weights.sum() > 0:
        message = f"attention '{rule}' must be numbers from 0 on, and not all 0 in the first {k}"
        raise UsageError(message)
    return weights
