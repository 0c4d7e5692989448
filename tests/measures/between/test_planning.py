"""Rows at which a claim is shown with the stated power, by the very bound that gates read."""

import math

import numpy as np
import pytest

from auditkit.errors import PluginError
from auditkit.measures import Confusions, measure, measure_gap, p_value, rows_needed
from auditkit.measures.between.planning import (
    READERS,
    UNTOLD,
    Claim,
    GapSampling,
    MeanSampling,
    RateSampling,
    least_shown,
    rows_to_show,
    sampling_of,
)
from auditkit.measures.bounds.at_level import METHODS
from auditkit.measures.bounds.direct import DIRECT
from auditkit.values.finding import Interval

HARM, STRICT = 0.025, 0.025 / 57


def counted(successes, n):
    counts = np.zeros((len(successes), 2, 2), dtype=np.int64)
    counts[:, 0, 0], counts[:, 1, 0] = successes, n - successes
    return Confusions(counts=counts, table=counts.astype(float), squares=counts.astype(float))


def power_of_gap(claim, *, pooled, gap, n, rest, repeats, seed=0):
    """Return how often the gate's own p-value shows the claim, on counts drawn at the truth."""
    rng = np.random.default_rng(seed)
    mine = counted(rng.binomial(n, pooled + gap, repeats), n)
    others = counted(rng.binomial(rest, pooled, repeats), rest)
    return _shown(measure_gap(mine, others, name="accuracy"), claim)


def power_of_rate(claim, *, rate, n, repeats, seed=0):
    rng = np.random.default_rng(seed)
    return _shown(measure(counted(rng.binomial(n, rate, repeats), n), "accuracy"), claim)


def _shown(measured, claim):
    found = [
        p_value(float(value), measured.interval(i), claim.threshold, claim.side) < claim.level
        for i, value in enumerate(measured.value)
    ]
    return float(np.mean(found))


GAPS = [
    (pooled, rest, threshold, gap, level)
    for pooled in (0.5, 0.2)
    for rest in (500, 5_000, 50_000)
    for threshold, gap in ((0.0, 0.1), (0.1, 0.2), (0.1, 0.25), (-0.1, 0.0), (0.0, -0.1), (0.05, 0.0))
    for level in (HARM, STRICT)
]


def stated(pooled, rest, threshold, gap, level):
    """Return the claim that fits the truth, and the rows that it is said to need."""
    side = "above" if gap > threshold else "below"
    claim = Claim(threshold=threshold, side=side, level=level, power=0.8)
    return claim, rows_to_show(GapSampling(pooled, rest), gap, claim)


@pytest.mark.slow
@pytest.mark.parametrize(("pooled", "rest", "threshold", "gap", "level"), GAPS)
def test_stated_rows_show_a_gap_with_the_stated_power_within_5_points(pooled, rest, threshold, gap, level):
    claim, rows = stated(pooled, rest, threshold, gap, level)
    if rows is None:  # then a million rows do not show it either
        power = power_of_gap(claim, pooled=pooled, gap=gap, n=1_000_000, rest=rest, repeats=400)
        assert power < 0.85
        return
    n = max(math.ceil(rows), 30)
    power = power_of_gap(claim, pooled=pooled, gap=gap, n=n, rest=rest, repeats=2_000)
    assert power > 0.75
    assert power < 0.85 or n == 30  # no gate speaks of fewer


@pytest.mark.parametrize(("pooled", "rest", "threshold", "gap", "level"), GAPS[::9])
def test_stated_rows_show_a_gap_smoke(pooled, rest, threshold, gap, level):
    claim, rows = stated(pooled, rest, threshold, gap, level)
    if rows is not None:
        n = max(math.ceil(rows), 30)
        assert power_of_gap(claim, pooled=pooled, gap=gap, n=n, rest=rest, repeats=200) > 0.68


@pytest.mark.slow
@pytest.mark.parametrize("level", [HARM, STRICT])
@pytest.mark.parametrize(
    ("rate", "threshold"), [(0.5, 0.4), (0.9, 0.95), (0.85, 0.75), (0.1, 0.2), (0.3, 0.25)]
)
def test_stated_rows_show_a_rate_with_the_stated_power_within_5_points(rate, threshold, level):
    side = "above" if rate > threshold else "below"
    claim = Claim(threshold=threshold, side=side, level=level, power=0.8)
    n = math.ceil(rows_to_show(RateSampling(), rate, claim))
    assert 0.75 < power_of_rate(claim, rate=rate, n=n, repeats=4_000) < 0.85


def test_a_rate_without_events_is_shown_for_certain():
    claim = Claim(threshold=0.05, side="below", level=HARM, power=0.8)
    n = math.ceil(rows_to_show(RateSampling(), 0.0, claim))
    assert power_of_rate(claim, rate=0.0, n=n, repeats=10) == 1.0
    assert power_of_rate(claim, rate=0.0, n=n - 2, repeats=10) == 0.0


@pytest.mark.parametrize("sampling", [GapSampling(0.4, 3_000), RateSampling(), MeanSampling(2.0, 0.01)])
def test_a_truth_on_the_threshold_or_short_of_it_is_never_shown(sampling):
    claim = Claim(threshold=0.3, side="above", level=HARM, power=0.8)
    assert rows_to_show(sampling, 0.3, claim) is None
    assert rows_to_show(sampling, 0.2, claim) is None


def test_a_truth_that_cannot_be_needs_no_rows():
    claim = Claim(threshold=0.0, side="above", level=HARM, power=0.8)
    assert rows_to_show(GapSampling(0.95, 3_000), 0.1, claim) is None
    assert rows_to_show(GapSampling(0.95, 3_000), 0.05, claim) is not None


def test_too_few_others_are_never_enough():
    claim = Claim(threshold=0.1, side="above", level=STRICT, power=0.8)
    assert rows_to_show(GapSampling(0.5, 100), 0.2, claim) is None


@pytest.mark.parametrize("sampling", [GapSampling(0.4, 3_000), RateSampling(), MeanSampling(1.0, 0.01)])
@pytest.mark.parametrize("side", ["above", "below"])
def test_the_least_that_is_shown_needs_the_rows_that_there_are(sampling, side):
    claim = Claim(threshold=0.25 if side == "above" else 0.1, side=side, level=HARM, power=0.8)
    n = 800
    found = least_shown(sampling, n, claim)
    assert found is not None
    assert rows_to_show(sampling, found, claim) == pytest.approx(
        n, rel=0.05
    )  # an event more or less is so many rows


def test_nothing_is_found_in_a_handful_of_rows():
    claim = Claim(threshold=0.1, side="above", level=STRICT, power=0.8)
    assert least_shown(GapSampling(0.5, 3_000), 4, claim) is None


def test_more_rows_are_needed_for_more_power_a_stricter_level_and_a_smaller_gap():
    def rows(gap=0.1, level=HARM, power=0.8):
        return rows_to_show(
            GapSampling(0.5, 20_000), gap, Claim(threshold=0.0, side="above", level=level, power=power)
        )

    assert rows(power=0.9) > rows() < rows(level=STRICT)
    assert rows(gap=0.05) > rows()


def test_at_threshold_0_the_rows_are_about_those_of_fleiss():
    """The textbook's formula adds a correction for continuity, so it asks for a little more."""
    claim = Claim(threshold=0.0, side="above", level=HARM, power=0.8)
    rows = rows_to_show(GapSampling(0.5, 32_650), 0.05, claim)
    assert rows == pytest.approx(rows_needed(0.5, gap=0.05, rest_rows=32_650, alpha=HARM), rel=0.06)


def test_an_interval_tells_its_sampling():
    interval = Interval(-0.3, 0.1, method="newcombe", basis=(20.0, 50.0, 80.0, 150.0))
    assert sampling_of(interval, 60) == (GapSampling(0.5, 150.0), 50.0)
    weighted = Interval(-0.3, 0.1, method="newcombe", basis=(20.0, 50.0, 9.0, 80.0, 150.0, 30.0))
    assert sampling_of(weighted, 60) == (GapSampling(0.5, 150.0), 50.0)
    assert sampling_of(Interval(0.2, 0.6, method="wilson", basis=(20.0, 50.0)), 60) == (RateSampling(), 50.0)
    assert sampling_of(Interval(0.2, 0.6, method="simultaneous", basis=(1.0,)), 60) is None


def test_every_method_of_an_interval_tells_its_sampling_or_is_known_to_tell_none():
    assert not set(READERS) & UNTOLD
    assert set(READERS) | UNTOLD == {*METHODS, *DIRECT}
    with pytest.raises(PluginError, match="'wilsom' is unknown; did you mean 'wilson'"):
        sampling_of(Interval(0.2, 0.6, method="wilsom"), 60)


def test_of_a_heavy_tail_no_rows_are_enough():
    sampling, _ = sampling_of(Interval(-1.7e308, 1.7e308, method="permutation"), 60)
    assert rows_to_show(sampling, 5.0, Claim(threshold=1.0, side="above", level=HARM, power=0.8)) is None


def test_what_the_own_interval_leaves_of_a_gaps_is_the_others():
    gap, own = Interval(-1.0, 1.0, method="hybrid"), Interval(3.2, 4.8, method="score")
    sampling, n = sampling_of(gap, 100, own=own)
    error = 1.0 / 1.959964
    assert n == 100
    assert sampling.spread == pytest.approx(0.8 * error * 10, rel=1e-5)
    assert sampling.rest_error == pytest.approx(0.6 * error, rel=1e-5)


def test_a_mean_needs_the_rows_of_the_textbook():
    claim = Claim(threshold=1.0, side="above", level=HARM, power=0.8)
    wanted = (3.0 * (1.959964 + 0.841621) / 0.5) ** 2
    assert rows_to_show(MeanSampling(3.0), 1.5, claim) == math.ceil(wanted)
