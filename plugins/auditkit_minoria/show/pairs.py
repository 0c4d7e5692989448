"""The pairs of features, ranked by the largest |skew| that each plane holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import Table
from auditkit_minoria.directions.planes import PAIR_ROWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit import EncodedColumn
    from auditkit_minoria.directions.candidates import Candidates


def pair_table(found: Candidates, columns: Sequence[int], encoded: Sequence[EncodedColumn]) -> Table:
    """Return the pairs of columns, ranked by their largest |skew|, with its angle in the columns' own units."""
    best: dict[tuple[int, int], tuple[float, float]] = {}
    for direction, skew in zip(found.directions, found.skews.tolist(), strict=True):
        # A direction along an axis of its plane lies in other planes, too: it counts for the first of them.
        used = [int(i) for i in np.flatnonzero(direction)]
        if len(used) < 2:
            used = sorted({*used, next(i for i in columns if i not in used)})
        pair = (used[0], used[1])
        raw = direction[pair[0]] / encoded[pair[0]].scale, direction[pair[1]] / encoded[pair[1]].scale
        angle = float(np.degrees(np.arctan2(raw[1], raw[0]))) % 180.0
        if abs(skew) > abs(best.get(pair, (0.0, 0.0))[0]):
            best[pair] = (skew, angle)
    ranked = sorted(best.items(), key=lambda item: -abs(item[1][0]))
    rows = tuple(
        (encoded[a].name, encoded[b].name, round(skew, 4), round(angle, 2))
        for (a, b), (skew, angle) in ranked
    )
    return Table(
        title="Pairs of features by their largest skew",
        columns=("Feature", "Second feature", "Skew", "Angle (degrees)"),
        rows=rows,
        caption=f"Exact sweep of each plane of two standardised features, on at most {PAIR_ROWS:,} mining rows.",
    )
