"""Cuts of scores by group: found on the rows that are learned from, told with what they promise, and measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError, Table, percent, points
from auditkit.measures import count, difference, equalized_odds_difference, rates_of
from auditkit_repairs.curves.chance import chances
from auditkit_repairs.curves.hull import Mixture, best_mixture
from auditkit_repairs.curves.points import curves_of
from auditkit_repairs.curves.sorted_cuts import best_cuts
from auditkit_repairs.rule.decide import probabilities
from auditkit_repairs.rule.saved import save_rule
from auditkit_repairs.rule.scores import BuiltIn
from auditkit_repairs.run.as_rule import rule_of
from auditkit_repairs.run.handed_back import Outcome, handed_back
from auditkit_repairs.run.prepare import before_of, prepare

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Context, Repaired, Subject
    from auditkit.measures import Disparity
    from auditkit_repairs.curves.points import Curve
    from auditkit_repairs.params import ThresholdParams
    from auditkit_repairs.rule.decide import CutRule
    from auditkit_repairs.run.prepare import Before, Prepared

NAME = "thresholds"
RATES = {
    "equalized_odds": ("tpr", "fpr"),
    "equal_opportunity": ("tpr",),
    "demographic_parity": ("selection_rate",),
}
"""The rates that each aim brings together."""


def apply(subject: Subject, params: ThresholdParams, context: Context) -> Repaired:
    """Return the subject with each row decided by its group's cuts; a row without a group keeps its prediction."""
    prepared = prepare(subject, NAME, held_out=params.held_out, context=context)
    before = before_of(subject, prepared, context)
    curves = _curves(prepared, before, params)
    cuts = _cuts(curves, params, context)
    codes = prepared.joined.codes
    chance = probabilities(before.score, codes, cuts, otherwise=before.predicted.astype(np.float64))
    drawn = chances(_ids(subject, params, context), key=params.key) if params.randomise else 0.5
    predicted = np.where(codes >= 0, (drawn < chance).astype(np.int64), before.predicted)
    context.show(_table(prepared, curves, cuts))
    context.say(
        "thresholds needs everyone's group at the decision; separate cuts by group are themselves forbidden in some "
        "uses, such as hiring in the United States."
    )
    _promise(prepared, predicted, params, context)
    if not (codes >= 0).all():
        context.skip("rows without a group", "they keep their prediction", n=int((codes < 0).sum()))
    if before.given and subject.split is None:
        context.say(
            "thresholds cannot know which rows the scores' model learned from: cuts fitted to rows that it saw are "
            "cuts of scores that are too sure, so give it a split column whose train rows the model did not see."
        )
    learned = np.zeros(len(subject), dtype=np.bool_)
    learned[prepared.learn] = True
    outcome = Outcome(
        name=NAME,
        predicted=predicted,
        score=_score(before),
        learned=learned,
        rule=_rule(subject, prepared, cuts, params=params, context=context),
        more={"probability": chance} if params.randomise else {},
    )
    return handed_back(subject, prepared, before, outcome, context)


def _rule(
    subject: Subject,
    prepared: Prepared,
    cuts: tuple[Mixture, ...],
    *,
    params: ThresholdParams,
    context: Context,
) -> CutRule | None:
    """Return the rule that decides rows of another table, saved where that is asked for; None if there is none."""
    rule = rule_of(subject, prepared, cuts, params=params)
    if rule is not None and params.save_model is not None:
        place = save_rule(rule, params.save_model, write=context.write)
        secret = ", with the key, which is to be kept secret" if rule.draw is not None else ""
        context.say(f"The cuts were saved in {place}{secret}; they refuse a row whose group has none.")
        if isinstance(rule.scores, BuiltIn):
            context.say(
                "The saved cuts score a row by the logistic regression of all rows learned from; those rows "
                "themselves were scored here by fits that had not seen them, and may be decided otherwise."
            )
    return rule


def _curves(prepared: Prepared, before: Before, params: ThresholdParams) -> tuple[Curve, ...]:
    """Return each group's curve on the learned rows, or raise DataError where nothing can be learned of a group."""
    learn, joined = prepared.learn, prepared.joined
    score, positive = before.score[learn], prepared.target[learn] == 1
    if not np.isfinite(before.score).all():
        message = "a score is missing or infinite; thresholds needs one of each row"
        raise DataError(message)
    if len(np.unique(score)) < 2:
        message = f"all scores are {score[0]:g}: no cut tells rows apart; name others with --score"
        raise DataError(message)
    curves = curves_of(
        score,
        positive,
        codes=joined.codes[learn],
        n_groups=len(joined.labels),
        weights=None if prepared.weights is None else prepared.weights[learn],
    )
    for group, curve in zip(joined.groups, curves, strict=True):
        needed = {
            "equalized_odds": (curve.positives, curve.negatives),
            "equal_opportunity": (curve.positives,),
        }
        if min(needed.get(params.aim, (curve.positives + curve.negatives,))) <= 0:
            message = (
                f"the rows that thresholds learns from have none of '{group}' in a class that {params.aim} counts: "
                "merge the group with another, or name another --aim"
            )
            raise DataError(message)
    return curves


def _cuts(curves: tuple[Curve, ...], params: ThresholdParams, context: Context) -> tuple[Mixture, ...]:
    """Return each group's cuts: one without chance."""
    if params.randomise:
        return best_mixture(curves, aim=params.aim, gap=params.gap, keep=params.keep)
    found = best_cuts(curves, aim=params.aim, gap=params.gap, keep=params.keep)
    if found.short:
        rows = sum(curve.positives + curve.negatives for curve in curves)
        most = found.short / (rows if params.keep == "accuracy" else 2)
        context.say(
            f"The search for the best cuts was stopped: others may keep up to {points(most, 'up')} points more of "
            f"{params.keep.replace('_', ' ')} on the rows learned from."
        )
    return tuple(
        Mixture(cut=curve.cut[[place]], chance=np.ones(1))
        for curve, place in zip(curves, found.places, strict=True)
    )


def _ids(subject: Subject, params: ThresholdParams, context: Context) -> list[str]:
    if subject.id is not None:
        return list(map(str, subject.column(subject.id).tolist()))
    if params.randomise:
        context.say(
            "Chance goes by the number of the row: name an --id for a person to always get one answer."
        )
    return list(map(str, range(len(subject))))


def _score(before: Before) -> NDArray[np.float64] | None:
    """Return the scores, where they are probabilities."""
    probable = before.score.min() >= 0 and before.score.max() <= 1 and len(np.unique(before.score)) > 2
    return before.score if probable else None


def _table(prepared: Prepared, curves: tuple[Curve, ...], cuts: tuple[Mixture, ...]) -> Table:
    """Return each group's cuts, the chance of each, and the learned rows that they were found on."""
    rows: list[tuple[Any, ...]] = [
        (group, "nobody" if np.isinf(cut) else float(cut), float(chance), curve.positives, curve.negatives)
        for group, curve, mixture in zip(prepared.joined.groups, curves, cuts, strict=True)
        for cut, chance in zip(mixture.cut, mixture.chance, strict=True)
    ]
    return Table(
        title="Cuts by group",
        columns=("group", "selected from score", "chance", "learned positives", "learned negatives"),
        rows=tuple(rows),
        caption="A row is selected where its score is at least its group's cut; of several, one is taken by chance.",
    )


def _promise(
    prepared: Prepared, predicted: NDArray[np.int64], params: ThresholdParams, context: Context
) -> None:
    """Say what gap is left on the learned rows, and up to where it may lie on new ones."""
    found = gap_of(prepared, predicted, prepared.learn, params=params, context=context)
    if found is not None:
        context.say(
            f"On the {len(prepared.learn):,} rows it learned from, thresholds leaves a gap of {points(found.value)} "
            f"points in {params.aim.replace('_', ' ')}; on new rows it may be up to "
            f"{points(found.interval.high, 'up')} ({percent(context.stats.confidence)} confidence)."
        )


def gap_of(
    prepared: Prepared,
    predicted: NDArray[np.int64],
    rows: NDArray[np.intp],
    *,
    params: ThresholdParams,
    context: Context,
) -> Disparity | None:
    """Return the gap that the cuts are held to, on some rows; None where fewer than two groups have enough."""
    level = context.stats.confidence
    counted = count(
        prepared.joined.codes[rows],
        prepared.target[rows],
        predicted[rows],
        n_groups=len(prepared.joined.labels),
        n_classes=2,
        weights=None if prepared.weights is None else prepared.weights[rows],
    )
    rates = [rates_of(counted, name, confidence=level) for name in RATES[params.aim]]
    if len(rates) == 2:
        return equalized_odds_difference(rates[0], rates[1], agg="worst_case", confidence=level)
    return difference(rates[0], confidence=level)
