"""The largest of the one-sided bounds misses the worst group's true harm as seldom as one bound does, however many."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit.measures import newcombe

SIMULATIONS, ROWS = 2000, 150


@pytest.mark.parametrize(
    "rates",
    [
        np.full(2, 0.5),
        np.full(20, 0.5),
        np.append(np.full(19, 0.6), 0.4),
        np.linspace(0.3, 0.7, 20),
        np.full(20, 0.05),
    ],
    ids=["two alike", "twenty alike", "one behind", "all different", "rare"],
)
def test_the_bound_for_all_groups_misses_in_at_most_one_of_forty(rates):
    rng = np.random.default_rng(0)
    hits = rng.binomial(ROWS, rates, size=(SIMULATIONS, len(rates)))
    others, n_others = hits.sum(axis=1, keepdims=True) - hits, ROWS * (len(rates) - 1)
    low, _ = newcombe(hits, ROWS, x2=others, n2=n_others)
    truth = (rates.sum() - rates) / (len(rates) - 1) - rates
    missed = (-np.asarray(low)).max(axis=1) < truth.max()
    assert missed.mean() <= 0.025 + 3 * np.sqrt(0.025 * 0.975 / SIMULATIONS)
