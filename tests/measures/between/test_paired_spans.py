"""The change of the largest gap: its bounds against a plain loop, its size where nothing changed, and its power."""

import numpy as np
import pytest
from pairs import NOTHING, drawn
from scipy.stats import norm

from auditkit.measures import PairedRate, bound_at, count_pairs, p_value, paired_rate, span_change

SUMMARIES = {
    "equalized odds, mean": (("tpr", "fpr"), "mean"),
    "equalized odds, worst case": (("tpr", "fpr"), "worst_case"),
    "equal opportunity": (("tpr",), "worst_case"),
    "false positives": (("fpr",), "worst_case"),
    "demographic parity": (("selection_rate",), "worst_case"),
    "accuracy": (("accuracy",), "worst_case"),
}


def rates(rng, **setting):
    groups, truth, before, after = drawn(rng, **setting)
    pairs = count_pairs(groups, truth, (before, after), n_groups=len(setting["sizes"]), n_classes=2)
    return {name: paired_rate(pairs, name) for name in ("tpr", "fpr", "selection_rate", "accuracy")}


def changes(rng, names=tuple(SUMMARIES), **setting):
    found = rates(rng, **setting)
    return {
        name: span_change(
            [found[part] for part in SUMMARIES[name][0]], agg=SUMMARIES[name][1], least=30, rng=rng
        )
        for name in names
    }


def plain_upper(rate, rng, *, level, draws):
    """The upper bound of max A - max B of one metric, pair by pair and draw by draw."""
    g = len(rate.rows)
    added = norm.ppf(1 - level / (g * (g - 1))) ** 2 / 4
    cells = np.stack([rate.neither, rate.lost + added, rate.gained + added, rate.both], axis=1)
    n = np.round(cells.sum(axis=1))
    share = cells / cells.sum(axis=1, keepdims=True)
    off = rng.multinomial(n.astype(int), share, size=(draws, g)) / n[:, None] - share
    off_a, off_b = off[:, :, 2] + off[:, :, 3], off[:, :, 1] + off[:, :, 3]
    p_a, p_b = share[:, 2] + share[:, 3], share[:, 1] + share[:, 3]
    ordered = [(i, j) for i in range(g) for j in range(g) if i != j]

    def gap(values, pair):
        return values[..., pair[0]] - values[..., pair[1]]

    def error(p, q):
        """Of (a_i - a_j) - (b_k - b_l), group by group."""
        total = 0.0
        for group in range(g):
            x = (group == p[0]) - (group == p[1])
            y = -((group == q[0]) * 1 - (group == q[1]))
            covariance = (share[group, 3] - p_a[group] * p_b[group]) / n[group]
            total += x * x * p_a[group] * (1 - p_a[group]) / n[group]
            total += y * y * p_b[group] * (1 - p_b[group]) / n[group]
            total += 2 * x * y * covariance
        return np.sqrt(total)

    top = max(ordered, key=lambda q: gap(rate.before, q))
    spread = {q: sum(p_b[i] * (1 - p_b[i]) / n[i] for i in q) for q in ordered}
    near = [
        q
        for q in ordered
        if gap(rate.before, top) - gap(rate.before, q) <= 4 * np.sqrt(spread[q] + spread[top])
    ]
    critical = norm.ppf(1 - level)
    first = max(ordered, key=lambda p: gap(rate.after, p))
    wide = {p: sum(p_a[i] * (1 - p_a[i]) / n[i] for i in p) for p in ordered}
    leaders = [
        p
        for p in ordered
        if gap(rate.after, first) - gap(rate.after, p) <= 4 * np.sqrt(wide[p] + wide[first])
    ]
    for p in sorted(leaders, key=lambda p: -gap(rate.after, p))[:3]:
        worst = [max((gap(off_b[d], q) - gap(off_a[d], p)) / error(p, q) for q in near) for d in range(draws)]
        critical = max(critical, np.quantile(worst, 1 - level))
    return max(
        min(gap(rate.after, p) - gap(rate.before, q) + critical * error(p, q) for q in (p, top))
        for p in ordered
    )


@pytest.mark.parametrize("g", [2, 3, 4])
def test_the_upper_bound_is_that_of_a_plain_loop(g):
    r = np.random.default_rng(g)
    setting = {
        "n": 900,
        "sizes": np.full(g, 1 / g),
        "tpr": r.uniform(0.5, 0.9, g),
        "fpr": r.uniform(0.1, 0.4, g),
    }
    rate = rates(r, **setting, tpr_after=r.uniform(0.5, 0.9, g))["tpr"]
    found = span_change([rate], draws=200, rng=np.random.default_rng(5))
    expected = plain_upper(rate, np.random.default_rng(5), level=0.025, draws=200)
    assert found.interval.high == pytest.approx(max(expected, found.value))


def test_the_value_is_the_difference_of_the_largest_gaps_and_its_ends_are_named():
    r = np.random.default_rng(0)
    setting = {"n": 4000, "sizes": [0.4, 0.3, 0.3], "tpr": [0.9, 0.7, 0.8], "fpr": [0.1, 0.1, 0.3]}
    found = rates(r, **setting, tpr_after=[0.8, 0.8, 0.6])
    tpr, fpr = found["tpr"], found["fpr"]
    one = span_change([tpr], rng=r)
    assert one.before == pytest.approx(np.ptp(tpr.before))
    assert one.after == pytest.approx(np.ptp(tpr.after))
    assert one.value == pytest.approx(one.after - one.before)
    assert one.extremes_before == (1, 0)
    assert one.extremes_after == (2, int(np.argmax(tpr.after)))
    mean = span_change([tpr, fpr], agg="mean", rng=r)
    largest = span_change([tpr, fpr], agg="worst_case", rng=r)
    assert mean.before == pytest.approx((np.ptp(tpr.before) + np.ptp(fpr.before)) / 2)
    assert largest.before == pytest.approx(max(np.ptp(tpr.before), np.ptp(fpr.before)))
    assert largest.after == pytest.approx(max(np.ptp(tpr.after), np.ptp(fpr.after)))
    for span in (one, mean, largest):
        assert span.interval.low <= span.value <= span.interval.high


def test_predictions_that_are_the_same_have_a_change_of_0_that_is_not_certain():
    cells = {"neither": [50.0, 60.0], "lost": [0.0, 0.0], "gained": [0.0, 0.0], "both": [50.0, 20.0]}
    same = PairedRate(**{k: np.array(v) for k, v in cells.items()}, rows=np.array([100, 80]))
    found = span_change([same], rng=np.random.default_rng(0))
    assert found.value == 0
    assert found.interval.low < 0 < found.interval.high


def test_exchanging_before_and_after_turns_the_change_around():
    r = np.random.default_rng(1)
    rate = rates(r, n=3000, sizes=[0.5, 0.5], tpr=[0.9, 0.7], fpr=[0.1, 0.1], tpr_after=[0.9, 0.85])["tpr"]
    turned = PairedRate(
        neither=rate.neither, lost=rate.gained, gained=rate.lost, both=rate.both, rows=rate.rows
    )
    one, other = (span_change([x], draws=20_000, rng=np.random.default_rng(2)) for x in (rate, turned))
    assert one.value == pytest.approx(-other.value)
    assert one.interval.low == pytest.approx(-other.interval.high, abs=0.002)
    assert one.interval.high == pytest.approx(-other.interval.low, abs=0.002)


def test_groups_with_too_few_rows_take_no_part():
    r = np.random.default_rng(2)
    setting = {"n": 1000, "sizes": [0.49, 0.49, 0.02], "tpr": [0.9, 0.8, 0.1], "fpr": [0.1, 0.1, 0.1]}
    rate = rates(r, **setting)["tpr"]
    assert rate.rows[2] < 30
    found = span_change([rate], least=30, rng=r)
    assert found.before == pytest.approx(abs(rate.before[0] - rate.before[1]))
    assert span_change([rate], least=400, rng=r) is None


def test_a_spread_between_training_runs_widens_the_interval():
    r = np.random.default_rng(3)
    rate = rates(r, n=3000, sizes=[0.5, 0.5], tpr=[0.9, 0.7], fpr=[0.1, 0.1])["tpr"]
    wide = PairedRate(
        neither=rate.neither,
        lost=rate.lost,
        gained=rate.gained,
        both=rate.both,
        rows=rate.rows,
        spread=(0.05, 0.05),
    )
    near, far = (span_change([x], rng=np.random.default_rng(4)).interval for x in (rate, wide))
    assert far.high - far.low > near.high - near.low + 0.2


def test_a_summary_of_no_known_name_raises():
    rate = rates(np.random.default_rng(0), n=500, sizes=[0.5, 0.5], tpr=[0.9, 0.7], fpr=[0.1, 0.1])["tpr"]
    with pytest.raises(AssertionError):
        span_change([rate], agg="median", rng=np.random.default_rng(0))


def claimed(setting, *, repeats, names=tuple(SUMMARIES), seed=0):
    """How often each summary's interval lies below 0 and above 0."""
    r = np.random.default_rng(seed)
    below, above = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for _ in range(repeats):
        for name, found in changes(r, names, **setting).items():
            below[name] += found.interval.high < 0
            above[name] += found.interval.low > 0
    return below, above


@pytest.mark.slow
def test_nothing_changed_and_an_improvement_in_short():
    below, above = claimed(NOTHING["two groups 10 points apart"], repeats=30)
    assert max(below[name] + above[name] for name in SUMMARIES) <= 7
    below, _ = claimed(IMPROVED["two groups"], repeats=15)
    assert min(below[name] for name in FALLS) >= 12


@pytest.mark.slow
@pytest.mark.parametrize("setting", NOTHING.values(), ids=NOTHING)
def test_where_nothing_changed_the_interval_excludes_0_at_most_at_its_level(setting):
    """Of 300: more than 28 would be above 5 % with p < .001, more than 17 on one side above 2.5 %."""
    below, above = claimed(setting, repeats=300)
    for name in SUMMARIES:
        assert max(below[name], above[name]) <= 17, name
        assert below[name] + above[name] <= 28, name


MOVED = {
    "one group apart, then five level": {
        "n": 5000, "sizes": [0.1] * 10, "tpr": [0.5] + [0.7] * 9, "tpr_after": [0.5] * 5 + [0.7] * 5,
        "fpr": [0.2] * 10,
    },
    "five level, then one group apart": {
        "n": 5000, "sizes": [0.1] * 10, "tpr": [0.5] * 5 + [0.7] * 5, "tpr_after": [0.5] + [0.7] * 9,
        "fpr": [0.2] * 10,
    },
    "the groups change places": {
        "n": 2000, "sizes": [0.5, 0.5], "tpr": [0.75, 0.65], "tpr_after": [0.65, 0.75], "fpr": [0.2, 0.2],
    },
}  # fmt: skip
"""Rates move and the largest TPR gap does not: picking the largest of many would find a change."""


@pytest.mark.slow
@pytest.mark.parametrize("setting", MOVED.values(), ids=MOVED)
def test_picking_the_largest_gap_does_not_make_a_change(setting):
    below, above = claimed(setting, repeats=300, names=("equal opportunity",))
    assert max(*below.values(), *above.values()) <= 17


IMPROVED = {
    "two groups": {
        "n": 5000, "sizes": [0.6, 0.4], "tpr": [0.8, 0.7], "tpr_after": [0.8, 0.75], "fpr": [0.1, 0.2],
        "fpr_after": [0.1, 0.15],
    },
    "twice as many rows drawn anew": {
        "n": 5000, "sizes": [0.6, 0.4], "tpr": [0.8, 0.7], "tpr_after": [0.8, 0.75], "fpr": [0.1, 0.2],
        "fpr_after": [0.1, 0.15], "churn": 0.2,
    },
}  # fmt: skip
"""Gaps in TPR and FPR that fall by 5 points; that in the selection rate stays."""
FALLS = tuple(name for name in SUMMARIES if name != "demographic parity")


@pytest.mark.slow
@pytest.mark.parametrize("setting", IMPROVED.values(), ids=IMPROVED)
def test_an_improvement_of_5_points_is_shown(setting):
    below, above = claimed(setting, repeats=300)
    assert max(above[name] for name in FALLS) == 0
    assert above["demographic parity"] <= 17, "it did not change: 2.5 % of 300, p >= .001"
    assert min(below[name] for name in FALLS) >= 270, below


@pytest.mark.parametrize("agg", ["worst_case", "mean"])
def test_a_spans_bounds_move_to_other_levels_and_read_the_interval_at_its_own(agg):
    r = np.random.default_rng(3)
    setting = {"n": 900, "sizes": [0.4, 0.3, 0.3], "tpr": [0.9, 0.7, 0.8], "fpr": [0.1, 0.1, 0.3]}
    found = rates(r, **setting, tpr_after=[0.8, 0.8, 0.6])
    one = span_change([found["tpr"], found["fpr"]], agg=agg, rng=r)
    ends = [bound_at(one.value, one.interval, 0.025, side) for side in ("above", "below")]
    assert ends == pytest.approx([one.interval.low, one.interval.high])
    lows = [
        bound_at(one.value, one.interval, level, "above") for level in (0.3, 0.1, 0.025, 0.005, 1e-4, 1e-9)
    ]
    highs = [
        bound_at(one.value, one.interval, level, "below") for level in (0.3, 0.1, 0.025, 0.005, 1e-4, 1e-9)
    ]
    assert lows == sorted(lows, reverse=True)
    assert highs == sorted(highs)
    assert -1 <= lows[-1] < lows[0] < one.value < highs[0] < highs[-1] <= 1
    p = p_value(one.value, one.interval, one.interval.high, "below")
    assert p == pytest.approx(0.025, rel=1e-6)
