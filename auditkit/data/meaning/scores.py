"""Scores that somebody made: numbers of which class, cut into decisions where asked, and checked to point its way.

A score of the other class is turned, so that a higher one always speaks for the class that is counted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditkit.data.predictions import plain_values
from auditkit.errors import DataError, UsageError, nearest
from auditkit.values.labels import class_array, class_codes, class_position, label_text

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.spec.data import DataSpec
    from auditkit.values.subject import Subject

CUT = 0.5
"""Where a probability is cut unless told otherwise."""


def check_words(spec: DataSpec) -> None:
    """Raise UsageError for words about a score where none is named."""
    for option, value in (("--cut", spec.cut), ("--score-of", spec.score_of)):
        if value is not None and spec.score is None:
            message = f"{option} is about a score, and no --score is named"
            raise UsageError(message)


def cut_alone(table: pd.DataFrame, score: str | None, spec: DataSpec) -> tuple[pd.DataFrame, str | None]:
    """Return the table with who is chosen by a cut score as a column of True and False, and its name; or as it is.

    So are scores audited without true labels: from the cut on, a row is chosen.
    """
    if spec.cut is None or score is None:
        return table, None
    name = f"{score} >= {spec.cut:g}"
    return table.assign(**{name: score_values(table[score]) >= spec.cut}), name


def with_score(subject: Subject, score: str, spec: DataSpec) -> Subject:
    """Return the subject with its score turned towards the counted class, cut where that is asked for, and checked.

    Raises DataError for a score that is no number, that a target of other than two classes cannot have, or that speaks
    against the class that it is said to be of.
    """
    values = score_values(subject.column(score))
    if subject.task in {"regression", "multiclass"}:
        what = "is a number" if subject.task == "regression" else f"has {len(subject.classes)} classes"
        message = (
            f"a score is for two classes, but target '{subject.target}' {what}; give predictions with --pred"
        )
        raise DataError(message)
    if subject.target is None and spec.cut is not None and spec.pred is None:  # chosen by the cut alone
        return _noting(subject, _ties(subject, values, spec, 0))
    of = len(subject.classes) - 1 if spec.score_of is None else class_of(subject, spec.score_of)
    turned = bool(subject.classes) and of == 0
    subject = _noting(subject, _ties(subject, values, spec, of))
    if subject.pred is None and (spec.cut is not None or turned):
        subject = _cut(subject, values, spec, of)
    elif spec.cut is not None:
        message = "--cut makes decisions of a score, and --pred gives them already: name one of the two"
        raise UsageError(message)
    if turned:
        probability = values.min() >= 0 and values.max() <= 1
        values = 1.0 - values if probability else -values
        told = f"score '{score}' is of '{label_text(subject.classes[of])}', and is turned around for the other class"
        table = subject.table.assign(**{score: values})
        subject = _noting(replace(subject, table=table, turned=True), told)
    return _pointing_right(subject, score, values, spec)


def score_values(column: pd.Series[Any]) -> NDArray[np.float64]:
    """Return scores float64 [n], or raise DataError for one that is missing, infinite or no number."""
    import numpy as np
    import pandas as pd

    values = plain_values(column, role="score")
    if not pd.api.types.is_numeric_dtype(values):
        message = f"score column '{column.name}' is not a number; labels are given with --pred"
        raise DataError(message)
    numbers = values.to_numpy(dtype=np.float64)
    if wrong := int((~np.isfinite(numbers)).sum()):
        message = f"score column '{column.name}' has {wrong} infinite values"
        raise DataError(message)
    return numbers


def class_of(subject: Subject, named: Any) -> int:
    """Return the place of the class that the score is said to be of."""
    place = class_position(named, subject.classes)
    if place is None:
        known = [label_text(label) for label in subject.classes]
        there = f"; there are {', '.join(known)}" if known else ": no outcomes are named"
        message = f"--score-of: there is no outcome '{named}'{there}{nearest(str(named), known)}"
        raise DataError(message)
    return place


def _ties(subject: Subject, values: NDArray[np.float64], spec: DataSpec, of: int) -> str:
    """Return a note on the rows that stand exactly on the cut."""
    cut = CUT if spec.cut is None else spec.cut
    tied = int((values == cut).sum())
    if not tied or spec.pred is not None:
        return ""
    told = f"as '{label_text(subject.classes[of])}'" if subject.target is not None else "as chosen"
    what = "1 row scores" if tied == 1 else f"{tied:,} rows score"
    return f"{what} exactly {cut:g}, and count{'s' if tied == 1 else ''} {told}"


def _cut(subject: Subject, values: NDArray[np.float64], spec: DataSpec, of: int) -> Subject:
    """Return the subject with the class that its score says, from the cut on the one that the score is of."""
    import numpy as np

    if len(subject.classes) != 2:
        return subject
    cut = CUT if spec.cut is None else spec.cut
    name = f"{subject.score} >= {cut:g}"
    labels = class_array(subject.classes)[np.where(values >= cut, of, 1 - of)]
    return replace(subject, table=subject.table.assign(**{name: labels}), pred=name)


def _pointing_right(subject: Subject, score: str, values: NDArray[np.float64], spec: DataSpec) -> Subject:
    """Return the subject, or raise DataError where the score contradicts labels or predictions; a note if said."""
    import pandas as pd

    from auditkit.measures import points_away

    clusters = None if subject.cluster is None else subject.column(subject.cluster).nunique()
    for column, what in ((subject.target, "true labels"), (spec.pred and subject.pred, "predictions")):
        if column is None or len(subject.classes) != 2:
            continue
        codes, _ = class_codes(pd.Series(subject.column(column)), subject.classes)
        area = points_away(values, codes == 1, clusters=clusters)
        subject = _noting(subject, told_away(subject, score, area, spec, what=what))
    return subject


def told_away(subject: Subject, score: str, area: float | None, spec: DataSpec, *, what: str) -> str:
    """Return a note on a score that points away from what the labels say; raise DataError if nobody said of which."""
    if area is None:
        return ""
    counted, other = (label_text(label) for label in reversed(subject.classes))
    told = f"score '{score}' is higher where the {what} say '{other}' than where they say '{counted}' (AUC {area:.3f})"
    if spec.score_of is None:
        message = f"{told}: is this the probability of '{counted}'? say of which with --score-of"
        raise DataError(message)
    return told


def _noting(subject: Subject, note: str) -> Subject:
    return replace(subject, notes=(*subject.notes, note)) if note else subject
