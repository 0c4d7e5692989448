"""Scores of rows that an engine counted by their hundredths: of two classes, of the counted one, pointing its way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit.data.meaning.scores import class_of, told_away
from auditkit.errors import DataError, UsageError
from auditkit.values.labels import class_codes, label_text

if TYPE_CHECKING:
    from auditkit.spec.data import DataSpec
    from auditkit.values.subject import Subject


def with_counted_scores(subject: Subject, spec: DataSpec) -> Subject:
    """Return the subject of cells whose scores are sums, checked as scores of rows are.

    Raises UsageError for a score of the other class, which would have to be turned around row by row.
    """
    import numpy as np

    from auditkit.measures import points_away_by_score

    if subject.cells is None or subject.cells.scores is None or spec.score is None:
        return subject
    if len(subject.classes) != 2:
        message = (
            f"a score is for two classes, but target '{subject.target}' has {len(subject.classes)} classes; "
            "leave out --score"
        )
        raise DataError(message)
    if spec.score_of is not None and class_of(subject, spec.score_of) == 0:
        counted = label_text(subject.classes[1])
        message = (
            f"--score-of: a score of the other class is turned around row by row, and an engine only counts; "
            f"give 1 - score, that of '{counted}', or count the other class"
        )
        raise UsageError(message)
    rows, place = subject.cells.rows, subject.cells.scores.hundredth
    for column, what in ((subject.target, "true labels"), (subject.pred, "predictions")):
        if column is not None:
            codes, _ = class_codes(subject.column(column), subject.classes)
            sizes, positives = (
                np.bincount(place, weights=part, minlength=100).astype(np.int64)
                for part in (rows, rows * (codes == 1))
            )
            area = points_away_by_score(sizes, positives)
            if told := told_away(subject, spec.score, area, spec, what=what):
                subject = replace(subject, notes=(*subject.notes, told))
    return subject
