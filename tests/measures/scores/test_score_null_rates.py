"""Simulations: bounds of AUC and of calibration in the large miss at most 3.5 % a side. Seeds are fixed, none chosen."""

import numpy as np
import pytest
from scipy.special import expit, ndtr
from scipy.stats import norm

from auditkit.measures import (
    auc,
    count,
    measured_in_the_large,
    measured_ranking,
    moments,
    ranking_gap,
    scored,
)

REPEATS, FEW, AT_MOST = 2000, 300, 0.035


def rankings(repeats, m, n, apart, rng, weighted=False):
    truth = np.tile(np.r_[np.ones(m), np.zeros(n)].astype(int), repeats)
    score = rng.normal(size=truth.size) + apart * truth
    weight = rng.gamma(2, size=truth.size) if weighted else None
    blocks = scored(truth, score, weights=weight).blocks(
        np.repeat(np.arange(repeats), m + n), n_groups=repeats
    )
    return auc(blocks)


def misses(measured, truth):
    return max((measured.low > truth).mean(), (measured.high < truth).mean())


@pytest.mark.parametrize("area", [0.5, 0.9])
def test_areas_are_covered_smoke(area):
    apart = np.sqrt(2) * norm.ppf(area)
    found = measured_ranking(rankings(FEW, 30, 300, apart, np.random.default_rng(0)))
    assert misses(found, area) < 0.06


@pytest.mark.slow
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("apart", [0.0, 1.0, 2.0, 3.0])
@pytest.mark.parametrize(("m", "n"), [(30, 30), (30, 300), (300, 30), (100, 1000)])
def test_areas_are_covered(m, n, apart, weighted):
    found = measured_ranking(rankings(REPEATS, m, n, apart, np.random.default_rng(1), weighted))
    assert misses(found, ndtr(apart / np.sqrt(2))) <= AT_MOST


@pytest.mark.slow
@pytest.mark.parametrize("apart", [0.0, 1.0, 2.0])
@pytest.mark.parametrize(("few", "many"), [((30, 100), (300, 2000)), ((40, 40), (60, 500))])
def test_gaps_of_areas_are_covered(few, many, apart):
    rng = np.random.default_rng(2)
    gap = ranking_gap(rankings(REPEATS, *few, apart, rng), rankings(REPEATS, *many, apart, rng))
    assert misses(gap, 0.0) <= AT_MOST


def large(repeats, n, base, spread, rng, shift=0.0):
    """Return calibration in the large of scores that are `shift` too high, on the scale of the score."""
    chance = expit(np.log(base / (1 - base)) + spread * rng.normal(size=(repeats, n)))
    truth = (rng.random((repeats, n)) < chance).astype(int).ravel()
    group = np.repeat(np.arange(repeats), n)
    cases = count(group, truth, truth, n_groups=repeats, n_classes=2)
    return measured_in_the_large(cases, moments(group, chance.ravel() + shift - truth, n_groups=repeats))


@pytest.mark.parametrize("base", [0.02, 0.4])
def test_calibration_in_the_large_is_covered_smoke(base):
    assert misses(large(FEW, 100, base, 1.0, np.random.default_rng(0)), 0.0) < 0.06


@pytest.mark.slow
@pytest.mark.parametrize("shift", [0.0, 0.1])
@pytest.mark.parametrize("spread", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("base", [0.01, 0.1, 0.5])
@pytest.mark.parametrize("n", [30, 200, 2000])
def test_calibration_in_the_large_is_covered(n, base, spread, shift):
    found = large(REPEATS, n, base, spread, np.random.default_rng(3), shift)
    assert misses(found, shift) <= AT_MOST
