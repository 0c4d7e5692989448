"""Features that say the outcome: where a model is right on nearly all rows it did not see, its audit means nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.values.subject import Subject

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

SURE = 0.99
"""Balanced accuracy, AUC or, of a number, share of pairs in order, beyond which the outcome is among the features."""
ENOUGH = 20
"""Rows that it takes of a class, or of a number, to say so; smaller classes are left out."""
TRIED, PAIRED = 5_000, 1_500
"""Rows of each class, and of a number, by which a feature is tried alone."""
IN_ORDER = "share of pairs in the right order"


def leaks(subject: Subject, features: Sequence[str], *, predicted: Floats | None = None) -> str:
    """Return what to say of features that give the outcome away, alone or together; "" if none does.

    `predicted` is what a model of the features says of rows that it did not see, if there is one: scores of the classes
    float64 [n, k], or numbers [n]. Without a target there is nothing to give away.
    """
    import numpy as np

    if subject.target is None:
        return ""
    if subject.task == "regression":
        truth = subject.column(subject.target).to_numpy(dtype=np.float64, na_value=np.nan)
        return _of_number(subject, features, truth, predicted)
    return _of_classes(subject, features, subject.truth, predicted)


def _of_classes(subject: Subject, features: Sequence[str], codes: Codes, score: Floats | None) -> str:
    import numpy as np

    from auditkit.predict.leaks.alone import class_alone, how_right

    many = np.flatnonzero(np.bincount(codes[codes >= 0], minlength=len(subject.classes)) >= ENOUGH)
    if len(many) < 2:
        return ""
    place = np.full(len(subject.classes) + 1, -1, dtype=np.int64)
    place[many] = np.arange(len(many))
    codes = place[codes]
    known = codes >= 0
    model = (0.0, "") if score is None else how_right(codes[known], score[known][:, many])
    rng = np.random.default_rng(0)
    rows = np.concatenate([rng.permutation(np.flatnonzero(codes == c))[:TRIED] for c in range(len(many))])
    return _said(subject, features, model, lambda one: class_alone(one.iloc[rows], codes[rows], len(many)))


def _of_number(subject: Subject, features: Sequence[str], truth: Floats, predicted: Floats | None) -> str:
    import numpy as np

    from auditkit.predict.leaks.alone import in_order, number_alone

    known = np.flatnonzero(np.isfinite(truth))
    if len(known) < ENOUGH or len(np.unique(truth[known])) < 2:
        return ""
    rows = np.random.default_rng(0).permutation(known)[:PAIRED]
    model = (0.0, "") if predicted is None else (in_order(predicted[rows], truth[rows]), IN_ORDER)
    return _said(subject, features, model, lambda one: number_alone(one.iloc[rows], truth[rows]))


def _said(
    subject: Subject,
    features: Sequence[str],
    model: tuple[float, str],
    alone: Callable[[pd.Series[Any]], float],
) -> str:
    """Return the sentence on features that hold the outcome alone, else on all together; "" if they do not."""
    tried = sorted(((name, alone(subject.table[name])) for name in features), key=lambda one: -one[1])
    sure = [(name, how) for name, how in tried if how > SURE]
    named = ", ".join(f"'{name}' ({how:.3f})" for name, how in (sure or tried)[: 5 if sure else 2])
    if sure:
        measure = IN_ORDER if subject.task == "regression" else "AUC or balanced accuracy"
        left_out = ",".join(name for name, _ in sure)
        says = "says" if len(sure) == 1 else "say"
        return (
            f"leak: {named} alone {says} '{subject.target}' on rows not seen ({measure}): where a feature holds the "
            f"outcome, errors are none and this audit means nothing; leave it out with --ignore {left_out}"
        )
    right, what = model
    if right <= SURE:
        return ""
    return (
        f"leak? the features say '{subject.target}' all but always, on rows that the model did not see ({what} "
        f"{right:.3f}), most of all {named}: if one is known only after the outcome, this audit means nothing; "
        "leave it out with --ignore"
    )
