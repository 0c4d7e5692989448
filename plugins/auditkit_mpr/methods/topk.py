"""The k most similar items themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit_mpr.methods.baseline import Baseline

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from auditkit_mpr.methods.interface import Query


class TopK(Baseline):
    """What the search shows without a repair."""

    name = "topk"
    preference = 9
    words = "the k most similar items themselves"

    def lists(self, query: Query) -> list[NDArray[np.int64]]:
        """Return the one list."""
        from auditkit_mpr.relaxed.top import top

        return [top(query.similarities, query.k)]
