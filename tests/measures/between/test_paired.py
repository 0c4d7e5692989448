"""Paired changes: counts against a plain loop, intervals against their formulas, and how often they cover the truth."""

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pairs import drawn
from scipy.optimize import brentq
from scipy.stats import multinomial, norm

from auditkit import DataError, UsageError
from auditkit.measures import (
    PairedRate,
    bound_at,
    change_interval,
    count_pairs,
    gap_change_interval,
    metric_values,
    p_value,
    paired_rate,
)
from auditkit.values.finding import Interval

PAIRED = ("selection_rate", "accuracy", "error_rate", "tpr", "fnr", "fpr", "tnr")


def rows(seed=0, *, n=200, g=3, k=2):
    r = np.random.default_rng(seed)
    return [r.integers(-1, size, size=n) for size in (g, k, k, k)]


def rate_of(neither, lost, gained, both, spread=(0.0, 0.0)):
    cells = [np.asarray(cell, dtype=float) for cell in (neither, lost, gained, both)]
    names = ("neither", "lost", "gained", "both")
    return PairedRate(**dict(zip(names, cells, strict=True)), rows=sum(cells).astype(np.int64), spread=spread)


def counts_row(metric, truth, predicted):
    """Whether a row is in the denominator, and whether it is counted, as the metric's name says."""
    within = {"tpr": truth == 1, "fnr": truth == 1, "fpr": truth == 0, "tnr": truth == 0}.get(metric, True)
    counted = {
        "selection_rate": predicted == 1, "accuracy": predicted == truth, "error_rate": predicted != truth,
        "tpr": predicted == 1, "fnr": predicted == 0, "fpr": predicted == 1, "tnr": predicted == 0,
    }[metric]  # fmt: skip
    return within, counted


@pytest.mark.parametrize("metric", PAIRED)
def test_discordant_rows_are_those_of_a_plain_loop(metric):
    groups, truth, before, after = rows()
    found = paired_rate(count_pairs(groups, truth, (before, after), n_groups=3, n_classes=2), metric)
    cells = {name: [0, 0, 0] for name in ("neither", "lost", "gained", "both")}
    for g, y, b, a in zip(groups, truth, before, after, strict=True):
        within, was = counts_row(metric, y, b)
        _, now = counts_row(metric, y, a)
        if min(g, y, b, a) >= 0 and within:
            name = {(0, 0): "neither", (1, 0): "lost", (0, 1): "gained", (1, 1): "both"}[was, now]
            cells[name][g] += 1
    for name, expected in cells.items():
        assert getattr(found, name).tolist() == expected
    assert found.rows.tolist() == np.sum(list(cells.values()), axis=0).tolist()


@pytest.mark.parametrize("metric", PAIRED)
def test_rates_before_and_after_are_those_of_each_prediction_alone(metric):
    groups, truth, before, after = rows(1)
    heavy = np.random.default_rng(2).random(200) + 0.1
    for weights in (None, heavy):
        pairs = count_pairs(groups, truth, (before, after), n_groups=3, n_classes=2, weights=weights)
        found = paired_rate(pairs, metric)
        assert found.before == pytest.approx(metric_values(pairs.before.table, metric))
        assert found.after == pytest.approx(metric_values(pairs.after.table, metric))
        assert found.change == pytest.approx(found.after - found.before)


def test_accuracy_and_one_class_against_the_rest_are_paired_for_three_classes():
    groups, truth, before, after = rows(3, k=3)
    pairs = count_pairs(groups, truth, (before, after), n_groups=3, n_classes=3)
    known = (np.stack([groups, truth, before, after]) >= 0).all(axis=0) & (groups == 1)
    right = paired_rate(pairs, "accuracy")
    assert right.gained[1] == ((before != truth) & (after == truth) & known).sum()
    one = pairs.against_rest(2)
    as_two = [np.where(codes < 0, -1, codes == 2).astype(np.int64) for codes in (truth, before, after)]
    twin = count_pairs(groups, as_two[0], (as_two[1], as_two[2]), n_groups=3, n_classes=2)
    assert (one.counts == twin.counts).all()


def test_the_rest_are_the_rows_of_all_other_groups():
    groups, truth, before, after = rows(4)
    pairs = count_pairs(groups, truth, (before, after), n_groups=3, n_classes=2)
    rest = pairs.rest()
    for g in range(3):
        others = np.where((groups >= 0) & (groups != g), 0, -1)
        twin = count_pairs(others, truth, (before, after), n_groups=1, n_classes=2)
        assert (rest.counts[g] == twin.counts[0]).all()


@pytest.mark.parametrize("metric", ["precision", "f1", "balanced_accuracy", "macro_f1"])
def test_a_metric_whose_denominator_is_predicted_has_no_paired_change(metric):
    groups, truth, before, after = rows()
    pairs = count_pairs(groups, truth, (before, after), n_groups=3, n_classes=2)
    with pytest.raises(UsageError, match="no paired change"):
        paired_rate(pairs, metric)


@pytest.mark.parametrize("weights", [np.full(200, -1.0), np.full(200, np.nan)])
def test_weights_that_are_none_are_refused(weights):
    groups, truth, before, after = rows()
    with pytest.raises(DataError, match="finite and not negative"):
        count_pairs(groups, truth, (before, after), n_groups=3, n_classes=2, weights=weights)


@pytest.mark.parametrize("unit", [1e-200, 1.0, 1e160])
def test_equal_weights_of_any_unit_are_rows(unit):
    groups, truth, before, after = rows(5)
    options = {"n_groups": 3, "n_classes": 2}
    plain = paired_rate(count_pairs(groups, truth, (before, after), **options), "tpr")
    weighed = count_pairs(groups, truth, (before, after), **options, weights=np.full(200, unit))
    found = paired_rate(weighed, "tpr")
    for name in ("neither", "lost", "gained", "both"):
        assert getattr(found, name) == pytest.approx(getattr(plain, name))


def test_effective_rows_give_the_linearised_variance_of_the_change():
    groups, truth, before, after = rows(6, n=2000, g=1)
    heavy = np.random.default_rng(7).gamma(0.5, size=2000)
    pairs = count_pairs(groups, truth, (before, after), n_groups=1, n_classes=2, weights=heavy)
    found = paired_rate(pairs, "accuracy")
    kept = (np.stack([groups, truth, before, after]) >= 0).all(axis=0)
    w, d = heavy[kept], ((after == truth) * 1.0 - (before == truth))[kept]
    mean = (w * d).sum() / w.sum()
    variance = (w**2 * (d - mean) ** 2).sum() / w.sum() ** 2
    share = (found.lost + found.gained) / found.n - found.change**2
    assert float(share[0] / found.n[0]) == pytest.approx(variance)


def test_five_rows_lost_and_none_gained_may_be_chance_and_six_may_not():
    """McNemar's exact test says the same: 2 / 2**5 is above 5 %, 2 / 2**6 is below."""
    for n in (300, 30_000):
        low, high = change_interval(rate_of([0, 0], [5, 6], [0, 0], [n, n]))
        assert high[0] > 0 > low[0]
        assert high[1] < 0


def tangos_low(n, lost, gained, z):
    """The lowest change at which Tango's score is at most z, by steps that a person can follow."""

    def score(t):
        b = -gained - lost + (2 * n - gained + lost) * t
        fewer = (np.sqrt(b * b + 8 * n * lost * t * (1 - t)) - b) / (4 * n)
        return (gained - lost - n * t) / np.sqrt(n * (2 * fewer + t * (1 - t)))

    value = (gained - lost) / n
    if z <= 0 or value == -1:
        return value
    return brentq(lambda t: score(t) - z, -1 + 1e-12, value - 1e-12, xtol=1e-14)


@given(*(st.integers(0, 400) for _ in range(4)), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_is_the_wider_of_bonett_and_prices_and_tangos(u, lost, gained, v, level):
    low, high = (float(x) for x in change_interval(rate_of(u, lost, gained, v), level))
    mirrored = tuple(-float(x) for x in change_interval(rate_of(u, gained, lost, v), level))
    assert (low, high) == pytest.approx(mirrored[::-1])
    n = u + lost + gained + v
    if n == 0:
        assert (low, high) == (-1, 1)
        return
    z = norm.ppf((1 + level) / 2)
    a = z**2 / 4
    p10, p01 = (lost + a) / (n + 2 * a), (gained + a) / (n + 2 * a)
    reach = z * np.sqrt((p10 + p01 - (p01 - p10) ** 2) / (n + 2 * a))
    value = (gained - lost) / n
    assert low == pytest.approx(
        max(min(p01 - p10 - reach, value, tangos_low(n, lost, gained, z)), -1), abs=1e-9
    )
    assert high == pytest.approx(
        min(max(p01 - p10 + reach, value, -tangos_low(n, gained, lost, z)), 1), abs=1e-9
    )
    assert low <= value <= high


def exact_miss(n, lost, gained):
    """How often the low end lies above the true change, summed over every table of n rows."""
    a, b = (one.ravel() for one in np.meshgrid(np.arange(n + 1), np.arange(n + 1)))
    a, b = a[a + b <= n], b[a + b <= n]
    low, _ = change_interval(rate_of(n - a - b, a, b, 0 * a))
    chance = multinomial.pmf(np.stack([a, b, n - a - b], axis=1), n, [lost, gained, 1 - lost - gained])
    return float(chance[low > gained - lost + 1e-12].sum())


@pytest.mark.parametrize("n", [30, 100])
@pytest.mark.parametrize("lost", [0.001, 0.01, 0.1, 0.2, 0.5])
@pytest.mark.parametrize("gained", [0.001, 0.02, 0.1, 0.4])
def test_a_change_of_skewed_rows_is_missed_in_3_point_2_percent_at_most(n, lost, gained):
    assert exact_miss(n, lost, gained) <= 0.032


BASES = st.tuples(
    *(st.integers(0, 300) for _ in range(4)), st.sampled_from([0.0, 0.01]), st.sampled_from([0.0, 0.02])
)


@pytest.mark.slow
@given(
    BASES, st.none() | BASES, st.floats(1e-9, 0.49), st.floats(-0.5, 0.5), st.sampled_from(["above", "below"])
)
def test_p_is_below_a_level_where_the_bound_at_that_level_clears_the_threshold(
    mine, rest, level, threshold, side
):
    assume(sum(mine[:4]) > 0 and (rest is None or sum(rest[:4]) > 0))
    interval = Interval(0.0, 0.0, 0.95, "paired_rows", tuple(map(float, (*mine, *(rest or ())))))
    bound = bound_at(0.0, interval, level, side)
    assume(abs(bound - threshold) > 1e-9)
    clears = bound > threshold if side == "above" else bound < threshold
    assert (p_value(0.0, interval, threshold, side) < level) == clears
    further = bound_at(0.0, interval, level / 3, side)
    assert further <= bound + 1e-12 if side == "above" else further >= bound - 1e-12


def test_a_bound_at_the_intervals_own_level_is_its_end():
    rate, rest = (
        rate_of([400.0], [30.0], [20.0], [500.0], spread=(0.01, 0.02)),
        rate_of([90.0], [3.0], [0.0], [50.0]),
    )
    for low_high, basis in (
        (change_interval(rate), rate.numbers[0]),
        (gap_change_interval(rate, rest), [*rate.numbers[0], *rest.numbers[0]]),
    ):
        interval = Interval(0.0, 0.0, 0.95, "paired_rows", tuple(map(float, basis)))
        ends = [bound_at(0.0, interval, 0.025, side) for side in ("above", "below")]
        assert ends == pytest.approx([float(end[0]) for end in low_high])


def test_a_spread_between_training_runs_is_added_to_that_of_the_rows():
    plain, spread = rate_of(400, 30, 20, 500), rate_of(400, 30, 20, 500, spread=(0.03, 0.04))
    near, far = change_interval(plain), change_interval(spread)
    value = float(plain.change)
    for close, wide in zip(near, far, strict=True):
        assert abs(wide - value) == pytest.approx(np.hypot(close - value, 1.959964 * 0.05), rel=1e-5)


@pytest.mark.parametrize("n", [40, 200, 2000])
@pytest.mark.parametrize(("lost", "gained"), [(0.02, 0.02), (0.1, 0.1), (0.02, 0.12), (0.4, 0.3)])
def test_a_change_is_covered_and_no_change_is_rarely_called_one(n, lost, gained):
    r = np.random.default_rng(0)
    cells = r.multinomial(
        n, [0.6 * (1 - lost - gained), lost, gained, 0.4 * (1 - lost - gained)], size=20_000
    )
    low, high = change_interval(rate_of(*cells.T))
    truth = gained - lost
    most = 0.0275 if lost == gained else 0.04
    assert (low > truth).mean() < most
    assert (high < truth).mean() < most
    assert ((low <= truth) & (truth <= high)).mean() > 0.945


@pytest.mark.parametrize(("n", "m"), [(60, 400), (500, 500), (100, 5000)])
@pytest.mark.parametrize("moved", [0.0, 0.05])
def test_a_change_of_a_gap_is_covered(n, m, moved):
    r = np.random.default_rng(1)
    groups = r.multinomial(n, [0.3, 0.05, 0.05 + moved, 0.6 - moved], size=20_000)
    others = r.multinomial(m, [0.25, 0.05, 0.05, 0.65], size=20_000)
    low, high = gap_change_interval(rate_of(*groups.T), rate_of(*others.T))
    assert ((low <= moved) & (moved <= high)).mean() > 0.945
    assert max((low > moved).mean(), (high < moved).mean()) < 0.03


@pytest.mark.slow
def test_rows_that_weigh_more_where_they_changed_do_not_make_a_change_certain():
    r = np.random.default_rng(2)
    covered = 0
    for _ in range(300):
        groups, truth, before, after = drawn(r, n=600, sizes=[1.0], tpr=[0.7], fpr=[0.3], churn=0.3)
        heavy = np.where(before != after, 6.0, 1.0) * r.random(600)
        pairs = count_pairs(groups, truth, (before, after), n_groups=1, n_classes=2, weights=heavy)
        low, high = change_interval(paired_rate(pairs, "accuracy"))
        covered += low[0] <= 0 <= high[0]
    assert covered >= 300 - 28


def test_every_kind_of_row_is_one_of_four():
    """All eight cells of truth, before and after are told apart."""
    cells = np.array(list(product((0, 1), repeat=3)))
    pairs = count_pairs(
        np.zeros(8, dtype=int), cells[:, 0], (cells[:, 1], cells[:, 2]), n_groups=1, n_classes=2
    )
    assert pairs.counts.tolist() == np.ones((1, 2, 2, 2), dtype=int).tolist()
