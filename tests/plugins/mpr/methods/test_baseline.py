"""Of a baseline's lists the most similar that keeps the limit is the answer, else the one of least MPR."""

import numpy as np
import pytest
from plugins.mpr.problems import asked, problem

from auditkit_mpr.classes.ball import Ball
from auditkit_mpr.methods.baseline import Baseline


class Several(Baseline):
    """Lists of five at random, made once."""

    name = "several"
    preference = 100
    words = "lists at random"

    def __init__(self):
        self.times = 0

    def lists(self, query):
        self.times += 1
        rng = np.random.default_rng(0)
        return [rng.choice(len(query.similarities), query.k, replace=False) for _ in range(30)]


def test_the_answer_is_the_most_similar_that_keeps_the_limit_or_the_one_of_least_mpr():
    candidates, _ = problem(9, n=40, m=50)
    query, several = asked(Ball("linear"), candidates, 5), Several()
    lists = several.lists(query)
    values = np.array([query.limits.mpr(chosen) for chosen in lists])
    sums = np.array([candidates.similarities[chosen].sum() for chosen in lists])
    for rho in (np.quantile(values, 0.3), np.quantile(values, 0.7), 1.0):
        proof = several.answer(query, float(rho)).certificate
        keeps = values <= rho + 1e-9
        assert proof.meets
        assert proof.similarity == pytest.approx(sums[keeps].max())
        assert proof.similarity > sums[keeps].min() + 0.1
    none = several.answer(query, float(values.min()) / 2).certificate
    assert not none.meets
    assert none.mpr == pytest.approx(values.min())
    assert several.times == 2  # once here, once for all four limits
