import numpy as np
import pytest
import sklearn.metrics as skm

from auditkit.measures import absolute, log_loss, regression_errors, squared, zero_one
from auditkit.measures.losses import EPS


def test_a_wrong_class_costs_one_and_an_unknown_truth_nothing_known():
    np.testing.assert_equal(
        zero_one(np.array([0, 1, -1, 1]), np.array([0, 0, 1, -1])), [0, 1, np.nan, np.nan]
    )


def test_log_loss_is_minus_the_log_of_the_true_classs_probability():
    rng = np.random.default_rng(0)
    truth, probabilities = rng.integers(0, 3, 50), rng.dirichlet(np.ones(3), 50)
    losses = log_loss(truth, probabilities)
    slow = [-np.log(probabilities[i, truth[i]]) for i in range(50)]
    np.testing.assert_allclose(losses, slow)
    assert losses.mean() == pytest.approx(skm.log_loss(truth, probabilities))


def test_log_loss_of_an_impossible_truth_is_finite_and_of_a_certain_one_zero():
    losses = log_loss(np.array([0, 1, -1]), np.array([[0.0, 1.0], [0.0, 1.0], [0.5, 0.5]]))
    assert losses[0] == pytest.approx(-np.log(EPS))
    assert losses[1] == 0.0
    assert np.isnan(losses[2])


def test_errors_of_numbers_keep_what_is_missing_missing():
    truth, predicted = np.array([1.0, np.nan, 3.0]), np.array([3, 1, 2])
    np.testing.assert_equal(squared(truth, predicted), [4.0, np.nan, 1.0])
    np.testing.assert_equal(absolute(truth, predicted), [2.0, np.nan, 1.0])


def test_a_regressions_group_errors_equal_scikit_learns():
    rng = np.random.default_rng(0)
    codes, truth, weights = rng.integers(-1, 3, 200), rng.normal(0, 5, 200), rng.uniform(0.1, 3, 200)
    predicted = truth + rng.normal(1, 2, 200)
    found = regression_errors(codes, truth, predicted, n_groups=3, weights=weights)
    rmse, low, high = found.rmse()
    for group in range(3):
        mine = codes == group
        given = {"y_true": truth[mine], "y_pred": predicted[mine], "sample_weight": weights[mine]}
        assert found.absolute.mean[group] == pytest.approx(skm.mean_absolute_error(**given))
        assert found.signed.mean[group] == pytest.approx(
            np.average((predicted - truth)[mine], weights=weights[mine])
        )
        assert rmse[group] == pytest.approx(np.sqrt(skm.mean_squared_error(**given)))
        assert low[group] < rmse[group] < high[group]
    rest = found.rest().rmse()[0]
    others = (codes >= 0) & (codes != 0)
    assert rest[0] == pytest.approx(
        np.sqrt(skm.mean_squared_error(truth[others], predicted[others], sample_weight=weights[others]))
    )


def test_a_group_with_one_row_has_an_error_but_no_interval():
    rmse, low, high = regression_errors(np.array([0, 1, 1]), np.zeros(3), np.ones(3), n_groups=3).rmse()
    np.testing.assert_equal(rmse, [1.0, 1.0, np.nan])
    np.testing.assert_equal(low, [np.nan, 1.0, np.nan])
    np.testing.assert_equal(high, [np.nan, 1.0, np.nan])
