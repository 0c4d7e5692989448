"""The theorems' closed forms against quadrature, published values and simulation."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plugins.mime import oracle

from auditkit_mime.theory.simulate import simulate_update
from auditkit_mime.theory.theorems import (
    TwoClasses,
    crossing,
    density_ratio,
    linear_update,
    printed_1,
    printed_2,
    printed_update,
    theorem_1,
    theorem_2,
    theorem_3,
    update,
    update_with_priors,
)

UNIT = TwoClasses(np.float64(-1), np.float64(1), np.float64(1), np.float64(1))
NARROW = replace(UNIT, sd1=np.float64(0.6), sd2=np.float64(0.6))


def classes(m1, s1, m2, s2):
    return TwoClasses(*(np.float64(value) for value in (m1, s1, m2, s2)))


def test_theorem_1_has_its_reference_values():
    for found in (printed_update(UNIT, np.float64(0), np.float64(0.1)), update(UNIT, np.float64(0.1))):
        assert float(found) == pytest.approx(0.0483940644, abs=1e-10)
    assert float(linear_update(UNIT, np.float64(0), np.float64(0.1))) == pytest.approx(
        0.0483941449, abs=1e-10
    )


def test_theorem_3_has_its_reference_value():
    assert float(update_with_priors(UNIT, np.float64(0.1), 0.5)) == pytest.approx(0.0241970322, abs=1e-10)


@given(
    st.floats(-3, 0),
    st.floats(0.3, 2),
    st.floats(0.5, 3),
    st.floats(0.3, 2),
    st.floats(0.01, 0.5),
    st.floats(0.1, 0.9),
)
def test_closed_forms_are_the_integrals(m1, s1, m2, s2, error, prior):
    found = classes(m1, s1, m2, s2)
    d = 0.3
    assert float(printed_update(found, np.float64(d), np.float64(error))) == pytest.approx(
        oracle.mass(m2, s2, d - error, d + error), abs=1e-9
    )
    t = prior * oracle.mass(m2, s2, m2 - 12 * s2, d) if d > m2 - 12 * s2 else 0.0
    t -= (1 - prior) * (oracle.mass(m1, s1, d, m1 + 12 * s1) if d < m1 + 12 * s1 else 0.0)
    assert float(update_with_priors(found, np.float64(d), prior)) == pytest.approx(t, abs=1e-7)


@given(st.floats(-3, -0.5), st.floats(0.3, 1), st.floats(0.5, 3), st.floats(0.3, 1))
def test_the_crossing_lies_where_the_densities_are_equal(m1, s1, m2, s2):
    found = crossing(classes(m1, s1, m2, s2))
    ends = [np.log(s2 / s1) + ((m2 - m1) / s2) ** 2 / 2, np.log(s1 / s2) + ((m2 - m1) / s1) ** 2 / 2]
    if min(ends) > 1e-6:  # each class is the likelier one at its own mean
        assert float(found) == pytest.approx(oracle.crossing(m1, s1, m2, s2), abs=1e-8)
    else:
        assert m1 - 1e-9 <= float(found) <= m2 + 1e-9


def test_the_crossing_of_classes_in_the_other_order_is_the_same_place():
    assert float(crossing(classes(1, 0.5, -1, 0.8))) == pytest.approx(oracle.crossing(-1, 0.8, 1, 0.5))


def test_a_minority_of_more_overlap_is_foretold_to_help_until_the_gap_takes_it_back():
    assert float(theorem_1(NARROW, UNIT, error=np.float64(0.1))) > 0
    assert float(theorem_1(UNIT, NARROW, error=np.float64(0.1))) < 0
    ratio = float(density_ratio(NARROW, UNIT))
    least = 0.005 / (1 - ratio)  # ratio < 1 - gap / error, solved for the error

    def shifted(gap):
        return classes(-1 + gap, 1, 1 + gap, 1)

    assert float(theorem_2(NARROW, shifted(0.005), error=np.float64(1.05 * least))) > 0
    assert float(theorem_2(NARROW, shifted(0.005), error=np.float64(0.95 * least))) < 0
    assert float(theorem_2(NARROW, shifted(-0.005), error=np.float64(0.95 * least))) > 0  # case 1: gap < 0


def test_theorem_3_with_even_priors_agrees_with_theorem_1():
    one = float(theorem_1(NARROW, UNIT, error=np.float64(0.1)))
    three = float(theorem_3(NARROW, UNIT, error=np.float64(0.1), priors=(0.5, 0.5)))
    assert three == pytest.approx(one / 2, abs=1e-9)  # rows of both classes, each half as likely


def test_mirrored_classes_have_the_mirrored_crossing():
    lop = classes(-1, 0.5, 2, 1.5)
    assert float(crossing(lop.mirrored())) == pytest.approx(-float(crossing(lop)))


def drawn_move(group, x, rng, rows=40_000):
    """The mean downward move by one row of each class, and its standard error."""
    second = group.mean2 + group.sd2 * rng.standard_normal(rows)
    first = group.mean1 + group.sd1 * rng.standard_normal(rows)
    moves = (second < x).astype(float) - (first >= x)
    return moves.mean(), moves.std(ddof=1) / np.sqrt(rows)


def test_theorems_are_what_drawn_rows_do_whatever_the_spreads():
    """100 parameter sets: 3 standard errors, which chance alone leaves once in 370 times."""
    rng = np.random.default_rng(0)
    outside = 0
    for _ in range(100):
        means, sds = rng.uniform(0.5, 2, size=4), rng.uniform(0.3, 1.6, size=4)
        gap, error = rng.uniform(-0.1, 0.1), np.float64(rng.uniform(0.05, 0.4))
        major = classes(-means[0], sds[0], means[1], sds[1])
        minor = classes(gap - means[2], sds[2], gap + means[3], sds[3])
        x = crossing(major) + error
        for found, places in (
            (theorem_1(major, minor, error=error), (crossing(minor) + error, x)),
            (theorem_2(major, minor, error=error), (x, x)),
        ):
            (a, ea), (b, eb) = (
                drawn_move(group, at, rng) for group, at in zip((minor, major), places, strict=True)
            )
            outside += abs(a - b - float(found)) > 3 * np.hypot(ea, eb)
    assert outside <= 3  # of 200, 0.54 on average


def test_the_printed_form_is_another_number_for_unequal_spreads():
    lop = classes(-1.2, 0.7, 1.5, 1.3)
    error = np.float64(0.15)
    mean, se = drawn_move(lop, crossing(lop) + error, np.random.default_rng(1), rows=400_000)
    assert abs(float(update(lop, crossing(lop) + error)) - mean) < 3 * se
    assert mean == pytest.approx(0.1067, abs=0.003)
    assert float(printed_update(lop, crossing(lop), error)) == pytest.approx(0.045, abs=0.001)
    for printed, exact in ((printed_1, theorem_1), (printed_2, theorem_2)):
        assert float(printed(NARROW, UNIT, error=error)) == pytest.approx(
            float(exact(NARROW, UNIT, error=error))
        )
        assert float(printed(NARROW, lop, error=error)) != pytest.approx(
            float(exact(NARROW, lop, error=error)), abs=0.01
        )


def test_a_simulated_update_agrees_with_the_closed_form():
    rng = np.random.default_rng(0)
    for prior in (0.5, 0.3):
        found = simulate_update(UNIT, 0.1, prior=prior, rows=400_000, rng=rng)
        expected = float(update_with_priors(UNIT, np.float64(0.1), prior))
        assert abs(found.mean - expected) < 4 * found.error
    even = simulate_update(UNIT, 0.1, prior=0.5, rows=400_000, rng=rng)
    assert abs(2 * even.mean - float(update(UNIT, np.float64(0.1)))) < 8 * even.error


def thresholds(majority, minority, *, share, rng, start=0.3, rate=0.001, rows=300, runs=2000):
    """Thresholds after rows that are of the minority with probability `share`, [runs]; classes are equally likely."""
    threshold = np.full(runs, start)
    for _ in range(rows):
        minor, second = rng.random(runs) < share, rng.random(runs) < 0.5
        mean, sd = (
            np.where(
                minor,
                np.where(second, getattr(minority, f"{what}2"), getattr(minority, f"{what}1")),
                np.where(second, getattr(majority, f"{what}2"), getattr(majority, f"{what}1")),
            )
            for what in ("mean", "sd")
        )
        x = mean + sd * rng.standard_normal(runs)
        threshold -= rate * ((second & (x < threshold)).astype(float) - (~second & (x >= threshold)))
    return threshold


def test_a_perceptron_that_sees_more_minority_rows_ends_nearer_the_ideal_threshold():
    rng = np.random.default_rng(0)
    without, only = (thresholds(NARROW, UNIT, share=share, rng=rng) for share in (0.0, 1.0))
    errors = (without.std() + only.std()) / np.sqrt(2000)
    assert 0 < only.mean() < without.mean() - 4 * errors
