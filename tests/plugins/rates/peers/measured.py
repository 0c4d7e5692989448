"""What each step of the plugin finds in the tables, all metrics at once."""

from dataclasses import replace
from functools import cache

from plugins.rates.audited import audited
from plugins.rates.change.differed import differed
from plugins.rates.peers.listed import BY_STEP, CUTS, NUMBERS, reference
from plugins.rates.peers.made import PERMUTED, people

from auditkit import Subject
from auditkit.groups.cut import group_by
from auditkit.spec.groups import GroupSpec
from auditkit.testing import make_context
from auditkit.values.outcome import Outcome
from auditkit_rates.scan.steps import ThresholdScan
from auditkit_rates.selection.steps import LL144, FourFifths

HIRED = Outcome(column="p", value=1, kind="favourable")
SIDELESS = ("fpr", "tnr")
"""What has no better side where being counted is a benefit."""
LOSSES = ("brier", "log_loss")
OF_NUMBERS = ("mae", "mse", "mean_error")


def rows_of(table, step, metric):
    """Return the rows that a step's metric is measured on."""
    return people(table).iloc[: PERMUTED if step == "rates" and metric in {*NUMBERS, *LOSSES} else None]


@cache
def measured(step, table, weight):
    """Return {(metric, group, comparison, stratum or cut): finding} of a step's findings that have a value."""
    frame = people(table)
    found = FINDINGS[step](frame, {"weight": weight} if weight else {})
    at = {id(f): f.details.get("stratum", f.details.get("cut")) for f in found}
    return {(f.metric, f.group, f.compare, at[id(f)]): f for f in found if f.value is not None}


def of_rates(frame, roles):
    """Return the findings of decisions and scores, of losses, of three classes and of numbers."""
    asked = {"reference": {"g": reference(frame)}, **roles}
    few = frame.iloc[:PERMUTED]
    apart = {*NUMBERS, *LOSSES, *SIDELESS, "macro_f1"}
    decided = tuple(name for name in BY_STEP["rates"] if name not in apart)
    numbers = few.assign(y=few.t)
    return [
        *audited(frame, metrics=decided, score="s", given=("dept",), outcome=HIRED, **asked),
        *audited(frame, metrics=SIDELESS, outcome=replace(HIRED, kind="unfavourable"), **asked),
        *audited(few, metrics=LOSSES, score="s", **asked),
        *audited(frame.assign(y=frame.k), pred="c", metrics=("macro_f1",), **asked),
        *audited(numbers, pred="v", said_task="regression", metrics=tuple(NUMBERS), **asked),
    ]


def of_scan(frame, roles):
    names = tuple(BY_STEP["threshold-scan"])
    return ran(ThresholdScan(), frame, {"metrics": names, "at": CUTS}, ("g",), target="y", score="s", **roles)


def of_diff(frame, roles):
    named = tuple(BY_STEP["diff"])
    decided, _ = differed(frame, metrics=named[: -len(OF_NUMBERS)], **roles)
    numbers = frame.assign(y=frame.t)
    errors, _ = differed(
        numbers, old="u", pred="v", outcome=None, said_task="regression", metrics=OF_NUMBERS, **roles
    )
    return [*decided, *errors]


def of_ll144(frame, roles):
    named = {"sex": "g", "race": "h"}
    hired = ran(LL144(), frame, named, ("g", "h"), pred="p", outcome=HIRED, **roles)
    scored = ran(LL144(), frame, named, ("g", "h"), score="s", **roles)
    return [*hired, *(f for f in scored if f.metric == "scoring_rate")]


def of_four_fifths(frame, roles):
    return ran(FourFifths(), frame, {}, ("g", "h"), pred="p", outcome=HIRED, **roles)


def ran(step, frame, params, groups, **roles):
    """Return a step's findings after its own checks."""
    subject = group_by(Subject(table=frame, **roles), {name: GroupSpec(column=name) for name in groups})
    settings = step.Params(**params)
    step.check(subject, settings)
    return step.run(subject, settings, make_context())


FINDINGS = {
    "rates": of_rates, "threshold-scan": of_scan, "diff": of_diff, "ll144": of_ll144, "four-fifths": of_four_fifths,
}  # fmt: skip
