"""Measures against their slow twins and against values worked out beforehand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plugins.mime import oracle
from scipy import stats

from auditkit_mime.theory.gaussianity import bins_for, chi_square
from auditkit_mime.theory.overlap import common_edges, histogram, overlap
from auditkit_mime.theory.threshold import ideal_thresholds, snippet_thresholds

shares = st.lists(st.floats(0.001, 1), min_size=6, max_size=12).map(lambda v: np.array(v) / np.sum(v))


def test_chi_square_has_the_published_critical_values_and_reference_statistics():
    r = np.random.default_rng(0)
    normal, exponential = r.normal(size=379), r.exponential(size=379)
    fit = chi_square(normal, 15)
    assert fit.statistic == pytest.approx(15.4722955, abs=1e-7)
    assert fit.critical == pytest.approx(21.0260698, abs=1e-7)
    assert fit.p_value == pytest.approx(0.2166181, abs=1e-7)
    assert fit.gaussian
    skewed = chi_square(exponential, 15)
    assert skewed.statistic == pytest.approx(210.5910290, abs=1e-7)
    assert not skewed.gaussian
    assert chi_square(normal[:43], 5).critical == pytest.approx(5.9914645, abs=1e-7)


@pytest.mark.parametrize("bins", [4, 5, 9, 15])
def test_chi_square_is_the_snippets(bins):
    values = np.random.default_rng(bins).standard_t(4, size=120)
    fit = chi_square(values, bins)
    assert (fit.statistic, fit.critical, fit.p_value) == pytest.approx(oracle.chi_square(values, bins))


def test_each_bin_has_at_least_five_rows_on_average():
    assert [bins_for(n) for n in (19, 20, 43, 75, 379)] == [3, 4, 8, 15, 15]


def test_overlap_toys():
    assert overlap(np.array([0.2, 0.5, 0.3]), np.array([0.1, 0.6, 0.3])) == pytest.approx(0.9)
    assert overlap(np.array([0.5, 0.5]), np.array([0.5, 0.5])) == 1
    assert overlap(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == 0


@given(shares, st.data())
def test_overlap_is_symmetric_within_0_and_1_and_the_snippets(first, data):
    second = data.draw(st.permutations(list(first)).map(np.array))
    found = float(overlap(first, second))
    assert found == pytest.approx(float(overlap(second, first)))
    assert 0 <= found <= 1 + 1e-12
    assert found == pytest.approx(oracle.histogram_intersection(first, second))


def reference_classes():
    r = np.random.default_rng(0)
    return r.normal(-1, 1, 5000), r.normal(1, 1, 5000)


def test_two_unit_gaussians_two_apart_overlap_by_what_theory_says():
    first, second = reference_classes()
    edges = np.linspace(-5, 5, 41)
    found = float(overlap(histogram(first, edges), histogram(second, edges)))
    assert found == pytest.approx(0.3142, abs=1e-12)
    assert found == pytest.approx(2 * stats.norm.cdf(-1), abs=0.01)


def test_a_histogram_has_sum_1_and_keeps_what_lies_outside_at_its_ends():
    values = np.array([-9.0, 0.1, 0.2, 0.9, 5.0])
    assert histogram(values, np.array([0.0, 0.5, 1.0])) == pytest.approx([0.6, 0.4])
    assert common_edges(np.array([2.0, 2.0]), 4) == pytest.approx([1.5, 1.75, 2, 2.25, 2.5])
    assert common_edges(values, 2) == pytest.approx([-9, -2, 5])


def binned(first, second, bins=40, reach=5.0):
    edges = np.linspace(-reach, reach, bins + 1)
    return histogram(first, edges), histogram(second, edges), (edges[1:] + edges[:-1]) / 2


def test_the_ideal_threshold_between_the_means_is_never_far_off():
    apart, literal = [], []
    for seed in range(200):
        r = np.random.default_rng(seed)
        first, second = r.normal(-1, 1, 5000), r.normal(1, 1, 5000)
        h1, h2, centres = binned(first, second)
        found = ideal_thresholds(h1, h2, centres=centres, between=(first.mean(), second.mean()))
        apart.append(abs(float(found)))
        literal.append(abs(snippet_thresholds(h1, h2, centres=centres, between=(-1, 1))))
        twin = oracle.ideal_hyperplane(h1, h2, centres, low=first.mean(), high=second.mean())
        assert float(found) == pytest.approx(twin, abs=1e-3)
    assert max(apart) < 0.5
    assert np.mean(apart) < 0.07
    assert sum(value > 0.5 for value in literal) > 100  # in a tail, where both polynomials are near 0


def test_the_snippets_threshold_is_the_snippets():
    h1, h2, centres = binned(*reference_classes())
    assert snippet_thresholds(h1, h2, centres=centres, between=(-1, 1)) == oracle.ideal_hyperplane(
        h1, h2, centres
    )
    assert snippet_thresholds(h1, h2, centres=centres, between=(-1, 1)) == pytest.approx(0.0070014, abs=1e-7)


def test_thresholds_move_with_the_units_of_the_data():
    first, second = reference_classes()
    h1, h2, centres = binned(first, second)
    plain = float(ideal_thresholds(h1, h2, centres=centres, between=(-1, 1)))
    moved = ideal_thresholds(h1, h2, centres=1e6 + 50 * centres, between=(1e6 - 50, 1e6 + 50))
    assert (float(moved) - 1e6) / 50 == pytest.approx(plain, abs=1e-6)


def test_many_pairs_of_histograms_have_a_threshold_each():
    pairs = [binned(*np.random.default_rng(s).normal([[-1], [1]], 1, (2, 500))) for s in range(3)]
    centres = pairs[0][2]
    many = ideal_thresholds(
        np.stack([p[0] for p in pairs]), np.stack([p[1] for p in pairs]), centres=centres, between=(-1, 1)
    )
    one = [float(ideal_thresholds(p[0], p[1], centres=centres, between=(-1, 1))) for p in pairs]
    assert many == pytest.approx(one)
