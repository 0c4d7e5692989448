import numpy as np
import pytest

from auditkit.measures import bootstrap_metrics, count, metric_values
from auditkit.measures.intervals.bootstrap import resample

N_DRAWS = 3000


def rows(seed=0, n=400, groups=3):
    rng = np.random.default_rng(seed)
    codes = rng.choice(groups, n, p=np.arange(1, groups + 1) / np.arange(1, groups + 1).sum())
    truth = rng.integers(0, 2, n)
    predicted = np.where(rng.random(n) < 0.7, truth, 1 - truth)
    return codes, truth, predicted


def slow_bootstrap(codes, truth, predicted, name, rng, *, weights=None):
    """Draw rows with replacement and count them again."""
    found = []
    for _ in range(N_DRAWS):
        take = rng.integers(0, len(codes), len(codes))
        heavy = None if weights is None else weights[take]
        table = count(codes[take], truth[take], predicted[take], n_groups=3, n_classes=2, weights=heavy).table
        found.append(metric_values(table, name))
    return np.array(found)


def check_same_distribution(mine, theirs, *, spread):
    """Means within four Monte-Carlo errors, standard deviations within a share."""
    error = np.sqrt((mine.var(0) + theirs.var(0)) / len(mine))
    assert (np.abs(mine.mean(0) - theirs.mean(0)) < 4 * error).all()
    np.testing.assert_allclose(mine.std(0), theirs.std(0), rtol=spread)
    for share in (0.05, 0.95):
        np.testing.assert_allclose(
            np.quantile(mine, share, axis=0),
            np.quantile(theirs, share, axis=0),
            atol=0.25 * theirs.std(0).max(),
        )


@pytest.mark.parametrize("name", ["tpr", "f1"])
def test_drawing_counts_has_the_distribution_of_drawing_rows(name):
    codes, truth, predicted = rows()
    table = count(codes, truth, predicted, n_groups=3, n_classes=2).table
    mine = bootstrap_metrics(table, (name,), np.random.default_rng(1), N_DRAWS)[name]
    check_same_distribution(
        mine, slow_bootstrap(codes, truth, predicted, name, np.random.default_rng(2)), spread=0.08
    )


def test_drawing_effective_counts_is_close_to_drawing_weighted_rows():
    codes, truth, predicted = rows(n=900)
    weights = np.random.default_rng(3).gamma(1.5, size=len(codes))
    found = count(codes, truth, predicted, n_groups=3, n_classes=2, weights=weights)
    rng = np.random.default_rng(1)
    mine = bootstrap_metrics(found.table, ("accuracy",), rng, N_DRAWS, effective=found.effective)["accuracy"]
    theirs = slow_bootstrap(codes, truth, predicted, "accuracy", np.random.default_rng(2), weights=weights)
    check_same_distribution(mine, theirs, spread=0.2)
    unscaled = bootstrap_metrics(found.counts, ("accuracy",), rng, N_DRAWS)["accuracy"]
    assert (unscaled.std(0) < mine.std(0)).all()


def test_every_draw_has_as_many_rows_as_there_were():
    tables = np.random.default_rng(0).integers(0, 9, (4, 3, 3))
    together = resample(tables, np.random.default_rng(1), draws=50)
    assert together.shape == (50, 4, 3, 3)
    assert (together.sum((1, 2, 3)) == tables.sum()).all()
    assert together.sum((2, 3)).std(0).min() > 0
    apart = resample(tables, np.random.default_rng(1), draws=50, within_groups=True)
    assert (apart.sum((2, 3)) == tables.sum((1, 2))).all()
    assert (together[:, tables == 0] == 0).all()
    assert (apart[:, tables == 0] == 0).all()


def test_weighted_draws_sum_to_the_weights():
    codes, truth, predicted = rows()
    weights = np.random.default_rng(3).uniform(0.1, 50, len(codes))
    found = count(codes, truth, predicted, n_groups=3, n_classes=2, weights=weights)
    drawn = resample(found.table, np.random.default_rng(0), draws=2000, effective=found.effective)
    np.testing.assert_allclose(drawn.mean(0), found.table, rtol=0.05)


def test_a_group_without_rows_stays_without_and_is_never_measured():
    tables = np.array([[[5, 5], [5, 5]], [[0, 0], [0, 0]]])
    for within in (False, True):
        drawn = bootstrap_metrics(tables, ("tpr",), np.random.default_rng(0), 20, within_groups=within)["tpr"]
        assert np.isnan(drawn[:, 1]).all()
        assert np.isfinite(drawn[:, 0]).all()
    assert (resample(np.zeros((2, 2, 2)), np.random.default_rng(0), draws=3) == 0).all()


def test_the_same_seed_draws_the_same():
    tables = np.random.default_rng(0).integers(0, 9, (4, 2, 2))
    one, two = (bootstrap_metrics(tables, ("f1",), np.random.default_rng(7), 50)["f1"] for _ in range(2))
    np.testing.assert_array_equal(one, two)
