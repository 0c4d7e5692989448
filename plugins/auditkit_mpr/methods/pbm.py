"""Post-hoc bias mitigation (App. E): one item of each group at a time, or a neutral one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import UsageError
from auditkit_mpr.methods.baseline import Baseline
from auditkit_mpr.methods.interface import Needs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from auditkit_mpr.arrays import Codes, Floats
    from auditkit_mpr.methods.interface import Query

NEUTRAL = frozenset({"unknown", "neutral"})
"""Labels that PBM takes for neutral, as it takes missing ones."""


class Pbm(Baseline):
    """One list, balanced over the groups of the first attribute."""

    name = "pbm"
    preference = 7
    words = "one item of each group of the first attribute at a time, or a neutral one"
    needs = Needs(groups=True)

    def lists(self, query: Query) -> list[NDArray[np.int64]]:
        """Return the one list."""
        from auditkit import MISSING

        if not query.labels:
            raise UsageError(self.without_groups)
        neutral = [
            code for code, label in enumerate(query.labels[0]) if label == MISSING or label.lower() in NEUTRAL
        ]
        return [pbm(query.similarities, query.codes[0], k=query.k, neutral=neutral)]


def pbm(similarities: Floats, codes: Codes, *, k: int, neutral: Sequence[int] = ()) -> NDArray[np.int64]:
    """Return k items by post-hoc bias mitigation for one attribute with codes [n].

    Each step adds the most similar item of every group, or the most similar neutral one, whichever has the higher mean
    similarity. Items without a code are neutral, and those of the codes in `neutral`. A group that is used up is left
    out; where fewer places are left than groups, the most similar of the set enter.
    """
    import numpy as np

    order = np.argsort(-similarities, kind="stable")
    aside = (codes < 0) | np.isin(codes, neutral)
    queues = [list(order[(codes[order] == code) & ~aside[order]]) for code in np.unique(codes[~aside])]
    neutrals = list(order[aside[order]])
    chosen: list[int] = []
    while len(chosen) < k:
        heads = [queue[0] for queue in queues if queue]
        balanced = float(similarities[heads].mean()) if heads else -np.inf
        if neutrals and similarities[neutrals[0]] > balanced:
            chosen.append(neutrals.pop(0))
            continue
        heads.sort(key=lambda item: -similarities[item])
        chosen += heads[: k - len(chosen)]
        for queue in queues:
            del queue[:1]
    return np.array(chosen, dtype=np.int64)
