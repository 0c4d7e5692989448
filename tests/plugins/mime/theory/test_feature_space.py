"""Feature space: what is found of two made groups, and that its parts agree with plain sums."""

import numpy as np
import pytest
from scipy import stats

from auditkit_mime.theory.feature_space import feature_space
from auditkit_mime.theory.foretold import foretell
from auditkit_mime.theory.overlap import histogram, overlap


def made(*, gap=0.0, rows=600, distances=(4.0, 2.0), seed=0):
    r = np.random.default_rng(seed)
    second = np.tile(np.arange(rows) % 2 == 1, (2, 1))
    apart = np.array(distances)[:, None] / 2
    x = r.normal(size=(2, rows)) + np.where(second, apart, -apart) + np.array([[0], [gap]])
    return x.astype(np.float32), second


def analysed(threshold="central", **changes):
    projected, second = made(**changes)
    space = feature_space(
        projected, second, threshold=threshold, draws=300, confidence=0.95, rng=np.random.default_rng(1)
    )
    return projected, second, space


def test_overlaps_are_those_of_the_histograms_and_near_theory():
    projected, second, space = analysed(rows=4000)
    for x, mask, group, distance in zip(projected, second, space.groups, (4, 2), strict=True):
        first, other = (histogram(v.astype(float), space.edges) for v in (x[~mask], x[mask]))
        assert group.overlap.value == pytest.approx(float(overlap(first, other)))
        assert group.overlap.value == pytest.approx(2 * stats.norm.cdf(-distance / 2), abs=0.02)
        assert group.overlap.low < group.overlap.value < group.overlap.high


def test_the_gap_is_the_distance_of_the_thresholds_and_its_interval_finds_the_true_one():
    _, _, space = analysed(gap=0.8, rows=4000)
    apart = abs(space.groups[0].threshold - space.groups[1].threshold)
    assert space.gap.value == pytest.approx(apart)
    assert 0 < space.gap.low < 0.8 < space.gap.high
    _, _, level = analysed(rows=4000)
    assert level.gap.low == 0


@pytest.mark.slow
def test_standard_errors_are_those_of_fresh_samples():
    values = [analysed(seed=seed)[2].groups[1].overlap.value for seed in range(60)]
    one = analysed()[2].groups[1].overlap
    reach = float(stats.norm.ppf(0.975)) * np.std(values)
    assert (one.high - one.low) / 2 == pytest.approx(reach, rel=0.35)


def test_gaussians_and_fits_are_those_of_the_rows():
    projected, second, space = analysed()
    for x, mask, group in zip(projected.astype(float), second, space.groups, strict=True):
        found = group.gaussians
        assert (found.mean1, found.sd1) == pytest.approx((x[~mask].mean(), x[~mask].std()))
        assert (found.mean2, found.sd2) == pytest.approx((x[mask].mean(), x[mask].std()))
        assert group.drawn.mean1.mean() == pytest.approx(float(found.mean1), abs=0.02)
        assert all(fit.bins == 15 for fit in group.fits)


def test_far_rows_do_not_stretch_the_bins():
    projected, second = made()
    projected[0, 0] = 1e6
    space = feature_space(
        projected, second, threshold="central", draws=100, confidence=0.95, rng=np.random.default_rng(1)
    )
    assert space.edges[-1] < 10
    assert space.groups[0].histograms.sum(axis=1) == pytest.approx([1, 1])


def test_too_few_rows_for_four_bins_are_not_tested():
    _, _, space = analysed(rows=24)
    assert space.groups[0].fits == (None, None)


def test_the_theorems_read_the_fitted_gaussians():
    _, _, space = analysed(rows=4000)
    found = foretell(space, error_share=0.1, prior=0.5, confidence=0.95)
    assert [margin.foretells for margin in found.margins] == ["gain", "gain", "gain"]
    assert found.error == pytest.approx(0.2, abs=0.01)
    assert found.density_ratio == pytest.approx(stats.norm.pdf(2) / stats.norm.pdf(1), rel=0.1)
    _, _, far = analysed(gap=1.0, rows=4000)
    apart = foretell(far, error_share=0.1, prior=0.5, confidence=0.95)
    assert apart.margins[1].foretells == "no gain"
    assert apart.least_error is None
    _, _, near = analysed(gap=0.3, rows=4000)
    small = foretell(near, error_share=0.1, prior=0.5, confidence=0.95)
    assert small.least_error == pytest.approx(0.3 / (1 - small.density_ratio), rel=0.3)


def test_classes_in_the_other_order_foretell_nothing():
    projected, second = made()
    projected[1] *= -1
    space = feature_space(
        projected, second, threshold="central", draws=100, confidence=0.95, rng=np.random.default_rng(1)
    )
    assert foretell(space, error_share=0.1, prior=0.5, confidence=0.95) is None


def test_the_smaller_margin_of_both_sides_counts_wherever_the_gap_lies():
    """A gap helps where the minority's threshold lies beyond the error, and costs on the other side."""
    above, below = (
        foretell(analysed(gap=gap, rows=4000)[2], error_share=0.3, prior=0.5, confidence=0.95)
        .margins[1]
        .value
        for gap in (0.4, -0.4)
    )
    assert above == pytest.approx(below, abs=0.05)
