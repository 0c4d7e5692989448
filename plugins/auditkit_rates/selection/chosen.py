"""Who was assessed, and who of them was selected or scored above the median."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from auditkit import DataError, UsageError
from auditkit_rates.rows.counts import labels_of
from auditkit_rates.rows.needed import need_groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Context, Subject


@dataclass(frozen=True, eq=False, kw_only=True)
class Chosen:
    """Who was `assessed` bool [n], and who of these was `picked` bool [n]; `words` says what being picked means."""

    assessed: NDArray[np.bool_]
    picked: NDArray[np.bool_]
    metric: Literal["selection_rate", "scoring_rate"]
    words: str
    note: str = ""


def check_selection(subject: Subject, name: str) -> None:
    """Raise UsageError or DataError unless there are decisions or scores of persons who count alike, and groups."""
    need_groups(subject, name)
    if subject.weight is not None:
        message = f"{name} counts persons, who weigh alike: leave out --weight"
        raise UsageError(message)
    if subject.pred is None and subject.score is None:
        message = f"{name} needs a decision or a score: name one with --outcome COLUMN or --score COLUMN"
        raise DataError(message)
    if subject.pred is not None and subject.outcome is not None and subject.outcome.kind == "unfavourable":
        message = f"{name} counts who was selected: name that value with --favourable, not --unfavourable"
        raise UsageError(message)


def selected(subject: Subject, context: Context) -> Chosen:
    """Return who was selected: who has the outcome that is counted. Rows without a decision were not assessed."""
    labels = labels_of(subject, context.predictions(subject))
    if len(labels.classes) != 2:
        message = f"a selection has two outcomes, and column '{subject.pred}' has {len(labels.classes)}"
        raise DataError(message)
    assessed = labels.predicted >= 0
    return Chosen(
        assessed=assessed, picked=labels.predicted == 1, metric="selection_rate", words="selected",
        note=f"Selected: '{labels.classes[1]}' in column '{subject.pred}'.",
    )  # fmt: skip


def above_median(subject: Subject, column: str) -> Chosen:
    """Return whose score lies above the median of all assessed, unknown categories counted; equal is not above."""
    score = subject.column(column).to_numpy(dtype=np.float64)
    assessed = np.isfinite(score)
    median = float(np.median(score[assessed])) if assessed.any() else np.nan
    tied = int((score[assessed] == median).sum())
    ties = f"; {tied:,} of them equal it and are not above" if tied else ""
    return Chosen(
        assessed=assessed, picked=assessed & (score > median), metric="scoring_rate", words="above the median",
        note=f"The median of the scores of all {int(assessed.sum()):,} assessed is {median:g}{ties}.",
    )  # fmt: skip
