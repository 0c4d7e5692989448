import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plugins.shasam.oracle import (
    A,
    N,
    P,
    conditional_mutual,
    determinant,
    facility,
    gain,
    mutual,
    seeded_unit_rows,
)

from auditkit import DataError
from auditkit_shasam.submodular import cosine_kernel, facility_location, log_determinant, unit_rows

FAMILIES = {
    "facility_location": (facility_location, facility),
    "log_determinant": (log_determinant, determinant),
}


def random_problem(seed, policy="clamp"):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(6, 15))
    kernel = cosine_kernel(rng.normal(size=(n, int(rng.integers(2, 6)))), policy=policy)
    items = rng.permutation(n)
    first, second, third = (tuple(items[i * n // 3 : (i + 1) * n // 3].tolist()) for i in range(3))
    return kernel, first, second, third


def test_the_seeded_facility_location_information_is_that_of_the_method_page_with_raw_cosines():
    kernel = cosine_kernel(seeded_unit_rows(), policy="raw")
    found = facility_location.conditional_mutual_information(kernel, A, N, given=P)
    assert found == pytest.approx(2.8249245646, abs=1e-9)
    assert conditional_mutual(lambda s: facility(kernel, s), A, N, P) == pytest.approx(found, abs=1e-9)


def test_the_seeded_log_determinant_information_is_that_of_the_method_page():
    kernel = cosine_kernel(seeded_unit_rows(), policy="raw")
    found = log_determinant.conditional_mutual_information(kernel, A, N, given=P)
    assert found == pytest.approx(2.5811683631, abs=1e-9)


def test_table_1_gives_the_log_determinant_information_and_equation_24_another():
    kernel = cosine_kernel(seeded_unit_rows(), policy="raw") + 0.1 * np.eye(25)

    def ratio(first, second):  # log det(I - S_1^-1 S_12 S_2^-1 S_12')
        cross = kernel[np.ix_(first, second)]
        inner = np.linalg.solve(kernel[np.ix_(first, first)], cross)
        inner = inner @ np.linalg.solve(kernel[np.ix_(second, second)], cross.T)
        return np.linalg.slogdet(np.eye(len(first)) - inner)[1]

    # Table 1's two arguments swapped in sign would be negative: it is this order that equals the definition.
    assert ratio(N, P) - ratio((*A, *P), N) == pytest.approx(2.5811683631, abs=1e-9)
    swapped = ratio(N, P) - ratio((*A, *N), P)
    assert swapped == pytest.approx(2.4842290714, abs=1e-9)
    plain = cosine_kernel(seeded_unit_rows(), policy="raw")
    other = log_determinant.conditional_mutual_information(plain, A, P, given=N)
    assert other == pytest.approx(2.4842290714, abs=1e-9)


def test_equation_25_needs_minus_f_n_minus_f_p_plus_f_n_p():
    kernel = cosine_kernel(seeded_unit_rows(), policy="raw")

    def f(*sets):
        return log_determinant.value(kernel, [i for s in sets for i in s])

    first = f(A, P) + f(N) - f(A, P, N)
    assert first - f(N) - f(P) + f(N, P) == pytest.approx(2.5811683631, abs=1e-9)
    assert first - f(N) + f(P) - f(N, P) == pytest.approx(16.3146, abs=1e-4)


def test_equation_16_needs_the_gain_of_n_given_p():
    kernel = cosine_kernel(seeded_unit_rows(), policy="raw")
    gain_of = facility_location.conditional_gain
    both = gain_of(kernel, (*A, *N), P)
    assert gain_of(kernel, A, P) + gain_of(kernel, N, P) - both == pytest.approx(2.8249, abs=1e-4)
    assert gain_of(kernel, A, P) + gain_of(kernel, A, N) - both == pytest.approx(1.3675, abs=1e-4)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("policy", ["clamp", "shift", "raw"])
@given(seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_closed_forms_equal_their_definitions(family, policy, seed):
    module, oracle = FAMILIES[family]
    kernel, first, second, third = random_problem(seed, policy)
    if family == "log_determinant":
        kernel = kernel @ kernel.T / len(kernel)  # clamped cosines need not be positive semidefinite

    def f(items):
        return oracle(kernel, items)

    close = {"rel": 1e-9, "abs": 1e-9}
    assert module.value(kernel, first) == pytest.approx(f(first), **close)
    assert module.mutual_information(kernel, first, second) == pytest.approx(
        mutual(f, first, second), **close
    )
    assert module.conditional_gain(kernel, first, second) == pytest.approx(gain(f, first, second), **close)
    found = module.conditional_mutual_information(kernel, first, second, given=third)
    assert found == pytest.approx(conditional_mutual(f, first, second, third), **close)


def test_a_superset_of_covered_rows_and_the_union_alone_both_agree_with_the_definition():
    kernel = cosine_kernel(seeded_unit_rows())
    union = [*A, *P, *N]
    for rows in (union, range(25)):
        part = kernel[list(rows)]
        found = facility_location.conditional_mutual_information(part, A, N, given=P)
        assert found == pytest.approx(conditional_mutual(lambda s: facility(part, s), A, N, P))  # noqa: B023


@given(seed=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_facility_location_information_lies_between_0_and_its_unconditional_bound(seed):
    kernel, first, second, third = random_problem(seed)
    found = facility_location.conditional_mutual_information(kernel, first, second, given=third)
    assert 0 <= found <= facility_location.mutual_information(kernel, first, second) + 1e-12


def test_the_seeded_information_stays_below_its_bound_of_the_method_page():
    kernel = cosine_kernel(seeded_unit_rows(), policy="raw")
    assert facility_location.mutual_information(kernel, A, N) == pytest.approx(9.263, abs=1e-3)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_log_determinant_information_is_never_negative(seed):
    kernel, first, second, third = random_problem(seed, "raw")
    assert log_determinant.conditional_mutual_information(kernel, first, second, given=third) >= -1e-9


@given(seed=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_facility_location_of_nonnegative_similarities_is_monotone_and_submodular(seed):
    kernel, first, second, _ = random_problem(seed)
    f = facility_location.value
    union = f(kernel, (*first, *second))
    common = f(kernel, tuple(set(first) & set(second)))
    assert union >= f(kernel, first) - 1e-12
    assert f(kernel, first) + f(kernel, second) >= union + common - 1e-12


def test_raw_cosines_break_submodularity_which_is_why_a_policy_is_needed():
    kernel = cosine_kernel(seeded_unit_rows(), policy="raw")
    singles = [facility_location.value(kernel, [j]) for j in range(25)]
    assert sum(value < 0 for value in singles) == 7
    pairs = itertools.combinations(range(25), 2)
    broken = sum(singles[a] + singles[b] < facility_location.value(kernel, [a, b]) for a, b in pairs)
    assert broken > 290  # of 300 pairs, f({a}) + f({b}) >= f({a, b}) + f(empty) fails


def test_duplicated_rows_have_a_finite_log_determinant():
    twice = np.repeat(seeded_unit_rows()[:3], 2, axis=0)
    kernel = cosine_kernel(twice)
    assert np.isfinite(log_determinant.value(kernel, range(6)))
    assert log_determinant.value(kernel, [0, 0, 1]) == log_determinant.value(kernel, [0, 1])


def test_unit_rows_survive_zeros_and_extreme_lengths():
    rows = unit_rows(np.array([[0.0, 0.0], [3e200, 4e200], [3e-200, 4e-200]]))
    np.testing.assert_allclose(rows, [[0, 0], [0.6, 0.8], [0.6, 0.8]])
    with pytest.raises(DataError, match="not finite"):
        unit_rows(np.array([[1.0, np.nan]]))
