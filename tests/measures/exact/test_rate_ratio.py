"""The ratio of two rates with standard errors beside Fieller's formulas, one number at a time."""

from math import erf, inf, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from auditkit.measures.exact.rate_ratio import rate_ratio_bound, rate_ratio_p

RATES, ERRORS = st.floats(0.02, 1.0), st.floats(0.001, 0.3)
SIDES = st.sampled_from(["above", "below"])


def slow_p(top, top_error, over, over_error, together, threshold, side):
    """Return the p-value by hand: Wald's score of top - t over, and 1 - (1 - p)^m for one of m at once."""
    if threshold < 0:
        return 0.0 if side == "above" else 1.0
    score = (top - threshold * over) / sqrt(top_error**2 + (threshold * over_error) ** 2)
    alone = (1 - erf((score if side == "above" else -score) / sqrt(2))) / 2
    return 1 - (1 - alone) ** together


def basis(*numbers):
    return np.array([numbers], dtype=float)


@settings(max_examples=200, deadline=None)
@given(RATES, ERRORS, RATES, ERRORS, st.integers(1, 20), st.floats(-0.5, 4), SIDES)
def test_p_equals_the_formula_by_hand(top, top_error, over, over_error, together, threshold, side):
    asked = basis(top, top_error, over, over_error, together)
    found = rate_ratio_p(np.zeros(1), asked, np.array([threshold]), side)
    assert found.dtype == np.float64
    assert found[0] == pytest.approx(
        slow_p(top, top_error, over, over_error, together, threshold, side), abs=1e-9
    )


@settings(max_examples=200, deadline=None)
@given(RATES, ERRORS, RATES, ERRORS, st.integers(1, 20), st.floats(0.001, 0.2), SIDES)
def test_the_bound_is_where_the_p_value_is_the_level(top, top_error, over, over_error, together, level, side):
    """Found by bisection on the slow p-value; none above where the denominator might be 0, 0 where the rate might."""
    asked = basis(top, top_error, over, over_error, together)
    (bound,) = rate_ratio_bound(np.zeros(1), asked, np.array([level]), side)

    def beyond(t):
        return slow_p(top, top_error, over, over_error, together, t, side) - level

    if side == "above":
        assume(abs(beyond(0.0)) > 1e-9)
        expected = brentq(beyond, 0.0, top / over, xtol=1e-14) if beyond(0.0) < 0 else 0.0
    else:
        far = 1e9
        assume(abs(slow_p(top, top_error, over, over_error, together, far, side) - level) > 1e-6)
        expected = brentq(beyond, top / over, far, rtol=1e-12, maxiter=500) if beyond(far) < 0 else inf
    assert bound == pytest.approx(expected, rel=1e-6, abs=1e-9)
