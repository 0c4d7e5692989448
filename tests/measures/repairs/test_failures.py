"""A repair that failed: each way is shown where it happened, and none where nothing did."""

import re

import numpy as np
import pytest
from measures.repairs.test_claims import STATS, stages
from pairs import drawn

from auditkit.measures import balanced_accuracy_cost, measured_repair


def measured(rng, groups, truth, before, after):
    rows, first, second = stages(groups, truth, before, after)
    return measured_repair(first, second, rows=rows, stats=STATS, rng=rng)


def kinds(found):
    return [failure.kind for failure in found.failed]


def rated(rng, *, n=6000, tpr=(0.8, 0.7), fpr=(0.1, 0.2), tpr_after=None, fpr_after=None):
    return drawn(rng, n=n, sizes=[0.5, 0.5], tpr=tpr, fpr=fpr, tpr_after=tpr_after, fpr_after=fpr_after)


def test_predictions_that_became_nearly_constant_are_told_first():
    rng = np.random.default_rng(0)
    found = measured(rng, *rated(rng, tpr_after=[0.02, 0.02], fpr_after=[0.0, 0.0]))
    assert kinds(found)[0] == "constant"
    assert found.answers[0].text.startswith("The predictions are nearly constant: 9")
    assert "of held-out rows are given no, and balanced accuracy fell by" in found.answers[0].text
    assert found.answers[0].harm
    assert found.answers[0].sure == "shown"


def test_a_group_whose_predictions_became_nearly_constant_is_named():
    rng = np.random.default_rng(1)
    found = measured(rng, *rated(rng, tpr_after=[0.8, 1.0], fpr_after=[0.1, 0.97]))
    text = next(failure.text for failure in found.failed if failure.kind == "constant")
    assert text.startswith("The predictions for 'group=g1' are nearly constant: 98")


def test_predictions_that_were_nearly_constant_all_along_are_not_told():
    rng = np.random.default_rng(2)
    found = measured(
        rng, *rated(rng, tpr=(0.04, 0.04), fpr=(0.01, 0.01), tpr_after=(0.03, 0.03), fpr_after=(0.01, 0.01))
    )
    assert "constant" not in kinds(found)


def test_predictions_of_one_class_are_told_first_although_nothing_was_paid():
    rng = np.random.default_rng(2)
    constant = {"tpr": (1.0, 1.0), "fpr": (1.0, 1.0), "tpr_after": (1.0, 1.0), "fpr_after": (1.0, 1.0)}
    first, *others = measured(rng, *rated(rng, **constant)).answers
    assert re.fullmatch(r"Every held-out row is predicted \w+: gaps of 0 then say nothing\.", first.text)
    assert first.harm
    assert not any("Every held-out row" in other.text for other in others)


def test_a_gap_that_grew_is_told():
    rng = np.random.default_rng(3)
    found = measured(rng, *rated(rng, tpr_after=[0.85, 0.55]))
    assert "wider" in kinds(found)
    assert any(
        "true positive rates between groups of group grew from" in failure.text for failure in found.failed
    )


def test_a_gap_that_reversed_is_told():
    rng = np.random.default_rng(4)
    found = measured(rng, *rated(rng, tpr=(0.85, 0.65), fpr=(0.1, 0.1), tpr_after=[0.65, 0.85]))
    assert "reversed" in kinds(found)


def test_levelling_down_is_told():
    rng = np.random.default_rng(5)
    found = measured(rng, *rated(rng, tpr=(0.9, 0.6), fpr=(0.1, 0.1), tpr_after=[0.6, 0.58]))
    assert "levelled_down" in kinds(found)


def test_a_repair_that_improves_fails_in_no_way():
    rng = np.random.default_rng(6)
    found = measured(rng, *rated(rng, tpr_after=[0.8, 0.8], fpr_after=[0.1, 0.1]))
    assert not found.failed
    assert not found.answers[0].harm


def test_balanced_accuracy_paid_is_the_mean_of_what_recalls_lost():
    rng = np.random.default_rng(7)
    groups, truth, before, after = rated(rng, tpr_after=[0.6, 0.6])
    (cost,) = (
        one
        for one in measured(rng, groups, truth, before, after).costs
        if one.metric == "balanced_accuracy_cost"
    )
    recalls = [(p[truth == c] == c).mean() for p in (before, after) for c in (0, 1)]
    assert cost.value == pytest.approx((recalls[0] + recalls[1] - recalls[2] - recalls[3]) / 2)
    assert cost.interval.low < cost.value < cost.interval.high


def test_balanced_accuracy_of_one_class_has_a_reason():
    rng = np.random.default_rng(8)
    groups, _, before, after = rated(rng, n=400)
    (cost,) = (
        one
        for one in measured(rng, groups, np.ones(400, dtype=np.int64), before, after).costs
        if one.metric == "balanced_accuracy_cost"
    )
    assert cost.value is None
    assert cost.reason == "insufficient evidence: fewer than two classes have rows"


def test_the_interval_of_balanced_accuracy_paid_covers():
    """Fewer than 105 of 120 has p < .001."""
    rng = np.random.default_rng(9)
    true, covered = (0.75 - 0.15) / 2 - (0.7 - 0.15) / 2, 0
    for _ in range(120):
        rows, first, second = stages(*rated(rng, n=600, tpr_after=[0.7, 0.7]))
        cost = balanced_accuracy_cost(first, second, rows=rows, stats=STATS)
        covered += cost.interval.low <= true <= cost.interval.high
    assert covered >= 105
