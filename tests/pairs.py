"""Made predictions before and after on the same rows: rates by group and truth, and how many rows are drawn anew."""

import numpy as np


def drawn(rng, *, n, sizes, tpr, fpr, tpr_after=None, fpr_after=None, churn=0.1, base=0.5):
    """Groups, truth, and predictions before and after, int [n] each.

    A row keeps its luck from before to after, but for a share `churn` of the rows. With the same rates after as before,
    the two predictions may be exchanged: what changes is chance alone.
    """
    groups = rng.choice(len(sizes), size=n, p=sizes)
    truth = (rng.random(n) < base).astype(np.int64)
    before, after = (
        np.where(truth == 1, np.asarray(positive)[groups], np.asarray(negative)[groups])
        for positive, negative in (
            (tpr, fpr),
            (tpr if tpr_after is None else tpr_after, fpr if fpr_after is None else fpr_after),
        )
    )
    luck = rng.random(n)
    anew = np.where(rng.random(n) < churn, rng.random(n), luck)
    return groups, truth, (luck < before).astype(np.int64), (anew < after).astype(np.int64)


NOTHING = {
    "two groups alike": {"n": 2000, "sizes": [0.5, 0.5], "tpr": [0.7, 0.7], "fpr": [0.2, 0.2]},
    "two groups 10 points apart": {"n": 2000, "sizes": [0.7, 0.3], "tpr": [0.7, 0.6], "fpr": [0.2, 0.3]},
    "every row drawn anew": {"n": 2000, "sizes": [0.5, 0.5], "tpr": [0.7, 0.6], "fpr": [0.2, 0.3], "churn": 1.0},
    "rare errors": {"n": 2000, "sizes": [0.5, 0.5], "tpr": [0.95, 0.98], "fpr": [0.01, 0.03], "churn": 0.5},
    "three groups apart": {
        "n": 2000, "sizes": [0.5, 0.3, 0.2], "tpr": [0.9, 0.7, 0.6], "fpr": [0.05, 0.1, 0.3], "churn": 0.2,
    },
    "five groups, three of them level": {
        "n": 3000, "sizes": [0.3, 0.25, 0.2, 0.15, 0.1], "tpr": [0.7, 0.7, 0.7, 0.5, 0.5],
        "fpr": [0.2, 0.2, 0.3, 0.3, 0.3],
    },
}  # fmt: skip
"""Repairs that change nothing."""
