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
BALANCED = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
"""How likely a step is balanced, and not the most similar item: the shares that PBM is tried with."""


class Pbm(Baseline):
    """Lists balanced over the groups of all attributes together, for ten shares of balanced steps."""

    name = "pbm"
    preference = 7
    words = "one item of each intersection of the attributes at a time, or a neutral one, for ten shares of such steps"
    needs = Needs(groups=True)

    def lists(self, query: Query) -> list[NDArray[np.int64]]:
        """Return the list of every share."""
        if not query.labels:
            raise UsageError(self.without_groups)
        codes = together(query.codes, query.labels)
        return [pbm(query.similarities, codes, k=query.k, balanced=share) for share in BALANCED]


def together(codes: Sequence[Codes], labels: Sequence[Sequence[str]]) -> Codes:
    """Return one code [n] for every combination of values that items have; -1 where one of them is neutral."""
    import numpy as np

    from auditkit import MISSING

    _, joined = np.unique(np.column_stack(codes), axis=0, return_inverse=True)
    found = np.asarray(joined, dtype=np.int64).reshape(-1)
    for own, names in zip(codes, labels, strict=True):
        neutral = [code for code, name in enumerate(names) if name == MISSING or name.lower() in NEUTRAL]
        found[(own < 0) | np.isin(own, neutral)] = -1
    return found


def pbm(
    similarities: Floats, codes: Codes, *, k: int, balanced: float = 1.0, seed: int = 0
) -> NDArray[np.int64]:
    """Return k items by post-hoc bias mitigation over groups with codes [n], -1 for neutral items.

    A step is balanced with chance `balanced`: it adds the most similar item of every group, or the most similar
    neutral one, whichever has the higher mean similarity. Else it adds the most similar item left. A group that is
    used up is left out; where fewer places are left than groups, the most similar of the set enter.
    """
    import numpy as np

    rng, order = np.random.default_rng(seed), np.argsort(-similarities, kind="stable")
    queues = [order[codes[order] == code] for code in np.unique(codes[codes >= 0])]
    neutrals, free = order[codes[order] < 0], np.ones(len(order), dtype=bool)
    chosen: list[int] = []

    def first(queue: NDArray[np.int64]) -> int | None:
        left = queue[free[queue]]
        return int(left[0]) if len(left) else None

    def take(items: Sequence[int]) -> None:
        for item in items[: k - len(chosen)]:
            chosen.append(item)
            free[item] = False

    while len(chosen) < k:
        foremost = first(order)
        if foremost is not None and rng.random() >= balanced:
            take([foremost])
            continue
        heads = [head for head in map(first, queues) if head is not None]
        mean = float(similarities[heads].mean()) if heads else -np.inf
        neutral = first(neutrals)
        if neutral is not None and similarities[neutral] > mean:
            take([neutral])
        else:
            take(sorted(heads, key=lambda item: -similarities[item]))
    return np.array(chosen, dtype=np.int64)
