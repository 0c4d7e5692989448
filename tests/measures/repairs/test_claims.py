"""What is said of a repair: nothing of one that does nothing, and what happened of one that does something."""

import numpy as np
import pytest
from pairs import NOTHING, drawn

from auditkit import Stats
from auditkit.measures.repairs.change import change_findings, changes_of
from auditkit.measures.repairs.claims import claims
from auditkit.measures.repairs.cost import accuracy_cost, balanced_accuracy_cost
from auditkit.measures.repairs.failures import failures_of
from auditkit.measures.repairs.measure import HeldOut, Stage
from auditkit.values.grouping import Attribute

CLAIM = ("improved:", "worsened:", "Levelling down", "Reversed")
STATS = Stats(bootstrap=1000)


def stages(groups, truth, before, after):
    """A held-out part whose two stages have one run each, or several runs [runs, n]."""
    labels = tuple(f"g{i}" for i in range(int(groups.max()) + 1))
    attribute = Attribute("group", labels, groups.astype(np.int64))
    rows = HeldOut(truth=truth, classes=("no", "yes"), attributes=(attribute,), weights=None)
    made = (Stage(number=i, predicted=np.atleast_2d(p)) for i, p in enumerate((before, after)))
    return rows, *made


def moved(rng, *made, stats=STATS):
    rows, before, after = stages(*made)
    return tuple(changes_of(before, after, rows=rows, stats=stats, rng=rng))


def said(rng, *made):
    return list(claims(moved(rng, *made), confidence=0.95))


def failed(rng, *made):
    """Whether the repair is said to have failed in any way."""
    rows, before, after = stages(*made)
    changes = tuple(changes_of(before, after, rows=rows, stats=STATS, rng=rng))
    costs = (balanced_accuracy_cost(before, after, rows=rows, stats=STATS),)
    sentences = claims(changes, confidence=0.95)
    return claimed(sentences) or any(
        failures_of(changes, (before, after), rows=rows, costs=costs, stats=STATS)
    )


def claimed(sentences):
    return any(word in sentence for sentence in sentences for word in CLAIM)


def repeated(setting, *, repeats, seed=0):
    """How many of the repairs a change is claimed of, or said to have failed."""
    rng = np.random.default_rng(seed)
    return sum(failed(rng, *drawn(rng, **setting)) for _ in range(repeats))


def retrained(rng, *, runs, seeds=0.03, **setting):
    """Predictions of several trainings of one method, each with rates of its own, twice over: nothing was changed."""
    g = len(setting["sizes"])
    groups, truth, _, _ = drawn(rng, **setting)
    trained = []
    for _ in range(2 * runs):
        tpr, fpr = (np.asarray(setting[rate]) + seeds * rng.normal(size=g) for rate in ("tpr", "fpr"))
        chance = np.where(truth == 1, tpr[groups], fpr[groups])
        trained.append((rng.random(len(truth)) < chance).astype(np.int64))
    return groups, truth, np.stack(trained[:runs]), np.stack(trained[runs:])


@pytest.mark.slow
def test_a_repair_that_does_nothing_is_said_to_do_nothing_in_short():
    assert repeated(NOTHING["two groups 10 points apart"], repeats=25) <= 5


@pytest.mark.slow
@pytest.mark.parametrize("setting", NOTHING.values(), ids=NOTHING)
def test_a_repair_that_does_nothing_claims_a_change_in_one_of_twenty_at_most(setting):
    """Over all its sentences together; more than 28 of 300 would be above 5 % with p < .001."""
    assert repeated(setting, repeats=300) <= 28


@pytest.mark.slow
@pytest.mark.parametrize("runs", [2, 3, 5])
def test_training_the_same_method_again_is_no_change(runs):
    rng = np.random.default_rng(runs)
    setting = {"n": 2000, "sizes": [0.6, 0.4], "tpr": [0.8, 0.7], "fpr": [0.1, 0.2]}
    claims_made = sum(claimed(said(rng, *retrained(rng, runs=runs, **setting))) for _ in range(300))
    assert claims_made <= 28


IMPROVED = {
    "n": 5000, "sizes": [0.6, 0.4], "tpr": [0.8, 0.7], "tpr_after": [0.8, 0.75], "fpr": [0.1, 0.2],
    "fpr_after": [0.1, 0.15],
}  # fmt: skip


def improvements(repeats):
    rng = np.random.default_rng(1)
    every = [said(rng, *drawn(rng, **IMPROVED)) for _ in range(repeats)]
    assert not any("worsened" in sentence or "Reversed" in sentence for one in every for sentence in one)
    return sum(any("improved:" in sentence for sentence in one) for one in every)


def test_an_improvement_of_5_points_is_said_in_short():
    assert improvements(10) >= 8


@pytest.mark.slow
def test_an_improvement_of_5_points_is_said():
    assert improvements(300) >= 270


def test_a_gap_that_widens_is_said_to_worsen():
    rng = np.random.default_rng(2)
    turned = {**IMPROVED, "tpr": [0.8, 0.77], "tpr_after": [0.8, 0.65], "fpr_after": [0.1, 0.3]}
    (sentence,) = said(rng, *drawn(rng, **turned))
    assert sentence.startswith("Equalized odds (mean) by group worsened: 0.")
    assert "corrected for 5 comparisons" in sentence


def test_where_no_change_is_shown_the_sentence_says_so_with_an_interval_that_covers_0():
    rng = np.random.default_rng(3)
    (sentence,) = said(rng, *drawn(rng, **NOTHING["two groups 10 points apart"]))
    assert sentence.startswith("Equalized odds (mean) by group: no change is shown (0.")
    low, high = (float(x) for x in sentence.split("[")[1].split("]")[0].split(", "))
    assert low < 0 < high


LEVELLED = {
    "tpr": (
        {"tpr": [0.9, 0.7], "tpr_after": [0.75, 0.7], "fpr": [0.1, 0.1]},
        "the gap in true positive rates between groups of group closed",
    ),
    "fpr": (
        {"tpr": [0.8, 0.8], "fpr": [0.1, 0.3], "fpr_after": [0.28, 0.3]},
        "the gap in false positive rates between groups of group closed",
    ),
}


@pytest.mark.parametrize("metric", LEVELLED)
def test_a_gap_that_closes_by_making_the_best_worse_is_called_levelling_down(metric):
    setting, words = LEVELLED[metric]
    rng = np.random.default_rng(4)
    groups, truth, before, after = drawn(rng, n=6000, sizes=[0.5, 0.5], churn=0.0, **setting)
    sentences = [one for one in said(rng, groups, truth, before, after) if "Levelling down" in one]
    assert any(words in one and "because 'group=g0' got worse" in one for one in sentences)
    assert all("while 'group=g1' did not gain" in one for one in sentences)


def test_a_gap_that_closes_because_the_worst_gain_is_not():
    rng = np.random.default_rng(5)
    better = {"tpr": [0.9, 0.7], "tpr_after": [0.85, 0.8], "fpr": [0.1, 0.1]}
    sentences = said(rng, *drawn(rng, n=6000, sizes=[0.5, 0.5], churn=0.05, **better))
    assert any("improved:" in one for one in sentences)
    assert not any("Levelling down" in one for one in sentences)


def test_a_gap_that_turns_around_is_said_once_although_it_is_as_large_as_before():
    rng = np.random.default_rng(6)
    turned = {"tpr": [0.80, 0.72], "tpr_after": [0.75, 0.84], "fpr": [0.1, 0.1]}
    sentences = said(rng, *drawn(rng, n=8000, sizes=[0.5, 0.5], **turned))
    about_tpr = [one for one in sentences if one.startswith("Reversed: the true positive rate")]
    assert len(about_tpr) == 1
    assert "true positive rate of 'group=g1' was" in about_tpr[0]
    assert "points below the rest's and is now" in about_tpr[0]
    assert not any("worsened" in one for one in sentences)


def test_of_three_groups_each_that_turned_around_is_named():
    rng = np.random.default_rng(7)
    turned = {"tpr": [0.9, 0.6, 0.75], "tpr_after": [0.6, 0.9, 0.75], "fpr": [0.1] * 3}
    sentences = said(rng, *drawn(rng, n=9000, sizes=[0.3, 0.3, 0.4], **turned))
    named = {
        one.split("'")[1]: one for one in sentences if one.startswith("Reversed: the true positive rate")
    }
    assert set(named) == {"group=g0", "group=g1"}
    assert "points above the rest's and is now" in named["group=g0"]


def test_a_group_with_too_few_rows_has_a_reason_and_no_change():
    rng = np.random.default_rng(8)
    setting = {"n": 1000, "sizes": [0.5, 0.48, 0.02], "tpr": [0.8] * 3, "fpr": [0.1] * 3}
    whole, of_class = moved(rng, *drawn(rng, **setting))
    found = [*change_findings(whole, STATS), *change_findings(of_class, STATS)]
    small = [f for f in found if f.group == "group=g2"]
    assert small
    assert all(f.value is None and f.rows_needed == 30 for f in small if f.metric != "accuracy_change")
    assert all("actual positives, 30 needed" in f.reason for f in small if f.metric == "tpr_change")
    assert not any("g2" in str(f.details) for f in found if f.compare == "difference")


def test_spread_between_runs_widens_every_change():
    rng = np.random.default_rng(9)
    setting = {"n": 2000, "sizes": [0.5, 0.5], "tpr": [0.8, 0.7], "fpr": [0.1, 0.2]}
    groups, truth, before, after = retrained(rng, runs=3, seeds=0.05, **setting)
    many = moved(np.random.default_rng(0), groups, truth, before, after)[1]
    one = moved(np.random.default_rng(0), groups, truth, before[:1], after[:1])[1]

    def widths(changed):
        return [f.interval.high - f.interval.low for f in change_findings(changed, STATS)]

    assert all(wide > 1.2 * narrow for wide, narrow in zip(widths(many), widths(one), strict=True))
    rows, first, second = stages(groups, truth, before, after)
    cost = accuracy_cost(first, second, rows=rows, stats=STATS)
    rows, first, second = stages(groups, truth, before[:1], after[:1])
    alone = accuracy_cost(first, second, rows=rows, stats=STATS)
    assert cost.value == alone.value
    assert cost.interval.high - cost.interval.low > alone.interval.high - alone.interval.low


def test_weights_decide_what_changed():
    rng = np.random.default_rng(10)
    groups, truth, before, after = drawn(rng, n=3000, sizes=[0.5, 0.5], tpr=[0.8, 0.7], fpr=[0.1, 0.2])
    heavy = rng.gamma(2.0, size=3000)
    rows, first, second = stages(groups, truth, before, after)
    weighed = HeldOut(truth=truth, classes=rows.classes, attributes=rows.attributes, weights=heavy)
    _, changed = changes_of(first, second, rows=weighed, stats=STATS, rng=rng)
    found = next(f for f in change_findings(changed, STATS) if f.metric == "tpr_change")
    mine = (groups == 0) & (truth == 1)
    expected = np.average(after[mine] * 1.0 - before[mine], weights=heavy[mine])
    assert found.value == pytest.approx(expected)
    cost = accuracy_cost(first, second, rows=weighed, stats=STATS)
    assert cost.value == pytest.approx(np.average((before == truth) * 1.0 - (after == truth), weights=heavy))
