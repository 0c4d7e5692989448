"""Average precision of each group, with its linearised standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures.counting.weights import kish
from auditkit.measures.scores.auc import of_clusters, smaller_class
from auditkit.measures.scores.ranked import Ranked, never_zero, share, small

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit.measures.scores.blocks import Blocks

    Floats = NDArray[np.float64]


def average_precision(blocks: Blocks) -> Ranked:
    """Return Σ over positives of the precision at their score / positives, of each group.

    It is the sum of precision times the step in recall over distinct scores, without interpolation. The variance is
    that of its linearisation in the rows' weights; read on the logit scale (Boyd, Eng and Page, ECML PKDD 2013).
    """
    weight_pos, weight_neg, square_pos, square_neg = blocks.totals
    m, n = kish(weight_pos, square_pos), kish(weight_neg, square_neg)
    of, positives = blocks.of, blocks.positives
    # Rows with at least a block's score: positives, and all.
    hits = weight_pos[of] - blocks.positives_before
    chosen = hits + weight_neg[of] - blocks.negatives_before
    precision = share(hits, chosen)
    known = (m > 0) & (n > 0)
    value = np.where(known, share(blocks.by_group(positives * precision), weight_pos), np.nan)
    # A row counts in the precision of every positive that scores no more than it does.
    gained = _up_to(blocks, share(positives, chosen))
    lost = _up_to(blocks, share(positives * hits, chosen**2))
    total = weight_pos[of]
    of_pos = share(precision - value[of] + gained - lost, total)
    of_neg = share(-lost, total)
    size = (m + n) * known
    variance = blocks.by_group(blocks.squares[0] * of_pos**2 + blocks.squares[1] * of_neg**2) * small(size)
    degrees, clusters = np.maximum(np.minimum(m, n) - 1.0, 1.0), np.full(len(m), np.inf)
    if blocks.scored.clusters is not None:
        influence = np.where(
            blocks.positive, np.repeat(of_pos, blocks.sizes), np.repeat(of_neg, blocks.sizes)
        )
        together, clusters = of_clusters(blocks, influence)
        variance, degrees = np.fmax(variance, together), np.minimum(degrees, np.maximum(clusters - 1.0, 1.0))
    error = np.sqrt(variance)
    return Ranked(
        value=value, error=error, safe=never_zero(value, error, np.minimum(m, n)), degrees=degrees,
        positives=m, negatives=n, clusters=clusters, rows=smaller_class(blocks),
    )  # fmt: skip


def _up_to(blocks: Blocks, terms: Floats) -> Floats:
    """Return the sum of terms [b] over the blocks of the same group with no higher score [b]."""
    terms = np.nan_to_num(terms)
    return blocks.before(terms) + terms
