"""The audit `mime`: settle, then for each pair of groups a sweep, what it measures and what it shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from auditkit_mime.design.inputs import features_left
from auditkit_mime.design.plan import plan
from auditkit_mime.design.worth import need_use
from auditkit_mime.effect.effect import measure
from auditkit_mime.effect.judged import judged
from auditkit_mime.show.accuracy import accuracy_findings, accuracy_table
from auditkit_mime.show.answer import answer
from auditkit_mime.show.charts import curve_charts, feature_charts
from auditkit_mime.show.effect import effect_findings
from auditkit_mime.show.feature_space import space_findings
from auditkit_mime.show.words import beforehand, result
from auditkit_mime.theory.analysis import Analysed, analyse
from auditkit_mime.train.kinds import model_of
from auditkit_mime.train.sweep import sweep

if TYPE_CHECKING:
    from auditkit import Context, Finding, Subject
    from auditkit_mime.design.plan import Pair, Plan
    from auditkit_mime.params import MimeParams
    from auditkit_mime.train.kinds import Model


def settle(subject: Subject, params: MimeParams) -> tuple[Model, Plan]:
    """Return what will be trained on what; raise UsageError or DataError, in one sentence, for what cannot be."""
    model = model_of(subject, params)
    planned = plan(subject, params, epochs=model.kind.by_epochs)
    if model.reads == "table":
        features_left(subject, without=planned.attribute.columns)
    return model, planned


def audit(subject: Subject, params: MimeParams, context: Context) -> tuple[Finding, ...]:
    """Return the findings of every pair; with several, the majority's name stands behind each group's."""
    model, planned = settle(subject, params)
    found: list[Finding] = []
    for pair in planned.pairs:
        need_use(pair, planned, confidence=context.stats.confidence)
        for sentence in beforehand(subject, planned, pair, model=model, confidence=context.stats.confidence):
            context.say(sentence)
        # Matrices are small: threads of BLAS would wait for each other, and their number would change last digits.
        with threadpool_limits(limits=1, user_api="blas"):
            of_pair = _of_pair(subject, planned, pair, model, params, context)
        found += (replace(one, group=f"{one.group}{pair.label}".lstrip()) for one in of_pair)
    return tuple(found)


def _of_pair(
    subject: Subject, planned: Plan, pair: Pair, model: Model, params: MimeParams, context: Context
) -> list[Finding]:
    confidence = context.stats.confidence
    swept = sweep(subject, planned, pair, model, context)
    context.say(f"mime: models read {swept.inputs}; column of the group left out")
    parts = judged(
        swept.right, np.array([trial.test for trial in swept.trials]), classes=len(planned.classes)
    )
    effect = measure(parts, planned.betas, context)
    analysed = analyse(swept, planned, pair, params, context)
    for chart in curve_charts(planned.betas, effect, pair):
        context.show(chart)
    context.show(accuracy_table(effect, planned, pair))
    if isinstance(analysed, Analysed):
        for exhibit in feature_charts(analysed, effect.majority, pair):
            context.show(exhibit)
    context.say(result(effect, planned, pair))
    context.answer(answer(effect, planned, pair, confidence=confidence))
    findings = [
        *accuracy_findings(swept, parts, planned, confidence=confidence),
        *effect_findings(effect, planned, pair, model=model, confidence=confidence),
        *space_findings(analysed, effect.majority, confidence=confidence),
    ]
    sides, selection = pair.sides, model.training.selection
    told = {"majority": sides.majority, "minority": sides.minority, "selection": selection}
    return [replace(one, details={**one.details, **told}) for one in findings]
