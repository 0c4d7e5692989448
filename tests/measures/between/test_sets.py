"""Groups of many sets at once are compared as those of each set are by themselves, to the bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.measures import Confusions, disparities, gaps_to_best, gaps_to_best_of, rates_of
from auditkit.measures.between.rates import Rates, rates_from_counts


def some_sets(seed, *, sets=6, most=9, tail=False):
    """Rates [s, g] with ties, with groups that cannot be measured, and with sets of none, of one, and of zeros."""
    rng = np.random.default_rng(seed)
    g = int(rng.integers(2, most + 1))
    n = rng.choice([0, 20, 20, 40, 333], (sets, g)).astype(float)
    x = np.floor(n * rng.choice([0.0, 0.25, 0.3, 1.0], (sets, g)))
    x[0], n[1], n[2, 1:] = 0.0, 0.0, 0.0
    rates = rates_from_counts(x, n)
    return Rates(rates.value, rates.error, rng.uniform(-1, 1, (sets, g)) if tail else None)


def alone(rates, k):
    return Rates(rates.value[k], rates.error[k], None if rates.tail is None else rates.tail[k])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**6), st.sampled_from(["difference", "ratio"]), st.sampled_from(["worst_case", "mean"]),
    st.integers(1, 2), st.booleans(),
)  # fmt: skip
def test_how_far_apart_groups_are(seed, kind, agg, parts, tail):
    of_parts = [some_sets(seed, tail=tail), some_sets(seed, tail=tail)][:parts]
    if parts == 2:
        of_parts[1] = Rates(of_parts[1].value[::-1], of_parts[1].error[::-1], of_parts[1].tail)
    found = disparities(of_parts, kind, agg=agg)
    assert found == [disparities([alone(one, k) for one in of_parts], kind, agg=agg)[0] for k in range(6)]
    assert found[1] is None


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["highest", "lowest"]))
def test_how_far_groups_are_from_the_best(seed, best):
    rates = some_sets(seed)
    found = gaps_to_best_of(rates, best)
    for k, one in enumerate(found):
        expected = gaps_to_best(alone(rates, k), best)
        assert (one is None) == (expected is None) == (np.isfinite(rates.value[k]).sum() < 2)
        if one is not None:
            assert (one.best, one.intervals) == (expected.best, expected.intervals)
            np.testing.assert_array_equal(one.value, expected.value)


@pytest.mark.parametrize("best", ["highest", "lowest"])
def test_bounds_of_the_best_are_those_of_all_others_one_by_one(best):
    rates = some_sets(3, sets=8)
    sign = 1.0 if best == "highest" else -1.0
    for found, value, error in zip(gaps_to_best_of(rates, best), rates.value, rates.error, strict=True):
        for i, interval in enumerate(() if found is None else found.intervals):
            if interval is None:
                assert np.isnan(value[i])
                continue
            critical, plain = interval.basis[:2]
            gaps = [
                (sign * (value[j] - value[i]), float(np.hypot(error[i], error[j])))
                for j in range(len(value))
                if j != i and np.isfinite(value[j])
            ]
            least = min(max(*(gap - critical * apart for gap, apart in gaps), 0.0), 1.0)
            most = min(max(*(gap + plain * apart for gap, apart in gaps), 0.0), 1.0)
            ends = (-most, -least) if best == "highest" else (least, most)
            assert (interval.low, interval.high) == pytest.approx(ends, abs=1e-15)


@pytest.mark.parametrize("at_once", [1, 50])
def test_little_memory_changes_nothing(monkeypatch, at_once):
    rates = some_sets(5, most=6)
    expected = gaps_to_best_of(rates, "highest"), disparities([rates], "ratio")
    for module in ("between.best", "closed_forms.simultaneous"):
        monkeypatch.setattr(f"auditkit.measures.{module}.AT_ONCE", at_once)
    again = Rates(rates.value, rates.error)
    assert disparities([again], "ratio") == expected[1]
    for one, other in zip(gaps_to_best_of(again, "highest"), expected[0], strict=True):
        assert (one is None) == (other is None)
        assert one is None or one.intervals == other.intervals


@pytest.mark.parametrize("name", ["tpr", "f1", "balanced_accuracy"])
@pytest.mark.parametrize("weighted", [False, True])
def test_rates_of_sets_are_those_of_each(name, weighted):
    rng = np.random.default_rng(1)
    counts = rng.integers(0, 30, (12, 2, 2))
    counts[5] = 0
    table = counts * rng.uniform(0.5, 2.0, counts.shape) if weighted else counts.astype(float)
    made = Confusions(
        counts=counts, table=table, squares=table**2 / np.maximum(counts, 1) if weighted else table
    )
    found = rates_of(made, name, sets=3)
    assert found.value.shape == (3, 4)
    for k in range(3):
        one = rates_of(made[slice(4 * k, 4 * k + 4)], name)
        np.testing.assert_array_equal(found.value[k], one.value)
        np.testing.assert_array_equal(found.error[k], one.error)
