"""What plain minoria is worth: planted groups found and confirmed on rows it did not see, and few false alarms."""

import numpy as np
import pytest
from plugins.minoria.calls import mined
from plugins.minoria.seeded import minoria_md

from auditkit.logistic import fit_logistic, probability
from auditkit_minoria.start import whitened_difference

SEEDS, N, D = 20, 10_000, 20


def f1(tail, group):
    return 2 * (tail & group).sum() / max(tail.sum() + group.sum(), 1)


def out_of_fold_loss(points, label, rng):
    """Log loss of a logistic regression that did not see the row."""
    fold, chance = rng.integers(0, 5, len(points)), np.empty(len(points))
    for k in range(5):
        test = fold == k
        beta = fit_logistic(points[~test], label[~test] == 1)
        chance[test] = probability(beta[0] + points[test] @ beta[1:])
    return -np.log(np.clip(np.where(label == 1, chance, 1 - chance), 1e-12, 1.0))


def best_linear_rule(points, group, mining):
    """F1 on held-out rows of the linear discriminant that knows the group, cut where its F1 on mining rows is best."""
    score = points @ whitened_difference(points[mining], group[mining])
    cuts = np.sort(score[mining])[-2000::5]
    cut = max(cuts, key=lambda limit: f1(score[mining] >= limit, group[mining]))
    return f1((score >= cut)[~mining], group[~mining])


@pytest.mark.slow
def test_planted_groups_are_found_like_by_one_who_knows_them_and_without_any_few_are_confirmed():
    found, alarms = 0, 0
    for seed in range(SEEDS):
        points, label, planted, _ = minoria_md(N, D, seed)
        points, group = (points - points.mean(axis=0)) / points.std(axis=0), planted == 1
        rng = np.random.default_rng(seed)
        mining = rng.permutation(N) < N // 2
        loss = out_of_fold_loss(points, label, rng)
        groups = mined(points, loss, mining, rng=rng, search="climb+focus")
        scores = [f1(one.tail(points)[~mining], group[~mining]) for one in groups if one.confirmed]
        found += max(scores, default=0.0) >= best_linear_rule(points, group, mining) - 0.05
        alone, wrong = ~group, (rng.random(N) < 0.2).astype(float)
        null = mined(points[alone], wrong[alone], mining[alone], rng=rng, search="climb+focus")
        alarms += any(one.confirmed for one in null)
    assert found >= 18
    assert alarms <= 1
