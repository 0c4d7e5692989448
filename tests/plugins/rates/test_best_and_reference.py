"""Gaps to the best group and to a reference group."""

import numpy as np
import pandas as pd
import pytest
from plugins.rates.audited import audited, one

from auditkit.errors import UsageError
from auditkit.groups.cut import group_by
from auditkit.measures import bound_at, gaps_to_best, p_value
from auditkit.measures.between.rates import rates_from_counts
from auditkit.measures.exact.difference import difference_interval
from auditkit.spec.groups import GroupSpec


def table(n=3000, seed=0):
    rng = np.random.default_rng(seed)
    g, h = rng.choice(["a", "b", "c"], n), rng.choice(["x", "z"], n)
    y = rng.integers(0, 2, n)
    wrong = rng.random(n) < np.select([g == "a", g == "b"], [0.1, 0.2], 0.35)
    return pd.DataFrame({"g": g, "h": h, "y": y, "p": np.where(wrong, 1 - y, y)})


def rate(frame, group):
    mine = frame[(frame.g == group) & (frame.y == 1)]
    return int(mine.p.sum()), len(mine)


def test_each_gap_to_the_best_is_of_the_group_and_the_best_one():
    frame = table()
    found = audited(frame, metrics=("tpr", "fpr"))
    shares = {g: rate(frame, g) for g in "abc"}
    values = {g: x / n for g, (x, n) in shares.items()}
    for g in "abc":
        gap = one(found, "tpr", f"g={g}", "to_best")
        assert gap.value == pytest.approx(values[g] - max(values.values()))
        assert gap.interval.low <= gap.value <= gap.interval.high <= 0.0
        assert gap.details["best"] == "g=a"
        assert one(found, "fpr", f"g={g}", "to_best").value >= 0.0
    expected = gaps_to_best(rates_from_counts(*zip(*shares.values(), strict=True)), "highest")
    assert one(found, "tpr", "g=c", "to_best").interval == expected.intervals[2]


def test_a_metric_of_which_no_side_is_better_has_no_best_group():
    assert not [f for f in audited(table(), metrics=("selection_rate",)) if f.compare == "to_best"]


def test_a_group_too_small_is_not_compared_with_the_best():
    frame = table()
    frame.loc[(frame.g == "c") & (np.arange(len(frame)) > 100), "g"] = "a"
    found = one(audited(frame, metrics=("tpr",), min_n=60), "tpr", "g=c", "to_best")
    assert found.value is None
    assert "actual positives, 60 needed" in found.reason
    assert found.details["groups_compared"] == 2


def test_a_gap_to_the_reference_is_of_the_counts_of_the_two_groups():
    frame = table()
    found = audited(frame, metrics=("tpr",), reference={"g": "a"})
    gap = one(found, "tpr", "g=c", "to_reference")
    (x1, n1), (x2, n2) = rate(frame, "c"), rate(frame, "a")
    assert gap.value == pytest.approx(x1 / n1 - x2 / n2)
    low, high = difference_interval(x1, n1, x2, n2)
    assert (gap.interval.low, gap.interval.high) == pytest.approx((float(low), float(high)))
    assert not [f for f in found if f.compare == "to_reference" and f.group == "g=a"]


def test_an_intersection_has_the_reference_of_all_its_attributes_or_none():
    frame = table()
    both = audited(frame, groups=("g", "h"), metrics=("tpr",), reference={"g": "a", "h": "z"})
    assert {f.group for f in both if f.compare == "to_reference"} == {
        "g=b", "g=c", "h=x", *(f"g={g} & h={h}" for g in "abc" for h in "xz" if (g, h) != ("a", "z"))
    }  # fmt: skip
    alone = audited(frame, groups=("g", "h"), metrics=("tpr",), reference={"g": "a"})
    assert {f.group for f in alone if f.compare == "to_reference"} == {"g=b", "g=c"}


def test_the_classes_against_the_rest_have_their_references_too():
    frame = table()
    frame["y"] = np.random.default_rng(1).integers(0, 3, len(frame))
    found = audited(frame, metrics=("tpr",), reference={"g": "b"})
    for label in "012":
        mine, other = (
            (lambda part: (part.p == int(label)).mean())(frame[(frame.g == g) & (frame.y == int(label))])
            for g in "ab"
        )
        assert one(found, "tpr", f"g=a [{label}]", "to_reference").value == pytest.approx(mine - other)


def test_a_numeric_target_has_a_reference_too():
    rng = np.random.default_rng(0)
    frame = table().assign(y=lambda f: rng.normal(size=len(f)))
    frame["p"] = frame.y + rng.normal(size=len(frame)) + (frame.g == "c")
    found = audited(frame, metrics=("mean_error",), reference={"g": "a"})
    error = (frame.p - frame.y).groupby(frame.g).mean()
    gap = one(found, "mean_error", "g=c", "to_reference")
    assert gap.value == pytest.approx(error["c"] - error["a"])
    assert gap.interval.low < gap.value < gap.interval.high


def test_a_reference_that_the_rows_lack_is_refused_with_the_nearest(tmp_path):
    from auditkit import Subject

    made = Subject(table=pd.DataFrame({"sex": ["Male", "Female"] * 5}))
    with pytest.raises(UsageError, match="no group is 'Mal'; did you mean 'Male'"):
        group_by(made, {"sex": GroupSpec(column="sex", reference="Mal")})
    with pytest.raises(UsageError, match="has a reference but no column"):
        group_by(made, {"men": GroupSpec(where="sex == 'Male'", reference="Male")})


@pytest.mark.parametrize("best", ["highest", "lowest"])
def test_bounds_of_a_gap_to_the_best_decide_as_their_p_values_do(best):
    rng = np.random.default_rng(3)
    n = rng.integers(40, 400, 6)
    rates = rates_from_counts(rng.binomial(n, rng.uniform(0.2, 0.6, 6)), n)
    found = gaps_to_best(rates, best)
    for value, interval in zip(found.value.tolist(), found.intervals, strict=True):
        side = "below" if best == "highest" else "above"
        for threshold in (0.0, 0.05, 0.15):
            at = -threshold if best == "highest" else threshold
            p = p_value(value, interval, at, side)
            for level in (0.2, 0.025, 0.001):
                bound = bound_at(value, interval, level, side)
                assert (p < level) == (bound < at if side == "below" else bound > at)
