"""Two numbers of different rows: the interval of their difference, and that it covers."""

import numpy as np
import pytest

from auditkit.measures import (
    bound_at,
    count,
    independent_change,
    measure,
    measure_gap,
    p_value,
)
from auditkit.values.finding import Interval


def sides(seed=0, n=(400, 300), weights=False):
    rng = np.random.default_rng(seed)
    made = []
    for rows, right in zip(n, (0.8, 0.6), strict=True):
        truth = rng.integers(0, 2, rows)
        said = np.where(rng.random(rows) < right, truth, 1 - truth)
        heavy = rng.gamma(2, size=rows) if weights else None
        made.append(count(np.zeros(rows, int), truth, said, n_groups=1, n_classes=2, weights=heavy))
    return made


@pytest.mark.parametrize(
    "metric", ["selection_rate", "tpr", "accuracy", "f1", "balanced_accuracy", "macro_f1"]
)
@pytest.mark.parametrize("weights", [False, True])
def test_counted_numbers_have_the_interval_of_a_gap_between_two_groups(metric, weights):
    old, new = sides(weights=weights)
    before, after = (measure(one, metric) for one in (old, new))
    gap = measure_gap(new, old, name=metric)
    found = independent_change(
        (before.value[0], before.interval(0)), (after.value[0], after.interval(0)), confidence=0.95
    )
    assert [found.low, found.high] == pytest.approx([gap.low[0], gap.high[0]], abs=2e-3)


def test_its_ends_are_its_bounds_and_its_p_values_agree():
    old, new = (measure(one, "tpr") for one in sides())
    found = independent_change((old.value[0], old.interval(0)), (new.value[0], new.interval(0)))
    value = float(new.value[0] - old.value[0])
    assert bound_at(value, found, 0.025, "below") == pytest.approx(found.high)
    assert p_value(value, found, found.high, "below") == pytest.approx(0.025, rel=1e-6)


def test_runs_of_another_confidence_are_read_at_the_one_asked_for():
    old, new = sides()
    at = [
        independent_change(
            *((m.value[0], m.interval(0)) for m in (measure(old, "tpr", confidence=c), measure(new, "tpr"))),
            confidence=0.9,
        )
        for c in (0.9, 0.95, 0.99)
    ]
    assert [one.low for one in at] == pytest.approx([at[0].low] * 3)
    assert at[0].confidence == 0.9


def test_what_has_only_ends_combines_them_as_independent():
    found = independent_change((0.5, Interval(0.2, 0.9)), (0.1, Interval(0.0, 0.5)))
    assert found.low == pytest.approx(-0.4 - np.hypot(0.1, 0.4))
    assert found.high == pytest.approx(-0.4 + np.hypot(0.4, 0.3))


def test_of_a_rate_with_and_one_without_weights_the_degrees_of_freedom_stay():
    plain, weighed = sides()[0], sides(weights=True)[1]
    old, new = measure(plain, "tpr"), measure(weighed, "tpr")
    found = independent_change((old.value[0], old.interval(0)), (new.value[0], new.interval(0)))
    gap = measure_gap(weighed, plain, name="tpr")
    assert [found.low, found.high] == pytest.approx([gap.low[0], gap.high[0]], abs=5e-3)
