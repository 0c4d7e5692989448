"""Gates that can never decide anything are refused before anything runs, whichever step they are on."""

from pathlib import Path
from typing import get_args

import pytest

from auditkit.errors import RecipeError, UsageError
from auditkit.gates.check import GateError, _metric, check_clusters, check_gate, check_reference
from auditkit.plugins.host import load_plugins
from auditkit.recipe.document import parse_document
from auditkit.recipe.validation import validate
from auditkit.running.plan import load_subject, make_plan
from auditkit.spec.gate import GateSpec
from auditkit.spec.recipe import Recipe
from auditkit.spec.stats import Stats
from auditkit.values.compare import COMPARISONS, Compare
from auditkit.values.metric import Metric

STEPS = load_plugins().steps
PAIRS = [
    (name, metric, compare)
    for name, step in STEPS.items()
    for metric in step.metrics
    for compare in COMPARISONS
]
ALL = ("absolute", "to_rest", "to_best", "to_reference", "change", "difference", "ratio")
TPR = Metric(name="tpr", title="TPR", formula="", direction="lower_is_worse", compares=ALL)
RATE = Metric(name="rate", title="Rate", formula="", compares=ALL)
COST = Metric(name="cost", title="Cost", formula="", unit="euro", direction="higher_is_worse", compares=ALL)


def test_the_table_of_comparisons_has_each_name_once():
    assert tuple(COMPARISONS) == get_args(Compare)


@pytest.mark.parametrize(
    ("step", "metric", "compare"),
    PAIRS,
    ids=[f"{step}-{metric.name}-{compare}" for step, metric, compare in PAIRS],
)
def test_every_metric_answers_the_comparisons_it_declares_and_no_other(step, metric, compare):
    kind, direction = COMPARISONS[compare], COMPARISONS[compare].direction or metric.direction
    upwards = kind.signed or direction != "lower_is_worse"
    rule = f"lower_bound > {0.1}" if upwards else f"upper_bound < {0.1}"
    gate = GateSpec(id="g", on="s", metric=metric.name, compare=compare, fail_if=rule)
    if compare in metric.compares:
        check_gate(gate, STEPS[step].metrics, Stats(), step=step)
    else:
        with pytest.raises(GateError, match=f"does not report '{metric.name}' with compare: {compare}"):
            check_gate(gate, STEPS[step].metrics, Stats(), step=step)


@pytest.mark.parametrize(
    ("metric", "more", "says"),
    [
        (TPR, {"fail_if": "lower_bound > 10"}, "at most 1"),
        (TPR, {"fail_if": "lower_bound > 1"}, "at most 1"),
        (TPR, {"limit": 1.0}, "at most 1"),
        (TPR, {"limit": -0.1}, "blames the better side"),
        (TPR, {"limit": float("inf")}, "finite"),
        (TPR, {"limit": float("nan")}, "finite"),
        (TPR, {"fail_if": "lower_bound > 1e999"}, "no number reaches"),
        (TPR, {"fail_if": "upper_bound < -0.10"}, "read as harm"),
        (TPR, {"fail_if": "lower_bound > -0.10"}, "blames the better side"),
        (TPR, {"fail_if": "value < 0.10"}, "read as harm"),
        (TPR, {"compare": "ratio", "fail_if": "lower_bound > 0.10"}, "lower is worse"),
        (TPR, {"compare": "ratio", "limit": 1.2}, "between 0 and 1"),
        (TPR, {"compare": "ratio", "limit": 0.0}, "between 0 and 1"),
        (TPR, {"compare": "difference", "fail_if": "upper_bound < 0.1"}, "higher is worse"),
        (TPR, {"compare": "absolute", "fail_if": "lower_bound > 0.1"}, "lower is worse"),
        (TPR, {"compare": "absolute", "limit": 1.5}, "between 0 and 1"),
        (RATE, {"compare": "absolute", "limit": 0.5}, "no side of this number is worse"),
        (RATE, {"compare": "absolute", "fail_if": "lower_bound > 1.5"}, "between 0 and 1"),
        (COST, {"limit": -1}, "blames the better side"),
        (TPR, {"limit": 0.1, "fail_if": "lower_bound > 0.1"}, "a limit and fail_if"),
        (TPR, {"limit": 0.1, "warn_if": "lower_bound > 0.1"}, "a limit and warn_if"),
        (TPR, {}, "has no rule"),
        (TPR, {"fail_if": "lower_bound > 0.1", "warn_if": "lower_bound > 5"}, "at most 1"),
        (TPR, {"fail_if": "lower_bound > 0,1"}, "is no condition"),
        (TPR, {"limit": 0.1, "group": "a=1 & b=2 & c=3"}, "max_order is 2"),
        (TPR, {"limit": 0.1, "compare": "difference", "group": "a=1"}, "names that attribute"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_right_is_refused(metric, more, says):
    with pytest.raises(GateError, match=says):
        check_gate(GateSpec(id="g", on="s", metric=metric.name, **more), [metric], Stats(), step="step")


@pytest.mark.parametrize(
    ("metric", "more"),
    [
        (TPR, {"compare": "change", "margin": 0.1}), (TPR, {"compare": "change", "limit": 0}),
        (TPR, {"limit": 0.1}), (TPR, {"limit": 0}), (TPR, {"fail_if": "upper_bound > 0.1"}),
        (TPR, {"compare": "ratio", "limit": 0.8}), (TPR, {"compare": "ratio", "fail_if": "value < 0.8"}),
        (TPR, {"compare": "absolute", "fail_if": "lower_bound < 0.8"}), (COST, {"limit": 250}),
        (COST, {"compare": "absolute", "fail_if": "lower_bound > 4e5"}),
        (RATE, {"compare": "absolute", "fail_if": "upper_bound < 0.2"}),
        (RATE, {"compare": "absolute", "fail_if": "lower_bound > 0.2"}),
    ],
)  # fmt: skip
def test_a_rule_that_can_decide_is_let_through(metric, more):
    check_gate(GateSpec(id="g", on="s", metric=metric.name, **more), [metric], Stats(), step="step")


@pytest.mark.parametrize(
    ("gate", "key", "says"),
    [
        ({}, "id", 'it has no rule; write limit: 0.10, or fail_if: "lower_bound > 0.10"'),
        (
            {"limit": 0.1, "fail_if": "lower_bound > 0.1"}, "fail_if",
            "it has a limit and fail_if; a limit reads both bounds already: keep one of the two",
        ),
        (
            {"limit": 0.1, "warn_if": "lower_bound > 0.1"}, "warn_if",
            "it has a limit and warn_if; a limit reads both bounds already: keep one of the two",
        ),
        ({"limit": float("nan")}, "limit", "a limit is a finite number"),
        ({"margin": 0.1}, "margin", "a margin is the limit of compare: change; write limit here"),
        (
            {"compare": "change", "margin": 0.1, "limit": 0.1}, "margin",
            "limit and margin are one thing of a change; keep one of the two",
        ),
        (
            {"compare": "change", "margin": 0.1, "warn_if": "lower_bound > 0.1"}, "warn_if",
            "it has a margin and warn_if; a margin reads both bounds already: keep one of the two",
        ),
        ({"compare": "change", "margin": float("nan")}, "margin", "a margin is a finite number"),
        ({"compare": "change", "margin": 1}, "margin", "no gap of tpr lies beyond 1: it is at most 1"),
        ({"compare": "change", "margin": -0.1}, "margin", "-0.1 blames the better side: harm is counted from 0 up"),
        ({"limit": 2}, "limit", "no gap of tpr lies beyond 2: it is at most 1"),
        ({"limit": -0.1}, "limit", "-0.1 blames the better side: harm is counted from 0 up"),
        ({"compare": "difference", "limit": -0.1}, "limit", "-0.1 blames the better side: harm is counted from 0 up"),
        ({"compare": "difference", "limit": 1}, "limit", "no gap of tpr lies beyond 1: it is at most 1"),
        ({"compare": "absolute", "limit": 2}, "limit", "tpr lies between 0 and 1, so none lies beyond 2"),
        ({"compare": "absolute", "metric": "rate", "limit": 0.5}, "limit", "no side of this number is worse, so it has "
         "no limit; write fail_if with a bound and a sign"),
        ({"fail_if": "lower_bound > 2"}, "fail_if", "no gap of tpr lies beyond 2: it is at most 1"),
        ({"fail_if": "x"}, "fail_if", None),
        ({"fail_if": "lower_bound > 0.1", "warn_if": "lower_bound > 2"}, "warn_if", None),
        ({"fail_if": "lower_bound > 0.1", "warn_if": "x"}, "warn_if", None),
        ({"metric": "tprr", "limit": 0.1}, "metric", "step has no metric 'tprr'; did you mean 'tpr'?"),
        (
            {"metric": "few", "compare": "difference", "limit": 0.1}, "compare",
            "step does not report 'few' with compare: difference, only with to_rest, ratio; with difference it reports "
            "only, tpr, rate",
        ),
        (
            {"metric": "few", "compare": "to_best", "limit": 0.1}, "compare",
            "step does not report 'few' with compare: to_best, only with to_rest, ratio; with to_best it reports tpr, rate",
        ),
        ({"limit": 0.1, "group": "a=1 & b=2 & c=3"}, "group",
         "group 'a=1 & b=2 & c=3' joins 3 attributes, and stats.max_order is 2"),
        ({"limit": 0.1, "compare": "ratio", "group": "a=1"}, "group",
         "compare: ratio stands between the groups of an attribute; group names that attribute"),
    ],
)  # fmt: skip
def test_a_refusal_names_its_line_and_what_is_wrong(gate, key, says):
    metrics = [
        TPR, RATE, Metric(name="few", title="F", formula="", compares=("to_rest", "ratio")),
        Metric(name="only", title="O", formula="", compares=("difference",)),
    ]  # fmt: skip
    with pytest.raises(GateError) as raised:
        check_gate(GateSpec(**{"id": "g", "on": "s", "metric": "tpr"} | gate), metrics, Stats(), step="step")
    assert raised.value.key == key
    assert says is None or str(raised.value) == says


def test_many_metrics_that_would_do_are_cut_short():
    alone = Metric(name="alone", title="A", formula="", compares=("to_rest",))
    for n, tail in ((6, "m4, m5"), (7, "m4, m5, ...")):
        others = [Metric(name=f"m{i}", title="M", formula="", compares=("ratio",)) for i in range(n)]
        with pytest.raises(GateError, match=f"it reports m0, m1, m2, m3, {tail}$"):
            check_gate(
                GateSpec(id="g", on="s", metric="alone", compare="ratio", limit=0.5),
                [alone, *others],
                Stats(),
                step="s",
            )
    with pytest.raises(GateError, match=r"only with to_rest$"):
        check_gate(
            GateSpec(id="g", on="s", metric="alone", compare="ratio", limit=0.5), [alone], Stats(), step="s"
        )


@pytest.mark.parametrize(
    ("compare", "direction", "limit", "fine"),
    [
        ("absolute", "higher_is_worse", 0.0, True), ("absolute", "higher_is_worse", 1.0, False),
        ("absolute", "lower_is_worse", 1.0, True), ("absolute", "lower_is_worse", 0.0, False),
        ("ratio", "higher_is_worse", 1.0, True), ("ratio", "higher_is_worse", 0.0, False),
        ("difference", "lower_is_worse", 0.0, True), ("difference", "lower_is_worse", 0.99, True),
        ("to_rest", "lower_is_worse", 0.0, True), ("to_rest", "lower_is_worse", 1.0, False),
    ],
)  # fmt: skip
def test_a_limit_of_a_share_lies_where_some_number_is_beyond_it(compare, direction, limit, fine):
    metric = Metric(name="m", title="M", formula="", direction=direction, compares=ALL)
    gate = GateSpec(id="g", on="s", metric="m", compare=compare, limit=limit)
    if fine:
        check_gate(gate, [metric], Stats(), step="s")
    else:
        with pytest.raises(GateError):
            check_gate(gate, [metric], Stats(), step="s")


@pytest.mark.parametrize(
    ("group", "orders", "fine"),
    [("a=1 & b=2", 2, True), ("a=1 & b=2", 1, False), (None, 1, True), ("a b", 1, True)],
)
def test_a_group_joins_as_many_attributes_as_are_audited(group, orders, fine):
    gate = GateSpec(id="g", on="s", metric="tpr", limit=0.1, group=group)
    if fine:
        check_gate(gate, [TPR], Stats(max_order=orders), step="s")
    else:
        with pytest.raises(GateError, match="max_order"):
            check_gate(gate, [TPR], Stats(max_order=orders), step="s")


REFERENCES = {"sex": "Male", "race": None}


@pytest.mark.parametrize(
    ("group", "references", "key", "says"),
    [
        (None, {"sex": None, "race": None}, "compare", "groups: {sex: {column: sex, reference: NAME}}"),
        (None, {}, "compare", "write groups: {sex: {column: sex, reference: NAME}}"),
        ("race=Black", REFERENCES, "compare", "groups: {race: {column: race, reference: NAME}}"),
        ("race=Black & sex=Male", REFERENCES, "compare", "groups: {race: {column: race, reference: NAME}}"),
        ("sex=Male", REFERENCES, "group", "'sex=Male' is the reference group"),
        ("sex=Male & age=old", {"sex": "Male", "age": "old"}, "group", "is the reference group"),
    ],
)
def test_a_gap_to_a_reference_that_nobody_named_is_refused(group, references, key, says):
    gate = GateSpec(id="g", on="s", metric="tpr", compare="to_reference", group=group, limit=0.1)
    with pytest.raises(GateError) as raised:
        check_reference(gate, references)
    assert raised.value.key == key
    assert says in str(raised.value)


@pytest.mark.parametrize(
    "group", [None, "sex=Female", "sex=Famale", "sexx=Female", "sex=Female & age=old", "sex=Male & age=new"]
)
def test_a_gap_to_a_reference_that_is_named_is_let_through(group):
    gate = GateSpec(id="g", on="s", metric="tpr", compare="to_reference", group=group, limit=0.1)
    check_reference(gate, {"sex": "Male", "age": "old"})


@pytest.mark.parametrize("compare", [name for name in ALL if name != "to_reference"])
def test_other_comparisons_need_no_reference(compare):
    check_reference(GateSpec(id="g", on="s", metric="tpr", compare=compare, limit=0.1), {"sex": None})


@pytest.mark.parametrize("name", STEPS)
def test_while_rows_belong_together_only_steps_that_know_it_are_gated(name):
    read = STEPS[name].reads_clusters
    assert read is (name in {"rates", "diff", "threshold-scan"})
    check_clusters(None, step=name, read=read)
    if read:
        check_clusters("person", step=name, read=read)
        return
    with pytest.raises(GateError, match=f"^{name} takes rows of one 'person' for strangers") as raised:
        check_clusters("person", step=name, read=read)
    assert raised.value.key == "on"


RECIPE = """version: 1
name: n
data: {path: adult, target: income}
groups: {sex: {column: sex}}
steps:
  - {id: rates, use: rates}
  - {id: late, use: rates, when: full}
gates:
  - {id: first, on: rates, metric: tpr, limit: 0.1}
  - {id: wrong, on: ON, metric: METRIC, compare: COMPARE, RULE}
"""


@pytest.mark.parametrize("on", ["rates", "late"])
@pytest.mark.parametrize(
    ("metric", "compare", "rule", "says"),
    [
        ("tpr", "difference", "limit: 0.1", "only with absolute, to_rest"),
        ("demographic_parity", "to_rest", "limit: 0.1", "only with difference, ratio"),
        ("recall", "to_rest", "limit: 0.1", "no metric 'recall'"),
        ("tpr", "to_reference", "limit: 0.1", "reference: NAME"),
        ("tpr", "to_rest", "limit: 7", "at most 1"),
        ("tpr", "to_rest", "fail_if: 'upper_bound < -0.1'", "read as harm"),
    ],
)
def test_the_line_of_the_recipe_is_named_for_steps_that_run_and_for_those_that_wait(
    on, metric, compare, rule, says
):
    text = (
        RECIPE.replace("ON", on).replace("METRIC", metric).replace("COMPARE", compare).replace("RULE", rule)
    )
    document = parse_document(text, file="r.yaml")
    with pytest.raises(RecipeError, match=rf"^r.yaml:10:\d+: gate 'wrong': .*{says}"):
        make_plan(validate(Recipe, document), document, load_plugins(), folder=None)


def test_the_datas_own_attributes_name_a_reference_or_the_gate_is_refused():
    text = (
        RECIPE.replace("groups: {sex: {column: sex}}\n", "")
        .replace("ON, metric: METRIC, compare: COMPARE, RULE", "rates, metric: tpr, compare: to_reference, limit: 0.1")
    )  # fmt: skip
    document = parse_document(text, file="r.yaml")
    plan = make_plan(validate(Recipe, document), document, load_plugins(), folder=Path())
    with pytest.raises(UsageError, match="gate 'wrong': compare: to_reference, and no group is named"):
        load_subject(plan)


def test_a_gate_on_a_step_that_takes_clusters_for_strangers_is_refused_at_its_line():
    text = """version: 1
name: n
data: {path: adult, target: income, unfavourable: ">50K", cluster: occupation}
groups: {sex: {column: sex}}
steps: [{id: rates, use: rates}, {id: mine, use: minoria}]
gates:
  - {id: fine, on: rates, metric: fpr, limit: 0.1}
  - {id: wrong, on: mine, metric: loss_gap, compare: absolute, limit: 0.1}
"""
    document = parse_document(text, file="r.yaml")
    with pytest.raises(
        RecipeError, match=r"^r.yaml:8:\d+: gate 'wrong': minoria takes rows of one 'occupation'"
    ):
        make_plan(validate(Recipe, document), document, load_plugins(), folder=None)


def test_a_metric_by_another_name_is_named_in_the_refusal():
    recall = Metric(
        name="tpr", title="Recall", formula="TP / P", also=("recall", "sensitivity"), compares=("to_rest",)
    )
    with pytest.raises(GateError, match="step has no metric 'recall'; recall is called tpr here"):
        _metric(GateSpec(id="g", on="step", metric="recall", compare="to_rest", limit=0.1), [recall], "step")
