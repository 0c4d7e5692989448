"""What every repair hands back: the subject with new predictions, a table to take away, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from auditkit import Repaired, class_array, predictions_table
from auditkit.measures import Stage, measured_repair

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Context, Subject
    from auditkit_repairs.linear.model import LinearModel
    from auditkit_repairs.rule.decide import CutRule
    from auditkit_repairs.run.prepare import Before, Prepared


@dataclass(frozen=True, eq=False, kw_only=True)
class Outcome:
    """What a repair predicts: class codes int64 [n], scores float64 [n] or None, and further columns [n] to take away.

    `model` is what was trained, if anything was, `rule` what decides by scores that were there, and `learned` bool [n]
    marks the rows that either learned from.
    """

    name: str
    predicted: NDArray[np.int64]
    score: NDArray[np.float64] | None
    learned: NDArray[np.bool_]
    model: LinearModel | None = None
    rule: CutRule | None = None
    more: Mapping[str, NDArray[Any]] = field(default_factory=dict)


def handed_back(
    subject: Subject, prepared: Prepared, before: Before, outcome: Outcome, context: Context
) -> Repaired:
    """Return the repaired subject with what changed on held-out rows; answers begin with how it failed, if it did."""
    rows, test = prepared.held_out(subject), prepared.division.test
    measured = measured_repair(
        Stage(number=0, predicted=before.predicted[test][None, :]),
        Stage(number=1, predicted=outcome.predicted[test][None, :]),
        rows=rows,
        stats=context.stats,
        rng=context.rng("changes"),
    )
    for sentence in measured.sentences:
        context.say(sentence)
    for answer in measured.answers:
        context.answer(answer)
    repaired = _with_predictions(subject, prepared, outcome)
    return Repaired(
        repaired,
        measured.findings,
        predictions_table(repaired).assign(**outcome.more),
        outcome.learned,
        outcome.model or outcome.rule,
    )


def _with_predictions(subject: Subject, prepared: Prepared, outcome: Outcome) -> Subject:
    """Return the subject with the predictions as columns, and the split that was used."""
    pred, score, split = (f"{outcome.name}_{word}" for word in ("pred", "score", "split"))
    columns: dict[str, Any] = {pred: class_array(subject.classes)[outcome.predicted]}
    if outcome.score is not None:
        columns[score] = outcome.score
    if subject.split is None:
        part = prepared.division.parts(len(subject))
        part[prepared.learn] = "train"
        part[pd.isna(part)] = "test"  # rows without a class: nothing was learned from them
        columns[split] = part
    return replace(
        subject.with_model(outcome.model) if outcome.model is not None else subject,
        table=subject.table.assign(**columns),
        pred=pred,
        score=score if outcome.score is not None else None,
        turned=False,
        split=subject.split or split,
    )
