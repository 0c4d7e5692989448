"""Targets: of the kind that is said, one label in a cell, and guessed from their own order."""

import numpy as np
import pandas as pd
import pytest

from auditkit.data.subjects import load
from auditkit.errors import DataError
from auditkit.predict.baseline import predictions
from auditkit.spec.data import DataSpec

rng = np.random.default_rng(0)
RATINGS = pd.DataFrame({"stars": rng.integers(1, 6, 100), "two": [0, 1] * 50, "name": ["a", "b"] * 50})
RATINGS["p"] = RATINGS.stars + rng.normal(0, 0.3, 100)


@pytest.fixture
def loaded(tmp_path):
    def loaded(frame, **roles):
        frame.to_parquet(tmp_path / "t.parquet")
        return load(DataSpec(path="t.parquet", **roles), datasets={}, folder=tmp_path)

    return loaded


def test_ratings_are_numbers_where_it_is_said(loaded):
    subject = loaded(RATINGS, target="stars", pred="p", task="regression")
    assert (subject.task, subject.classes, subject.outcome) == ("regression", (), None)
    said = predictions(subject, seed=0)
    np.testing.assert_allclose(said.loss, (RATINGS.stars - RATINGS.p) ** 2)
    assert loaded(RATINGS, target="stars").task == "multiclass"
    assert loaded(RATINGS, target="two", task="regression").outcome is None
    assert loaded(RATINGS, target="two", task="binary").outcome.value == 1


def test_real_valued_predictions_of_a_rating_name_the_switch(loaded):
    with pytest.raises(
        DataError, match="is the target a number, such as a rating\\? then say --task regression"
    ):
        loaded(RATINGS, target="stars", pred="p")


def test_many_numbers_are_classes_where_it_is_said(loaded):
    frame = pd.DataFrame({"y": np.arange(90) % 30, "x": range(90)})
    assert loaded(frame, target="y").task == "regression"
    subject = loaded(frame, target="y", task="multiclass")
    assert subject.classes == tuple(range(30))


@pytest.mark.parametrize(
    ("target", "task", "said"),
    [
        ("stars", "binary", "asks for two classes, and target column 'stars' has 5"),
        ("two", "multiclass", "asks for more than two classes, and target column 'two' has 2"),
        ("name", "regression", "asks for a target that is a number"),
    ],
)
def test_a_task_that_the_values_do_not_fit_is_refused(loaded, target, task, said):
    with pytest.raises(DataError, match=said):
        loaded(RATINGS, target=target, task=task)


@pytest.mark.parametrize("mark", [";", "|", ", "])
@pytest.mark.parametrize("role", ["target", "outcome"])
def test_several_labels_in_a_cell_are_refused_with_the_way_to_audit_each(loaded, mark, role):
    cells = [["a", "c"], ["a"], ["b", "c"], ["a", "b", "c"], ["c"], ["b"], ["-"]]
    frame = pd.DataFrame({"y": [mark.join(cell) for cell in cells] * 5})
    with pytest.raises(DataError, match=r"several labels in one cell.*\(a, b, c\).*--target and --pred"):
        loaded(frame, **{role: "y"})


def test_lists_in_cells_are_refused_with_the_same_way(loaded):
    frame = pd.DataFrame({"y": [["a"], ["a", "b"], ["b"]] * 5})
    with pytest.raises(DataError, match="make a column of yes and no for each label"):
        loaded(frame, target="y")


def test_names_with_a_comma_are_classes(loaded):
    frame = pd.DataFrame({"y": ["Doe, Jane", "Roe, Richard", "Poe"] * 5})
    assert len(loaded(frame, target="y").classes) == 3
    joined = pd.DataFrame({"y": ["a;b", "b;c", "a", "b", "c", "a;b;c"] * 5})
    assert len(loaded(joined, target="y", task="multiclass").classes) == 6


def test_of_ordered_categories_the_last_in_their_order_is_guessed(loaded):
    frame = pd.DataFrame({"y": pd.Categorical(["low", "high"] * 5, categories=["low", "high"], ordered=True)})
    subject = loaded(frame, target="y")
    assert (subject.outcome.value, subject.outcome.said) == ("high", False)
    assert subject.classes == ("low", "high")


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        (pd.array([0, 1, 1, 0] * 3, dtype="Int64"), (0, 1)),
        (pd.array([True, False] * 6, dtype="boolean"), (False, True)),
        (pd.array(["x", "y"] * 6, dtype="string"), ("x", "y")),
    ],
)
def test_nullable_columns_are_classes_like_any(loaded, values, classes):
    assert loaded(pd.DataFrame({"y": values}), target="y").classes == classes
