"""What `rates` answers: the worst certain group, else that none is shown, and the bound for all groups at once."""

import re

import numpy as np
import pandas as pd
import pytest

from auditkit import Outcome, Subject
from auditkit.groups.cut import group_by
from auditkit.spec.groups import GroupSpec
from auditkit.testing import make_context
from auditkit_rates.metrics.reported import METRICS
from auditkit_rates.params import RatesParams
from auditkit_rates.steps import Rates


def answered(*, hit, miss, rows=400, metrics=("accuracy",), outcome=None):
    """Return the answers and findings of two groups of `rows`: F is right for a share `hit`, M for `miss`."""
    parts = []
    for sex, share in (("F", hit), ("M", miss)):
        right = [i < share * rows for i in range(rows)]
        truth = [i % 2 for i in range(rows)]
        said = [t if ok else 1 - t for t, ok in zip(truth, right, strict=True)]
        parts.append(pd.DataFrame({"sex": f"{sex}emale", "y": truth, "p": said}))
    subject = Subject(
        table=pd.concat(parts, ignore_index=True), source="t", target="y", pred="p", outcome=outcome
    )
    context = make_context(step="rates")
    findings = Rates().run(
        group_by(subject, {"sex": GroupSpec(column="sex")}), RatesParams(metrics=metrics), context
    )
    return context.ledger.answers, findings


def test_the_worst_group_is_named_with_its_number_and_that_of_the_rest():
    answers, _ = answered(hit=0.6, miss=0.9)
    assert answers[0].text == "Accuracy is 60 % for Female and 90 % for the rest."
    assert (answers[0].sure, answers[0].harm) == ("shown", True)


def test_where_nothing_is_shown_that_is_said_with_what_can_be_excluded():
    answers, findings = answered(hit=0.8, miss=0.8)
    assert answers[0].text == "No group is shown to fare worse than the rest."
    assert answers[0].sure == "not_shown"
    most = max(-finding.interval.low for finding in findings if finding.compare == "to_rest")
    said = float(answers[1].text.split("more than ")[1].split(" points")[0])
    assert answers[1].text.startswith(
        "With 97.5 % confidence no assessed group's accuracy trails the rest by more than"
    )
    assert 100 * most <= said <= 100 * most + 0.1


def test_groups_that_are_too_small_to_compare_are_no_pass():
    (answer,), _ = answered(hit=0.8, miss=0.8, rows=20)
    assert answer.sure == "too_few"


@pytest.mark.parametrize("hit", [0.5, 0.7, 0.9])
def test_an_answer_claims_no_more_than_the_findings(hit):
    answers, findings = answered(hit=hit, miss=0.8, metrics=("accuracy", "fpr", "tpr"))
    worse = [f for f in findings if f.compare == "to_rest" and f.metric == "accuracy" and f.interval.high < 0]
    assert bool(worse) or answers[0].sure == "not_shown"


GUESS = Outcome(column="y", value=1, kind="favourable", said=False)


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_alone_is_told_on_the_first_screen_although_nobody_said_what_is_good(name):
    rng, number = np.random.default_rng(0), name in {"mean_error", "mae", "mse", "rmse"}
    frame = pd.DataFrame({"sex": ["F", "M"] * 300, "y": rng.integers(0, 2, 600), "d": 1})
    frame["s"] = (0.25 + 0.4 * frame.y + rng.uniform(-0.2, 0.3, 600) * (1 + (frame.sex == "F"))).clip(0, 1)
    frame["p"], frame["z"] = (frame.s > 0.5).astype(int), 10 * frame.s + rng.normal(size=600)
    roles = {"target": "y", "pred": "p", "score": "s", "given": ("d",), "outcome": GUESS}
    if number:
        roles = {"target": "z", "pred": "s"}
    if name == "macro_f1":
        frame["y"], frame["p"] = frame.y + (frame.z > 7), frame.p + (frame.s > 0.8)
        roles = {"target": "y", "pred": "p"}
    spec = GroupSpec(column="sex", reference="M" if name == "impact_ratio_to_reference" else None)
    context = make_context(step="rates")
    made = group_by(Subject(table=frame, source="t", **roles), {"sex": spec})
    Rates().run(made, RatesParams(metrics=(name,)), context)
    first = context.ledger.answers[0]
    assert re.search(r"\d", first.text) or first.sure == "not_shown"


def test_without_a_worse_side_the_answer_goes_from_the_lowest_to_the_highest():
    def told(metrics, **shares):
        return [answer.text for answer in answered(metrics=metrics, outcome=GUESS, **shares)[0]]

    assert told(("selection_rate",), hit=0.6, miss=0.9) == [
        "By sex, the selection rate is 50 % in each of 2 groups."
    ]
    assert told(("tpr", "fpr"), hit=0.6, miss=0.9) == [
        "By sex, the recall goes from 60 % for Female to 90 % for Memale."
    ]
    assert told(("equal_opportunity",), hit=0.6, miss=0.9) == [
        "By sex, groups lie 30 points apart in equal opportunity: Female is lowest, Memale highest."
    ]
    assert told(("equalized_odds",), hit=1.0, miss=1.0) == [
        "By sex, groups lie 0 points apart in equalized odds."
    ]


def test_of_several_classes_one_is_compared_between_groups():
    frame = pd.DataFrame({"sex": ["F", "M"] * 300, "p": ["no", "yes", "yes", "later", "no", "yes"] * 100})
    made = group_by(Subject(table=frame, source="t", pred="p"), {"sex": GroupSpec(column="sex")})
    context = make_context(step="rates")
    Rates().run(made, RatesParams(), context)
    assert context.ledger.answers[0].text == (
        "By sex, the selection rate goes from 0 % for sex=F [later] to 33 % for sex=M [later]."
    )
