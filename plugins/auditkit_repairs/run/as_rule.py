"""The rule of cuts that were found: what it reads in another table, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import DataError, UsageError
from auditkit_repairs.rule.decide import CutRule, Draw, GroupCuts
from auditkit_repairs.rule.scores import BuiltIn, ClassColumn, ScoreColumn
from auditkit_repairs.run.trained import read_rows, trained

if TYPE_CHECKING:
    from auditkit import Subject
    from auditkit_repairs.curves.hull import Mixture
    from auditkit_repairs.params import ThresholdParams
    from auditkit_repairs.rule.scores import Scores
    from auditkit_repairs.run.prepare import Prepared


def rule_of(
    subject: Subject, prepared: Prepared, cuts: tuple[Mixture, ...], *, params: ThresholdParams
) -> CutRule | None:
    """Return the rule that decides rows of another table; None where it could not, and none is to be saved.

    Raises UsageError where one is to be saved, and says what stands against it.
    """
    against = _against(subject, params)
    if not against:
        joined = prepared.joined
        first, second = subject.classes
        rule = CutRule(
            classes=(first, second),
            groups=tuple(
                GroupCuts(name=name, expression=found, cuts=mixture)
                for name, found, mixture in zip(joined.groups, joined.expressions, cuts, strict=True)
            ),
            scores=_scores(subject, prepared),
            draw=Draw(id=str(subject.id), key=params.key) if params.randomise else None,
        )
        if _finds_the_same(rule, subject, prepared):
            return rule
        against = (
            f"the groups of {joined.name} cannot be told from the table's columns; rename columns and values"
        )
    if params.save_model is not None:
        message = f"thresholds cannot save these cuts: {against}"
        raise UsageError(message)
    return None


def _against(subject: Subject, params: ThresholdParams) -> str:
    """Return why no table can be decided by the cuts alone, and what to do about it; empty if one can."""
    if subject.turned:
        return f"score '{subject.score}' was turned around; write it as a column of the counted class's probability"
    if params.randomise and subject.id is None:
        return "chance goes by the number of the row; name an --id"
    if subject.pred is None and subject.score is None:
        if subject.model is not None:
            return "they stand on another model's scores; write those into a column, and name it with --score"
        if subject.embeddings is not None:
            return (
                "they stand on scores made of embeddings; write those into a column, and name it with --score"
            )
    return ""


def _scores(subject: Subject, prepared: Prepared) -> Scores:
    if subject.score is not None:
        return ScoreColumn(name=subject.score)
    if subject.pred is not None:
        return ClassColumn(name=subject.pred)
    rows = read_rows(subject, prepared.learn)
    return BuiltIn(model=trained(subject, rows, [(prepared.learn, None)], prepared))


def _finds_the_same(rule: CutRule, subject: Subject, prepared: Prepared) -> bool:
    """Return whether the rule tells the groups of the table's rows as they are."""
    try:
        return np.array_equal(rule.codes(subject.table), prepared.joined.codes)
    except DataError:
        return False
