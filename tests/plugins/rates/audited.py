"""Runs `rates` on a frame, without a command line, a recipe or an engine."""

from auditkit import Subject
from auditkit.groups.cut import group_by
from auditkit.spec.groups import GroupSpec
from auditkit.spec.stats import Stats
from auditkit.testing import make_context
from auditkit_rates.steps import Rates


def audited(
    frame,
    *,
    groups=("g",),
    reference=None,
    metrics=(),
    named=(),
    notes=None,
    exhibits=None,
    answers=None,
    skipped=None,
    **settings,
):
    """Return the findings; settings are of `Stats` or roles of the subject."""
    stats = {name: settings.pop(name) for name in ("min_n", "max_order", "confidence") if name in settings}
    made = Subject(table=frame, target="y", **{"pred": "p", **settings})
    given = reference or {}
    made = group_by(made, {name: GroupSpec(column=name, reference=given.get(name)) for name in groups})
    step, context = Rates(), make_context(stats=Stats(**stats))
    found = step.run(made.with_groups(named), step.Params(metrics=tuple(metrics)), context)
    if exhibits is not None:
        exhibits.extend([*context.ledger.tables, *context.ledger.charts])
    if answers is not None:
        answers.extend(context.ledger.answers)
    if notes is not None:
        notes.extend(context.ledger.notes)
    if skipped is not None:
        skipped.extend(context.ledger.skipped)
    return found


def one(findings, metric, group, compare="absolute"):
    """Return the only finding of this metric, group and comparison."""
    (found,) = [f for f in findings if (f.metric, f.group, f.compare) == (metric, group, compare)]
    return found
