"""Features that say the outcome: where a model is right on nearly all rows it did not see, its audit means nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.values.subject import Subject

SURE = 0.99
"""Balanced accuracy, or area under the ROC curve, from which on the outcome must be among the features."""
ENOUGH = 20
"""Rows of the rarest class that it takes to say so."""
LEVELS = 1000


def leak_note(
    subject: Subject, codes: NDArray[np.int64], score: NDArray[np.float64], features: Sequence[str]
) -> str:
    """Return what to say where the score float64 [n, k] of rows that the model did not see is all but always right.

    `codes` int [n] are the classes, -1 for missing. "" where it is not, or where a class has few rows.
    """
    import numpy as np

    known = codes >= 0
    codes, k = codes[known], len(subject.classes)
    if k < 2 or np.bincount(codes, minlength=k).min() < ENOUGH:
        return ""
    right, what = _balanced(codes, score[known].argmax(axis=1), k), "balanced accuracy"
    if k == 2 and (area := _area(score[known, 1], codes == 1)) > right:
        right, what = area, "AUC"
    if right <= SURE:
        return ""
    table = subject.table[known]
    alone = sorted(((name, _alone(table[name], codes, k)) for name in features), key=lambda one: -one[1])
    leaks = [(name, how) for name, how in alone if how > SURE]
    named = ", ".join(f"'{name}' ({how:.3f})" for name, how in (leaks or alone)[: 5 if leaks else 2])
    if not leaks:
        return (
            f"leak? the features say '{subject.target}' all but always, on rows that the model did not see ({what} "
            f"{right:.3f}), most of all {named}: if one is known only after the outcome, this audit means nothing; "
            "leave it out with --ignore"
        )
    left_out = ",".join(name for name, _ in leaks)
    return (
        f"leak: {named} alone say '{subject.target}' on rows not seen (AUC or balanced accuracy): where a feature "
        f"holds the outcome, errors are none and this audit means nothing; leave it out with --ignore {left_out}"
    )


def _alone(values: pd.Series[Any], codes: NDArray[np.int64], k: int) -> float:
    """Return how right one feature is by itself: the AUC of a number, or each level's commonest class of other rows."""
    import numpy as np
    import pandas as pd

    number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if number and k == 2:
        filled = values.to_numpy(dtype=np.float64, na_value=np.nan)
        there = np.isfinite(filled)
        if there.any() and 0 < (codes[there] == 1).sum() < there.sum():
            area = _area(filled[there], codes[there] == 1)
            return max(area, 1 - area) if there.mean() > SURE else 0.0
        return 0.0
    levels, distinct = pd.factorize(values, use_na_sentinel=False)
    if len(distinct) > LEVELS:
        return 0.0
    learnt = np.random.default_rng(0).random(len(codes)) < 0.5
    table = np.zeros((len(distinct), k))
    np.add.at(table, (levels[learnt], codes[learnt]), 1.0)
    return _balanced(codes[~learnt], table.argmax(axis=1)[levels[~learnt]], k)


def _balanced(codes: NDArray[np.int64], predicted: NDArray[np.int64], k: int) -> float:
    """Return the mean over the classes that are there of the share predicted right."""
    import numpy as np

    rows = np.bincount(codes, minlength=k)
    right = np.bincount(codes[codes == predicted], minlength=k)
    return float((right[rows > 0] / rows[rows > 0]).mean())


def _area(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """Return the area under the ROC curve by midranks."""
    import numpy as np

    _, place, sizes = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[place]
    m, n = int(positive.sum()), len(scores)
    return float((ranks[positive].sum() - m * (m + 1) / 2) / (m * (n - m)))
