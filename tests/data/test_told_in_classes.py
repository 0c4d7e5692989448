"""Predictions are told in the target's own classes: left as they are only where that changes nothing."""

import numpy as np
import pandas as pd
import pytest

from auditkit.data.predictions import _are_classes, check_pred
from auditkit.predict.baseline import predictions
from auditkit.values.labels import class_array, class_codes
from auditkit.values.subject import Subject

COLUMNS = {
    "texts": (["b", "a", "c"], ["a", "c", "b"]),
    "texts that lack a class": (["b", "a", "c"], ["a", "a", "b"]),
    "numbers": ([0, 1, 1], [1, 0, 1]),
    "small numbers": ([0, 1, 1], np.array([1, 0, 1], dtype=np.int8)),
    "fractions": ([0.5, 1.0, 1.0], [1.0, 0.5, 1.0]),
    "two zeros": ([0.0, 1.0, 0.0], [-0.0, 1.0, 0.0]),
    "truths": ([True, False, True], [False, True, True]),
    "truths and numbers": ([True, False, True], [0, 1, 1]),
    "numbers and texts": ([1, 0, 1], ["1", "0", "1"]),
    "whole fractions": ([1, 0, 1], [1.0, 0.0, 1.0]),
    "objects": (np.array([1, 0, "x"], dtype=object), np.array([True, 0, "x"], dtype=object)),
    "categories": (["a", "b", "a"], pd.Categorical(["a", "a", "b"], categories=["b", "a"])),
}
AS_THEY_ARE = {"texts", "texts that lack a class", "numbers"}


def subject(kind, repeats=7):
    target, pred = (pd.Series(values) for values in COLUMNS[kind])
    table = pd.DataFrame({"y": target, "p": pred})
    return Subject(table=pd.concat([table] * repeats, ignore_index=True), target="y", pred="p")


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_prediction_is_its_class_whatever_its_type(kind):
    given = subject(kind)
    told = check_pred(given, "p").table["p"]
    slow = pd.Series(
        [given.classes[code] for code in class_codes(given.table["p"], given.classes)[0]],
        dtype=pd.Series(class_array(given.classes)).dtype,
        name="p",
    )
    pd.testing.assert_series_equal(told, slow)
    assert [repr(value) for value in told.tolist()] == [repr(value) for value in slow.tolist()]


@pytest.mark.parametrize("kind", COLUMNS)
def test_only_texts_and_whole_numbers_stay_as_they_are(kind):
    given = subject(kind)
    assert _are_classes(given.table["p"], given.classes) == (kind in AS_THEY_ARE)


@pytest.mark.parametrize("kind", COLUMNS)
def test_the_codes_beside_predictions_are_those_of_their_labels(kind):
    told = check_pred(subject(kind), "p")
    said = predictions(told, seed=0)
    assert said.codes.tolist() == class_codes(pd.Series(said.pred), told.classes)[0].tolist()
    assert said.codes_in(told.classes) is said.codes


def test_codes_of_a_model_fitted_here_are_those_of_its_labels():
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"x": rng.normal(size=200), "y": rng.choice(["b", "a", "c"], size=200)})
    given = Subject(table=table, target="y", features=("x",))
    said = predictions(given, seed=0)
    assert said.codes.tolist() == [given.classes.index(label) for label in said.pred]
