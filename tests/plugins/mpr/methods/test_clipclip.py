"""CLIP-clip: the information of dimensions against an integral, and what is dropped."""

import numpy as np
import pytest
from scipy.stats import norm

from auditkit_mpr.methods.clipclip import by_information, clipped, mutual_information


def information(shift):
    """Mutual information of a fair coin and a normal value that the coin shifts, by numerical integration."""
    x = np.linspace(-10, 10 + shift, 20_001)
    each = [norm.pdf(x), norm.pdf(x - shift)]
    mixed = (each[0] + each[1]) / 2
    return sum(np.trapezoid(p * np.log(np.maximum(p, 1e-300) / mixed), x) / 2 for p in each)


def test_the_estimate_is_near_the_integral():
    rng = np.random.default_rng(0)
    codes, shifts = rng.integers(0, 2, 2000), np.array([0.0, 0.7, 1.5, 3.0])
    vectors = (rng.normal(size=(2000, 4)) + codes[:, None] * shifts).astype(np.float32)
    expected = [information(shift) for shift in shifts]
    np.testing.assert_allclose(mutual_information(vectors, codes), expected, atol=0.05)


def test_many_rows_are_sampled_and_the_estimate_stays():
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 2, 5000)
    vectors = (rng.normal(size=(5000, 1)) + 2.0 * codes[:, None]).astype(np.float32)
    assert mutual_information(vectors, codes)[0] == pytest.approx(information(2.0), abs=0.05)


def test_clipclip_drops_the_dimensions_that_tell_the_attribute():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 2, 2000)
    vectors = rng.normal(size=(2000, 6)).astype(np.float32)
    vectors[:, 4] += 2 * codes
    vectors[:, 1] += 0.7 * codes
    order = by_information(vectors, [codes])
    assert order[:2].tolist() == [4, 1]
    query = np.ones(6, dtype=np.float32)
    kept = vectors[:, [0, 2, 3, 5]]
    expected = kept.sum(axis=1) / np.linalg.norm(kept, axis=1) / 2
    np.testing.assert_allclose(clipped(vectors, query, order, share=2 / 6), expected, rtol=1e-5)
