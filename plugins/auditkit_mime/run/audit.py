"""Runs the audit `mime`: plan, then for each pair of groups a sweep, what it measures and what it shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits

from auditkit_mime.design.plan import plan
from auditkit_mime.effect.effect import measure
from auditkit_mime.show.accuracy import accuracy_findings
from auditkit_mime.show.charts import curve_charts, feature_charts
from auditkit_mime.show.effect import effect_findings
from auditkit_mime.show.feature_space import space_findings
from auditkit_mime.theory.analysis import analyse
from auditkit_mime.train.sweep import sweep

if TYPE_CHECKING:
    from auditkit import Context, Finding, Subject
    from auditkit_mime.design.plan import Pair, Plan


def audit(subject: Subject, params: Any, context: Context) -> tuple[Finding, ...]:
    """Return the findings of every pair; with several, the majority's name stands behind each group's."""
    planned = plan(subject, params)
    found: list[Finding] = []
    for i, pair in enumerate(planned.pairs):
        label = f" [{pair.sides.majority}]" if len(planned.pairs) > 1 else ""
        _announce(subject, pair, planned, params, context)
        # Matrices are small: threads of BLAS would wait for each other, and their number would change last digits.
        with threadpool_limits(limits=1, user_api="blas"):
            of_pair = _of_pair(subject, planned, pair, params, context, name=f"pair-{i}", label=label)
        found += (replace(one, group=f"{one.group}{label}".lstrip()) for one in of_pair)
    return tuple(found)


def _of_pair(
    subject: Subject, planned: Plan, pair: Pair, params: Any, context: Context, *, name: str, label: str
) -> list[Finding]:
    swept = sweep(subject, planned, pair, params, context, name=name)
    context.say(f"mime: models read {swept.inputs}; column of the group left out")
    effect = measure(swept.accuracy, planned, pair, context)
    analysed = analyse(swept, planned, pair, params, context)
    for chart in curve_charts(planned.betas, effect, pair.sides, label=label):
        context.show(chart)
    if not isinstance(analysed, str):
        for exhibit in feature_charts(analysed, effect.majority, pair.sides, label=label):
            context.show(exhibit)
    findings = [
        *accuracy_findings(swept, planned, pair, context),
        *effect_findings(effect, planned, pair, params, context),
        *space_findings(analysed, effect.majority, context),
    ]
    told = {"majority": pair.sides.majority, "minority": pair.sides.minority, "selection": params.selection}
    return [replace(one, details={**one.details, **told}) for one in findings]


def _announce(subject: Subject, pair: Pair, planned: Plan, params: Any, context: Context) -> None:
    """Tell the reader who is the minority and why, on how many rows, and who chose the epoch."""
    k, sizes = len(planned.classes), pair.sizes
    context.say(f"mime: {pair.sides.why}")
    kept = f" and {k * sizes.validation:,} to choose the epoch" if planned.kind in {"stack", "module"} else ""
    context.say(
        f"mime: {k * sizes.train:,} train rows at every beta, {k * sizes.test:,} test rows per group{kept}, the {k} "
        "classes in equal parts; accuracy is therefore balanced accuracy, not that of the data's own mix"
    )
    if subject.weight is not None:
        context.say(f"mime: rows count alike, the weights of column '{subject.weight}' are not used")
    if params.selection == "best-test":
        context.say(
            "mime: --selection best-test repeats the paper: every accuracy is the highest on its test rows over the "
            "epochs, so all of them are flattered, and intervals do not account for that"
        )
    if params.hard_mining:
        context.say(
            f"mime: hard mining keeps the {params.hard_kept} least confident rows of each class in a batch"
        )
