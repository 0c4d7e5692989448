"""The p-values of an excess loss beside enumerations, loops and other libraries; what is left beside Welch's test."""

from itertools import product
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, norm, ttest_ind

from auditkit import Subject
from auditkit.testing import make_context
from auditkit_minoria.confirm.excess import DRAWS, MOST_CELLS, _excess, _flipped, _left, _p_values, _tested
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


@pytest.mark.parametrize(("fall", "p"), [(np.zeros(40), 1.0), (np.ones(40), 0.5**40), (-np.ones(40), 1.0)])
def test_rows_that_all_fall_alike_have_no_interval(fall, p):
    found = _tested(Excess(fall), Standard(), rng())
    assert (found.value, found.interval) == (fall[0], None)
    assert found.p == pytest.approx(p)


def left(loss, members, judges, fall):
    material = SimpleNamespace(loss=loss, judges=judges, weight=None)
    return _left(SimpleNamespace(members=members), Excess(fall), material)


def test_what_recalibration_leaves_is_welchs_gap_of_the_lowered_loss():
    source = np.random.default_rng(5)
    loss, members = source.exponential(size=400), np.arange(400) % 4 == 0
    judges = np.arange(400) >= 100
    fall = source.random(int((members & judges).sum())) * 0.2
    lowered = loss.copy()
    lowered[members & judges] -= fall
    own, rest = lowered[members & judges], lowered[~members & judges]
    gap, p = left(loss, members, judges, fall)
    assert gap == pytest.approx(own.mean() - lowered[judges].mean())
    assert p == pytest.approx(ttest_ind(own, rest, equal_var=False, alternative="greater").pvalue)


@pytest.mark.parametrize(("inside", "p"), [(1.0, 0.0), (0.0, 1.0), (-1.0, 1.0)])
def test_where_no_loss_differs_within_the_sides_the_gap_is_certain(inside, p):
    members = np.arange(40) < 10
    found = left(np.where(members, inside, 0.0), members, np.ones(40, dtype=bool), np.zeros(10))
    assert found == (pytest.approx(inside * 0.75), p)


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


def test_too_few_mined_rows_to_learn_from_are_told_with_those_that_judge():
    members = np.arange(100) < 60
    judges = np.arange(100) >= 20
    table = pd.DataFrame({"y": np.arange(100.0), "p": np.arange(100.0)})
    material = SimpleNamespace(
        judges=judges, seen=~judges, weight=None, subject=Subject(table=table, target="y", pred="p"),
        predictions=SimpleNamespace(pred=table.p, score=None),
    )  # fmt: skip
    found = SimpleNamespace(members=members, group=True, held_out=SimpleNamespace(gap=0.1), reason="")
    told = _excess(found, material, Standard())
    assert (told.n, told.reason) == (40, "20 mined rows to recalibrate on, 30 needed")


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
