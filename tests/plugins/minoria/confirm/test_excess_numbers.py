"""The p-values of an excess loss beside enumerations, loops and other libraries."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, norm, ttest_1samp
from scipy.stats import t as student

from auditkit import Subject
from auditkit.testing import make_context
from auditkit_minoria.confirm.excess import (
    DRAWS,
    MOST_CELLS,
    _counted,
    _drawn,
    _flipped,
    _p_values,
    _tested,
)
from auditkit_minoria.confirm.recalibrated import Excess
from auditkit_minoria.confirm.standard import Standard
from auditkit_minoria.searches.slices import SliceParams
from auditkit_minoria.steps import FINDERS

SLICES = next(step for step in FINDERS if step.name == "minoria.slices")


def rng():
    return np.random.default_rng(0)


def close(found, exact):
    """Whether a share of DRAWS draws, each with one added, is that of an exact chance, within four of its errors."""
    return abs(found - exact) <= 4 * np.sqrt(exact * (1 - exact) / DRAWS) + 2 / DRAWS


@pytest.mark.parametrize(("better", "worse"), [(9, 3), (3, 9), (0, 4), (5, 5), (0, 0), (12, 0)])
def test_of_labels_it_is_the_sign_test(better, worse):
    fall = np.r_[np.ones(better), -np.ones(worse), np.zeros(7)]
    above, below = _p_values(Excess(fall), rng())
    total = better + worse
    if total:
        assert above == pytest.approx(binomtest(better, total, alternative="greater").pvalue)
        assert below == pytest.approx(binomtest(better, total, alternative="less").pvalue)
    else:
        assert (above, below) == (1.0, 1.0)


@pytest.mark.parametrize("weight", [None, [1.0, 2.0, 1.0, 4.0, 1.0, 1.0, 3.0, 1.0]])
def test_of_numbers_and_of_weighted_labels_signs_are_flipped(weight):
    fall = np.array([1.0, 1.0, -1.0, 1.0, 1.0, -1.0, 1.0, 1.0]) * (1.0 if weight else 0.7)
    own = None if weight is None else np.array(weight)
    counted = fall if own is None else fall * own / own.mean()
    every = [sum(s * f for s, f in zip(signs, counted, strict=True)) for signs in product((-1, 1), repeat=8)]
    above, below = _p_values(Excess(fall, weight=own), rng())
    assert close(above, np.mean(np.array(every) >= counted.sum() - 1e-9))
    assert close(below, np.mean(np.array(every) <= counted.sum() + 1e-9))


def test_weights_that_are_all_alike_leave_it_the_sign_test():
    fall = np.r_[np.ones(9), -np.ones(3), np.zeros(7)]
    found = _p_values(Excess(fall, weight=np.full(19, 3.0)), rng())
    assert found == pytest.approx(_p_values(Excess(fall), rng()))


def test_draws_as_large_and_as_small_are_counted_with_the_one_observed():
    drawn = np.array([1.0, 2.0, 3.0, 4.0, 4.0])
    assert _counted(drawn, 3.0) == (4 / 6, 4 / 6)
    assert _counted(drawn, 4.5) == (1 / 6, 1.0)
    # Sums of the same falls in another order are the same but for their last digits, which grow with the sum.
    assert _counted(np.array([1e6 - 5e-4, 1e6 + 5e-4]), 1e6) == (1.0, 1.0)
    assert _counted(np.array([-1.5e-9, 1.5e-9]), 0.0) == (2 / 3, 2 / 3)


def test_a_class_is_drawn_as_often_as_it_is_likely():
    falls = np.array([[0.0, 1.0, 5.0], [10.0, 30.0, 70.0]])
    chances = np.array([[0.2, 0.3, 0.5], [0.6, 0.3, 0.1]])
    drawn = _drawn(falls, chances, rng())
    for i, j in product(range(3), repeat=2):
        share = np.mean(np.isclose(drawn, falls[0, i] + falls[1, j]))
        chance = chances[0, i] * chances[1, j]
        assert abs(share - chance) < 4 * np.sqrt(chance * (1 - chance) / DRAWS)


def test_flips_of_many_rows_are_fewer_and_even():
    many = MOST_CELLS // 100
    signs = _flipped(np.ones(many), rng())
    assert len(signs) == 100
    assert abs(signs.mean()) < 4 * np.sqrt(many / 100)
    assert len(_flipped(np.ones(3), rng())) == DRAWS


@pytest.mark.parametrize("weight", [None, [1.0, 2.0, 0.5, 3.0, 1.0]])
def test_of_few_rows_with_scores_it_is_what_outcomes_drawn_by_them_give(weight):
    source = np.random.default_rng(3)
    chances, falls = source.dirichlet(np.ones(3), size=5), source.normal(size=(5, 3))
    own = np.ones(5) if weight is None else np.array(weight) / np.mean(weight)
    truth = np.array([0, 1, 2, 1, 0])
    fall = falls[np.arange(5), truth]
    observed, above, below = float((fall * own).sum()), 0.0, 0.0
    for classes in product(range(3), repeat=5):
        chance = np.prod([chances[i, c] for i, c in enumerate(classes)])
        total = sum(falls[i, c] * own[i] for i, c in enumerate(classes))
        above += chance * (total >= observed - 1e-9)
        below += chance * (total <= observed + 1e-9)
    found = _p_values(Excess(fall, falls, chances, None if weight is None else np.array(weight)), rng())
    assert close(found[0], above)
    assert close(found[1], below)


def test_of_many_rows_with_scores_it_is_the_normal_distribution_of_their_sum():
    n = MOST_CELLS // DRAWS + 1
    source = np.random.default_rng(4)
    chances, falls = source.dirichlet(np.ones(2), size=n), source.normal(size=(n, 2))
    fall = falls[np.arange(n), (source.random(n) < 0.5).astype(int)]
    mean, spread = 0.0, 0.0
    for p, f in zip(chances, falls, strict=True):
        own = p[0] * f[0] + p[1] * f[1]
        mean += own
        spread += p[0] * (f[0] - own) ** 2 + p[1] * (f[1] - own) ** 2
    z = (fall.sum() - mean) / np.sqrt(spread)
    above, below = _p_values(Excess(fall, falls, chances), rng())
    assert above == pytest.approx(norm.sf(z))
    assert below == pytest.approx(norm.cdf(z))


def test_what_is_tested_is_the_mean_fall_with_its_interval():
    fall = np.r_[np.ones(30), -np.ones(10), np.zeros(60)]
    found = _tested(Excess(fall), Standard(), rng())
    sign = binomtest(30, 40, alternative="greater").pvalue
    assert (found.n, found.value) == (100, pytest.approx(0.2))
    assert found.p == pytest.approx(sign)
    half = 1.984 * fall.std(ddof=1) / 10
    assert found.interval.high == pytest.approx(0.2 + half, abs=0.02)


def test_numbers_need_both_students_test_and_the_flips():
    fall = np.random.default_rng(11).normal(0.8, 0.2, size=8)
    flips = [sum(s * f for s, f in zip(signs, fall, strict=True)) for signs in product((-1, 1), repeat=8)]
    chance = np.mean(np.array(flips) >= fall.sum() - 1e-9)
    by_t = ttest_1samp(fall, 0, alternative="greater").pvalue
    found = _tested(Excess(fall), Standard(confidence=0.8), rng())
    assert by_t < chance / 2
    assert close(found.p, chance)
    assert (found.n, found.interval.confidence) == (8, 0.8)
    half = student.ppf(0.9, 7) * fall.std(ddof=1) / np.sqrt(8)
    assert found.interval.high == pytest.approx(fall.mean() + half)
    heavy = np.r_[30.0, np.full(11, 0.1)]  # signs say a lot here, and the mean little
    found = _tested(Excess(heavy), Standard(), rng())
    assert found.p == pytest.approx(ttest_1samp(heavy, 0, alternative="greater").pvalue, rel=1e-6)


def test_scores_are_tested_by_drawn_outcomes_alone():
    """One row that was most unlikely: its fall is shown, though the mean of such uneven falls is not."""
    chances = np.tile([0.999, 0.001], (12, 1))
    falls = np.tile([-0.01, 6.0], (12, 1))
    truth = np.arange(12) == 0
    fall = np.where(truth, 6.0, -0.01)
    found = _tested(Excess(fall, falls, chances), Standard(), rng())
    assert close(found.p, 1 - 0.999**12)
    assert ttest_1samp(fall, 0, alternative="greater").pvalue > 0.15
    assert found.interval.low < 0


def test_a_group_that_recalibration_makes_worse_has_no_excess_however_unlikely():
    falls = np.tile([-0.1, -0.5], (3, 1))
    found = _tested(Excess(falls[:, 0], falls, np.full((3, 2), 0.5)), Standard(), rng())
    assert _p_values(Excess(falls[:, 0], falls, np.full((3, 2), 0.5)), rng())[0] < 0.2
    assert (found.n, found.p, found.interval) == (3, 1.0, None)
    assert found.value == pytest.approx(-0.1)


@pytest.mark.parametrize("fall", [0.7, -0.7])
def test_of_one_row_there_is_no_interval_and_of_two_there_is_one(fall):
    one = _tested(Excess(np.array([fall])), Standard(), rng())
    assert (one.n, one.value, one.interval) == (1, fall, None)
    assert one.p == pytest.approx(0.5 if fall > 0 else 1.0, abs=0.05)
    two = _tested(Excess(np.array([fall, fall / 2])), Standard(), rng())
    half = student.ppf(0.975, 1) * abs(fall) / 4
    assert two.interval.high == pytest.approx(0.75 * fall + half)


@pytest.mark.parametrize(("fall", "p"), [(np.zeros(40), 1.0), (np.ones(40), 0.5**40), (-np.ones(40), 1.0)])
def test_rows_that_all_fall_alike_have_no_interval(fall, p):
    found = _tested(Excess(fall), Standard(), rng())
    assert (found.value, found.interval) == (fall[0], None)
    assert found.p == pytest.approx(p)


def test_numbers_are_recalibrated_by_their_truth():
    source = np.random.default_rng(6)
    g = source.choice(list("abcdefghij"), 2000)
    truth = source.normal(size=2000)
    table = pd.DataFrame(
        {"g": g, "h": source.choice(list("uv"), 2000), "y": truth, "p": truth + 2.0 * (g == "a")}
    )
    subject = Subject(table=table, target="y", pred="p", features=("g", "h"))
    mined = SLICES().find(subject, SliceParams(), make_context())
    off = [f for f in mined.findings if f.metric == "excess_loss"]
    assert (off[0].value, off[0].details["kind"]) == (pytest.approx(4.0), "mis-predicted")


def test_weights_decide_the_mean_fall():
    source = np.random.default_rng(7)
    fall, weight = source.normal(0.1, 1, size=200), source.integers(1, 6, 200).astype(float)
    found = _tested(Excess(fall, weight=weight), Standard(), rng())
    assert found.value == pytest.approx(np.average(fall, weights=weight))
    error = np.sqrt((weight**2 * (fall - found.value) ** 2).sum()) / weight.sum()
    assert found.interval.high - found.interval.low == pytest.approx(2 * 1.98 * error, rel=0.05)


@pytest.mark.parametrize(("extra", "kind"), [(0.08, "harder to predict"), (0.5, "both")])
def test_a_trifle_that_is_shown_of_many_rows_is_not_what_a_group_is_called_by(extra, kind):
    """Scores of even odds a little, or far, too high, among 30,000 rows of one group that is hard to predict."""
    source = np.random.default_rng(9)
    n = 120_000
    inside = source.random(n) < 0.25
    chance = np.where(inside, source.uniform(0.35, 0.65, n), source.choice([0.05, 0.95], n))
    y = (source.random(n) < chance).astype(int)
    score = np.where(inside, chance + (1 - chance) * extra, chance)
    table = pd.DataFrame({"g": np.where(inside, "a", source.choice(list("bcd"), n)), "y": y, "score": score})
    table["h"] = source.choice(list("uv"), n)
    subject = Subject(table=table, target="y", score="score", features=("g", "h"))
    mined = SLICES().find(subject, SliceParams(largest=0.5), make_context())
    first = next(f for f in mined.findings if f.metric == "excess_loss" and f.value is not None)
    assert first.details["confirmed"]
    assert first.details["kind"] == kind


def test_labels_are_recalibrated_by_the_names_of_their_classes():
    source = np.random.default_rng(10)
    g = source.choice(list("abcdefghij"), 4000)
    truth = source.choice(["no", "yes"], 4000)
    turned = np.where(truth == "no", "yes", "no")
    wrong = (g == "a") | (source.random(4000) < 0.1)
    table = pd.DataFrame(
        {"g": g, "h": source.choice(list("uv"), 4000), "y": truth, "p": np.where(wrong, turned, truth)}
    )
    mined = SLICES().find(
        Subject(table=table, target="y", pred="p", features=("g", "h")), SliceParams(), make_context()
    )
    first = next(f for f in mined.findings if f.metric == "excess_loss" and f.value is not None)
    assert (first.value, first.details["kind"]) == (pytest.approx(1.0), "mis-predicted")
