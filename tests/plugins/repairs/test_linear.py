"""Weights, drawn rows and the model: closed forms, a peer's fit, and files that load again or say why not."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from auditkit import DataError, EncodedColumn, fit_logistic
from auditkit_repairs.linear.model import LinearModel, load_model
from auditkit_repairs.linear.weights import (
    balanced_rows,
    cell_table,
    independent_times,
    independent_weights,
    need_cells,
)


def people(rng, n=500):
    group = (rng.random(n) < 0.3).astype(np.int64)
    target = (rng.random(n) < np.where(group, 0.2, 0.6)).astype(np.int64)
    return target, group


def test_the_weights_make_class_and_group_independent():
    target, group = people(np.random.default_rng(0))
    table = cell_table(target, group, n_groups=2)
    found = independent_weights(target, group, table=table)
    for i, j in np.ndindex(2, 2):
        rows = (group == i) & (target == j)
        assert found[rows] == pytest.approx((group == i).mean() * (target == j).mean() / rows.mean())
    weighed = cell_table(target, group, n_groups=2, weights=found)
    np.testing.assert_allclose(
        weighed / weighed.sum(), np.outer(weighed.sum(1), weighed.sum(0)) / weighed.sum() ** 2
    )
    assert found.sum() == pytest.approx(len(found))


def test_a_row_without_a_group_weighs_and_stands_once():
    target, group = people(np.random.default_rng(1))
    group[:5], target[5] = -1, -1
    table = cell_table(target, group, n_groups=2)
    assert table.sum() == len(target) - 6
    assert (independent_weights(target, group, table=table)[:6] == 1).all()
    assert (independent_times(target, group, table=table, rng=np.random.default_rng(0))[:6] == 1).all()


def test_drawn_rows_have_the_cells_of_independence_to_within_one():
    rng = np.random.default_rng(2)
    target, group = people(rng)
    table = cell_table(target, group, n_groups=2)
    times = independent_times(target, group, table=table, rng=rng)
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
    found = cell_table(target, group, n_groups=2, weights=times.astype(float))
    np.testing.assert_allclose(found, expected, atol=0.5)
    for i, j in np.ndindex(2, 2):
        assert np.ptp(times[(group == i) & (target == j)]) <= 1


def test_balanced_rows_are_as_many_of_every_cell_and_drawn_anew():
    rng = np.random.default_rng(3)
    target, group = people(rng)
    fewest = cell_table(target, group, n_groups=2).min()
    first, second = (balanced_rows(target, group, n_groups=2, rng=rng) for _ in range(2))
    assert (cell_table(target[first], group[first], n_groups=2) == fewest).all()
    assert set(first) != set(second)


def test_an_empty_cell_is_one_sentence():
    with pytest.raises(
        DataError, match="no training row of 'sex=f' has class yes, so that nothing can stand in for it"
    ):
        need_cells(np.array([[3.0, 0.0], [2.0, 1.0]]), groups=("sex=f", "sex=m"), classes=("no", "yes"))


def test_a_weighted_fit_is_scikit_learns():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(400, 3))
    y = rng.random(400) < 1 / (1 + np.exp(-x[:, 0]))
    weights = rng.integers(0, 4, size=400).astype(float)
    peer = LogisticRegression(C=1.0, tol=1e-10, max_iter=1000).fit(x, y, sample_weight=weights)
    found = fit_logistic(x, y, weights=weights)
    np.testing.assert_allclose(found, np.append(peer.intercept_, peer.coef_[0]), atol=1e-5)
    again = fit_logistic(np.repeat(x, weights.astype(int), axis=0), np.repeat(y, weights.astype(int)))
    np.testing.assert_allclose(found, again, atol=1e-8)


COLUMNS = (EncodedColumn("age", None, 40.0, 10.0, 38.0), EncodedColumn("town", "b", 0.0, 1.0))
MODEL = LinearModel(
    beta=np.array([0.1, -1.0, 2.0]),
    classes=("no", "yes"),
    columns=COLUMNS,
    centre=np.zeros(2),
    scale=np.ones(2),
)
ROWS = pd.DataFrame({"age": [30.0, 50.0, None], "town": ["a", "b", "b"]})


def test_a_saved_model_predicts_the_same_numbers(tmp_path):
    again = load_model(MODEL.save(tmp_path / "m"))
    np.testing.assert_array_equal(again.predict_proba(ROWS), MODEL.predict_proba(ROWS))
    first = 1 / (1 + np.exp(-(0.1 + 1.0)))
    assert again.predict_proba(ROWS)[0, 1] == pytest.approx(first)
    assert again.predict(ROWS).tolist() == ["yes", "yes", "yes"]
    assert again.reads == "table"
    assert list(again.feature_names_in_) == ["age", "town"]


def test_vectors_are_scaled_and_others_refused(tmp_path):
    model = LinearModel(
        beta=np.array([0.0, 1.0]), classes=(0, 1), centre=np.array([5.0]), scale=np.array([2.0])
    )
    again = load_model(model.save(tmp_path))
    assert again.reads == "embeddings"
    assert again.predict_proba(np.array([[5.0], [7.0]]))[:, 1] == pytest.approx([0.5, 1 / (1 + np.exp(-1))])
    with pytest.raises(DataError, match="the model reads vectors of 1 numbers, these are 2 x 3"):
        again.predict(np.zeros((2, 3)))


@pytest.mark.parametrize(
    "change",
    [{"format": 9}, {"beta": [1.0]}, {"beta": "x"}, {"classes": ["a"]}, {"columns": [{"source": 3}]}, {"scale": [1, "n"]},
     {"centre": [0.0, float("nan")]}],
)  # fmt: skip
def test_a_file_of_another_shape_is_refused(tmp_path, change):
    place = MODEL.save(tmp_path) / "linear.json"
    place.write_text(json.dumps(json.loads(place.read_text()) | change))
    with pytest.raises(DataError, match="does not describe a model of format 1"):
        load_model(tmp_path)


def test_a_file_that_is_no_json_or_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        load_model(tmp_path)
    (tmp_path / "linear.json").write_text("{")
    with pytest.raises(DataError, match="is not JSON"):
        load_model(tmp_path)
