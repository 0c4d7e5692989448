"""The score that is cut, the classes beside it, and where it is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import Context, Subject

    Floats = NDArray[np.float64]

QUANTILES = np.arange(1, 20) / 20


def score_of(subject: Subject, context: Context) -> Floats:
    """Return the score of the counted class float64 [n]: a column, what a model says, or a stand-in's probability."""
    if subject.score is not None:
        return subject.column(subject.score).to_numpy(dtype=np.float64)
    score = context.predictions(subject).score
    if score is None or score.shape[1] != 2:
        message = "threshold-scan needs a score of two classes: name its column with --score COLUMN"
        raise DataError(message)
    return score[:, 1]


def truth_of(subject: Subject) -> NDArray[np.int64] | None:
    """Return each row's true class int [n], 1 for the counted one and -1 for unknown; None without true labels."""
    if subject.target is None:
        return None
    if len(subject.classes) != 2:
        message = f"a cut divides two classes, and target '{subject.target}' has {len(subject.classes)}"
        raise DataError(message)
    return subject.truth


def places_of(score: Floats, asked: Sequence[float]) -> Floats:
    """Return the cuts, ascending float64 [k]: those asked for, else distinct scores at quantiles of all rows.

    At or below the lowest score everybody is chosen, whose groups cannot differ: no quantile is put there.
    """
    if asked:
        return np.unique(np.asarray(asked, dtype=np.float64))
    known = score[np.isfinite(score)]
    distinct = np.unique(known)
    if len(distinct) < 2:
        message = f"there is nothing to cut: the score has {len(distinct):,} distinct values"
        raise DataError(message)
    if len(distinct) <= len(QUANTILES) + 1:
        return distinct[1:]
    found = np.unique(np.quantile(known, QUANTILES, method="inverted_cdf"))
    above: Floats = found[found > distinct[0]]
    return above
