"""Cuts by group: each equals a search through all of them, or a linear program over all points, and keeps its word."""

import hashlib
from itertools import product

import numpy as np
import pytest
from fairlearn.postprocessing import ThresholdOptimizer
from scipy.optimize import linprog
from scipy.spatial import ConvexHull
from scipy.stats import norm
from sklearn.base import BaseEstimator, ClassifierMixin

from auditkit.measures import count, difference, equalized_odds_difference, rates_of
from auditkit_repairs.curves.chance import chances
from auditkit_repairs.curves.hull import best_mixture, corners
from auditkit_repairs.curves.points import curves_of, values
from auditkit_repairs.curves.range_max import RangeMax
from auditkit_repairs.curves.sorted_cuts import best_cuts
from auditkit_repairs.curves.two_rates import best_in_two_rates

AIMS = ("equalized_odds", "equal_opportunity", "demographic_parity")


def drawn(rng, n, *, groups=2, ties=None, signal=1.5):
    """Scores of rows in groups with shifted scores and base rates of their own; `ties` rounds the scores."""
    codes = rng.integers(groups, size=n)
    positive = rng.random(n) < 0.5 - 0.12 * codes
    score = rng.normal(signal * positive - 0.4 * codes, 1)
    return (np.round(score, ties) if ties is not None else score), positive, codes


def of(rng, n, *, groups=2, weights=None, **more):
    score, positive, codes = drawn(rng, n, groups=groups, **more)
    return curves_of(score, positive, codes=codes, n_groups=groups, weights=weights)


def span(curves, places, aim):
    """The largest gap of the rates at these cuts."""
    rates = [[rate[place] for rate in curve.rates(aim)] for curve, place in zip(curves, places, strict=True)]
    return float(np.ptp(np.array(rates), axis=0).max())


def worth(curves, places, keep):
    return float(sum(value[place] for value, place in zip(values(curves, keep), places, strict=True)))


def test_a_curve_counts_the_rows_at_or_above_each_score():
    rng = np.random.default_rng(0)
    score, positive, codes = drawn(rng, 200, ties=1)
    weights = rng.integers(1, 4, size=200).astype(float)
    for i, curve in enumerate(curves_of(score, positive, codes=codes, n_groups=2, weights=weights)):
        assert (np.diff(curve.cut) < 0).all()
        for cut, tp, fp in zip(curve.cut, curve.tp, curve.fp, strict=True):
            rows = (codes == i) & (score >= cut)
            assert tp == pytest.approx(weights[rows & positive].sum())
            assert fp == pytest.approx(weights[rows & ~positive].sum())


def test_the_largest_of_a_range_is_that_of_a_loop():
    rng = np.random.default_rng(1)
    for value in (rng.normal(size=37), rng.integers(3, size=32).astype(float), np.zeros(1)):
        low, high = rng.integers(0, len(value) + 1, size=(2, 500))
        naive = [a + value[a:b].argmax() if b > a else -1 for a, b in zip(low, high, strict=True)]
        np.testing.assert_array_equal(RangeMax.of(value).place(low, high), naive)


@pytest.mark.parametrize("aim", AIMS)
@pytest.mark.parametrize("keep", ["accuracy", "balanced_accuracy"])
@pytest.mark.parametrize(("groups", "gap"), [(2, 0.0), (2, 0.05), (2, 0.3), (3, 0.1), (3, 0.25)])
def test_the_best_cuts_are_those_of_a_search_through_all(aim, keep, groups, gap):
    rng = np.random.default_rng(2)
    for weights in (None, None, rng.integers(1, 4, size=16 * groups).astype(float)):
        curves = of(rng, 16 * groups, groups=groups, ties=1, weights=weights)
        found = best_cuts(curves, aim=aim, gap=gap, keep=keep)
        assert found.short == 0
        assert span(curves, found.places, aim) <= gap + 1e-9
        best = most_of_all(curves, aim=aim, gap=gap, keep=keep)
        assert worth(curves, found.places, keep) == pytest.approx(best)


def most_of_all(curves, *, aim, gap, keep):
    """What the best of all combinations of cuts within the gap is worth."""
    every = product(*(range(len(curve.cut)) for curve in curves))
    return max(worth(curves, one, keep) for one in every if span(curves, one, aim) <= gap + 1e-9)


def test_a_search_that_stops_early_says_how_much_better_the_best_may_be():
    rng = np.random.default_rng(7)
    curves = of(rng, 120, groups=3, ties=1)
    rates = [np.column_stack(curve.rates("equalized_odds")) for curve in curves]
    best = most_of_all(curves, aim="equalized_odds", gap=0.05, keep="accuracy")
    stopped = [best_in_two_rates(rates, values(curves, "accuracy"), 0.05, most=most) for most in (1, 5, 20)]
    assert stopped[0].short > 0
    for found in stopped:
        kept = worth(curves, found.places, "accuracy")
        assert kept <= best <= kept + found.short
        assert span(curves, found.places, "equalized_odds") <= 0.05 + 1e-9


@pytest.mark.parametrize("gap", [0.0, 0.02])
def test_equalized_odds_of_many_rows_or_groups_is_proven_in_few_boxes(gap):
    rng = np.random.default_rng(8)
    for n, groups in ((60_000, 4), (3_000, 60)):
        codes = rng.integers(groups, size=n)
        positive = rng.random(n) < 0.5 - 0.3 * codes / groups
        curves = curves_of(
            rng.normal(1.5 * positive - 0.8 * codes / groups, 1), positive, codes=codes, n_groups=groups
        )
        rates = [np.column_stack(curve.rates("equalized_odds")) for curve in curves]
        assert best_in_two_rates(rates, values(curves, "accuracy"), gap, most=20_000).short == 0


def test_the_hull_has_the_corners_that_qhull_finds():
    rng = np.random.default_rng(3)
    for curve in of(rng, 400):
        hull = corners(curve)
        points = np.column_stack((curve.fp, curve.tp))
        expected = {tuple(points[i]) for i in ConvexHull(points).vertices}
        assert expected <= set(zip(hull.fp, hull.tp, strict=True))
        assert len(hull.cut) <= len(expected) + 4


def by_program(curves, aim, gap, keep):
    """The optimum of the linear program over all points, with a constraint for every pair of groups."""
    sizes = [len(curve.cut) for curve in curves]
    ends = np.cumsum([0, *sizes])
    rows, limits = [], []
    for i, j in product(range(len(curves)), repeat=2):
        for rate_i, rate_j in zip(curves[i].rates(aim), curves[j].rates(aim), strict=True):
            row = np.zeros(ends[-1])
            row[ends[i] : ends[i + 1]] += rate_i
            row[ends[j] : ends[j + 1]] -= rate_j
            rows.append(row)
            limits.append(gap)
    ones = np.repeat(np.eye(len(curves)), sizes, axis=1)
    solved = linprog(
        -np.concatenate(values(curves, keep)), A_ub=rows, b_ub=limits, A_eq=ones, b_eq=np.ones(len(curves))
    )
    return -solved.fun


def expected_worth(curves, mixtures, keep):
    total = 0.0
    for curve, value, mixture in zip(curves, values(curves, keep), mixtures, strict=True):
        places = [int(np.flatnonzero(curve.cut == cut)[0]) for cut in mixture.cut]
        total += float(mixture.chance @ value[places])
    return total


@pytest.mark.parametrize("aim", AIMS)
@pytest.mark.parametrize(("groups", "gap", "keep"), [(2, 0.0, "accuracy"), (3, 0.03, "balanced_accuracy")])
def test_the_best_mixture_is_the_optimum_of_the_whole_program(aim, groups, gap, keep):
    rng = np.random.default_rng(4)
    for ties in (None, 1):
        curves = of(rng, 300, groups=groups, ties=ties)
        mixtures = best_mixture(curves, aim=aim, gap=gap, keep=keep)
        assert expected_worth(curves, mixtures, keep) == pytest.approx(by_program(curves, aim, gap, keep))
        assert (
            expected_worth(curves, mixtures, keep)
            >= worth(curves, best_cuts(curves, aim=aim, gap=gap, keep=keep).places, keep) - 1e-6
        )


def test_a_row_meets_every_cut_that_lies_at_or_below_its_score():
    rng = np.random.default_rng(5)
    curves = of(rng, 500, ties=1)
    mixture = best_mixture(curves, aim="equalized_odds", gap=0.0, keep="accuracy")[1]
    score = rng.normal(size=100).round(1)
    naive = [
        sum(c for cut, c in zip(mixture.cut, mixture.chance, strict=True) if one >= cut) for one in score
    ]
    np.testing.assert_allclose(mixture.probability(score), naive, atol=1e-12)


class Scores(ClassifierMixin, BaseEstimator):
    """A fitted model whose probabilities are its input."""

    def fit(self, X, y):  # noqa: N803  scikit-learn's name
        return self

    def __sklearn_is_fitted__(self):
        return True

    def predict_proba(self, X):  # noqa: N803
        return np.column_stack((1 - X[:, 0], X[:, 0]))


@pytest.mark.parametrize(
    ("aim", "named"), [("equalized_odds", "equalized_odds"), ("equal_opportunity", "true_positive_rate_parity"),
                       ("demographic_parity", "demographic_parity")],
)  # fmt: skip
def test_chance_is_at_least_as_accurate_as_fairlearn_on_its_grid(aim, named):
    rng = np.random.default_rng(6)
    score, positive, codes = drawn(rng, 2000)
    score = norm.cdf(score)
    curves = curves_of(score, positive, codes=codes, n_groups=2)
    ours = expected_worth(curves, best_mixture(curves, aim=aim, gap=0.0, keep="accuracy"), "accuracy") / 2000
    peer = ThresholdOptimizer(
        estimator=Scores(), constraints=named, objective="accuracy_score", predict_method="predict_proba",
        grid_size=1000, prefit=True,
    ).fit(score[:, None], positive.astype(int), sensitive_features=codes)  # fmt: skip
    chosen = peer._pmf_predict(score[:, None], sensitive_features=codes)[:, 1]
    theirs = np.where(positive, chosen, 1 - chosen).mean()
    assert theirs - 1e-9 <= ours + 0.002
    assert ours == pytest.approx(theirs, abs=0.004)


def test_one_id_always_has_one_chance_and_nobody_without_the_key_can_foretell_it():
    ids = [str(i) for i in range(20_000)]
    found = chances(ids, key="k")
    np.testing.assert_array_equal(found[::-1], chances(ids[::-1], key="k"))
    assert abs(np.corrcoef(found, chances(ids, key="l"))[0, 1]) < 0.03
    assert (found >= 0).all()
    assert (found < 1).all()
    np.testing.assert_allclose(np.quantile(found, [0.1, 0.5, 0.9]), [0.1, 0.5, 0.9], atol=0.02)
    secret = hashlib.blake2b(b"k", digest_size=64).digest()
    number = int.from_bytes(hashlib.blake2b(b"7", digest_size=8, key=secret).digest(), "big")
    assert found[7] == (number >> 11) / 2**53


@pytest.mark.slow
@pytest.mark.parametrize("aim", AIMS)
@pytest.mark.parametrize("n", [1000, 5000])
def test_the_gap_of_all_people_lies_within_what_is_promised(aim, n):
    """The promise is the upper bound on the rows learned from, a level of 2.5 %: above 15 of 300 has p < .01."""
    rng = np.random.default_rng(n)
    base, broken = np.array([0.4, 0.25]), 0
    for _ in range(300):
        codes = (rng.random(n) < 0.3).astype(np.int64)
        truth = (rng.random(n) < base[codes]).astype(np.int64)
        score = rng.normal(1.5 * truth - 0.5 * codes, 1)
        curves = curves_of(score, truth == 1, codes=codes, n_groups=2)
        places = best_cuts(curves, aim=aim, gap=0.02, keep="accuracy").places
        cuts = np.array([curve.cut[place] for curve, place in zip(curves, places, strict=True)])
        counted = count(codes, truth, (score >= cuts[codes]).astype(np.int64), n_groups=2, n_classes=2)
        tpr, fpr = (norm.sf(cuts + np.array([0.0, 0.5]) - mean) for mean in (1.5, 0.0))
        rates = {
            "equalized_odds": ((tpr, fpr), ("tpr", "fpr")),
            "equal_opportunity": ((tpr,), ("tpr",)),
            "demographic_parity": ((base * tpr + (1 - base) * fpr,), ("selection_rate",)),
        }
        true, names = rates[aim]
        measured = [rates_of(counted, name) for name in names]
        promised = (
            equalized_odds_difference(*measured, agg="worst_case")
            if len(measured) == 2
            else difference(*measured)
        )
        broken += max(np.ptp(rate) for rate in true) > promised.interval.high
    assert broken <= 15
