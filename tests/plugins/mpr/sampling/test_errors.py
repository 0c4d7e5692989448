"""Errors of the reference's means in bootstrap draws."""

import numpy as np
import pytest
from plugins.mpr.seeded import small

from auditkit_mpr.reference.population import population
from auditkit_mpr.reference.table import Reference
from auditkit_mpr.sampling.draws import Draws
from auditkit_mpr.sampling.errors import mean_errors

DRAWS = Draws(count=4000, confidence=0.95, rng=lambda purpose: np.random.default_rng(len(purpose)))


def test_bootstrap_errors_have_the_spread_of_a_mean():
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(500, 2))
    errors = mean_errors(rows, np.full(500, 1 / 500), size=500, draws=4000, rng=rng)
    assert errors.mean(axis=0) == pytest.approx([0, 0], abs=0.005)
    assert errors.std(axis=0) == pytest.approx(rows.std(axis=0) / np.sqrt(500), rel=0.05)


def test_equal_rows_drawn_together_spread_like_rows_drawn_apart():
    rng = np.random.default_rng(2)
    rows = np.repeat([[0.0], [1.0]], [300, 100], axis=0)
    errors = mean_errors(rows, np.full(400, 1 / 400), size=400, draws=4000, rng=rng)
    assert errors.std() == pytest.approx(np.sqrt(0.25 * 0.75 / 400), rel=0.05)


def test_small_weights_make_the_reference_count_for_less():
    _, reference, _ = small()
    assert population(reference).effective == pytest.approx(40)
    assert population(reference, np.r_[np.ones(4), np.full(36, 1e-9)]).effective == pytest.approx(4, rel=1e-6)


def test_a_value_that_the_reference_lacks_counts_for_half_a_row():
    rows = np.tile([1.0, 0.0], (50, 1))
    reference = Reference(population=population(rows), codes=(), exact=False)
    assert not DRAWS.errors(rows, reference, "p").any()
    errors = DRAWS.errors(rows, reference, "p", unseen=np.array([[0.0, 1.0]]))[:, 1]
    share = 0.5 / 50.5
    assert errors.min() == pytest.approx(-share)
    assert np.mean(errors > 0) == pytest.approx(1 - (1 - share) ** 50, abs=0.03)


def test_a_target_that_nobody_sampled_has_no_error_and_many_columns_have_fewer_draws():
    rows = np.eye(4)
    exact = Reference(population=population(rows), codes=(), exact=True)
    assert not DRAWS.errors(rows, exact, "p").any()
    assert DRAWS.affordable(10) == 4000
    assert DRAWS.affordable(10**7) == 200
