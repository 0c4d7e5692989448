"""Predictions that are given, as labels, scores or a model, are told in the subject's classes."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from predict.made import counted, made
from sklearn.linear_model import LinearRegression, LogisticRegression

from auditkit.errors import DataError
from auditkit.predict.baseline import predictions
from auditkit.values.subject import Subject

GIVEN = pd.DataFrame(
    {"y": [2, 1, 1, 2], "q": [2, 2, 1, 2], "s": [0.1, 0.5, 1.0, 0.0], "x": [1.0, 2.0, 3.0, 4.0]}
)


def subject_given(**roles):
    return Subject(table=GIVEN, **{"target": "y", "outcome": counted(1), "features": ("x",)} | roles)


def test_a_column_of_labels_has_zero_one_loss():
    said = predictions(subject_given(pred="q"), seed=0)
    assert said.pred.tolist() == [2, 2, 1, 2]
    assert said.loss.tolist() == [0, 1, 0, 0]
    assert (said.score, said.loss_name, said.source, said.baseline) == (None, "zero_one", "column 'q'", False)


def test_a_column_of_scores_is_positive_from_one_half_on_and_has_log_loss():
    said = predictions(subject_given(score="s"), seed=0)
    assert said.pred.tolist() == [2, 1, 1, 2]
    assert said.score.tolist() == [[0.9, 0.1], [0.5, 0.5], [0.0, 1.0], [1.0, 0.0]]
    np.testing.assert_allclose(said.loss, [-math.log(0.9), -math.log(0.5), 0, 0], atol=1e-15)


def test_a_score_that_is_certain_and_wrong_has_a_finite_loss():
    said = predictions(replace(subject_given(score="s"), table=GIVEN.assign(s=[1.0, 0.0, 1.0, 0.0])), seed=0)
    assert 36 < said.loss[0] < 37
    assert 36 < said.loss[1] < 37


def test_labels_and_scores_together_give_labels_and_log_loss():
    said = predictions(subject_given(pred="q", score="s"), seed=0)
    assert said.pred.tolist() == [2, 2, 1, 2]
    assert said.loss_name == "log_loss"
    assert said.source == "column 'q' and 's'"


def test_without_a_target_predictions_stand_and_losses_are_unknown():
    said = predictions(subject_given(target=None, pred="q"), seed=0)
    assert said.pred.tolist() == [2, 2, 1, 2]
    assert np.isnan(said.loss).all()
    assert predictions(subject_given(target=None, score="s"), seed=0).pred.tolist() == [0, 1, 1, 0]
    with pytest.raises(DataError, match="has no target"):
        predictions(subject_given(target=None), seed=0)


def test_a_row_without_an_outcome_has_no_loss():
    table = GIVEN.assign(y=[2.0, None, 1.0, 2.0])
    for role in ({"pred": "q"}, {"score": "s"}):
        loss = predictions(Subject(table=table, target="y", outcome=counted(1.0), **role), seed=0).loss
        assert np.isnan(loss).tolist() == [False, True, False, False]


def test_predicted_numbers_have_squared_errors():
    table = pd.DataFrame({"y": np.arange(30.0), "q": np.arange(30.0) + 2})
    said = predictions(Subject(table=table, target="y", pred="q"), seed=0)
    assert said.loss.tolist() == [4.0] * 30


def test_a_model_is_asked_with_its_own_columns_and_told_in_the_subjects_class_order():
    subject = made()
    model = LogisticRegression().fit(subject.table[["x"]], subject.table["y"])
    said = predictions(replace(subject, outcome=counted("no"), model=model), seed=0)
    assert model.classes_.tolist() == ["no", "yes"]
    np.testing.assert_allclose(said.score[:, ::-1], model.predict_proba(subject.table[["x"]]))
    assert (said.pred == model.predict(subject.table[["x"]])).all()
    assert (said.source, said.loss_name) == ("model LogisticRegression", "log_loss")


def test_a_model_of_numbers_gives_squared_errors():
    subject = made()
    table = subject.table.assign(y=subject.table["x"] * 3)
    model = LinearRegression().fit(table[["x"]], table["y"])
    said = predictions(replace(subject, table=table, outcome=None, model=model), seed=0)
    np.testing.assert_allclose(said.loss, 0, atol=1e-20)


class Constant:
    """A model without probabilities that says the same, of the same length, of every row."""

    def __init__(self, value, rows=None):
        self.value, self.rows = value, rows

    def predict(self, rows):
        return [self.value] * (len(rows) if self.rows is None else self.rows)


class OfVectors(Constant):
    reads = "embeddings"

    def predict(self, rows):
        return np.where(np.asarray(rows)[:, 0] > 0, "yes", "no")


def test_a_model_may_read_embeddings_in_place_of_the_table():
    subject = replace(made(), model=OfVectors(None), embeddings=np.linspace(-1, 1, 200)[:, None])
    assert (predictions(subject, seed=0).pred == "yes").sum() == 100
    with pytest.raises(DataError, match="model OfVectors reads embeddings; name them with --embeddings"):
        predictions(replace(subject, embeddings=None), seed=0)
    with pytest.raises(DataError, match="cannot predict from the embeddings"):
        predictions(replace(subject, embeddings=np.zeros(200)), seed=0)


def test_a_model_without_probabilities_has_zero_one_loss():
    subject = made()
    said = predictions(replace(subject, model=Constant("yes")), seed=0)
    assert said.loss.tolist() == (subject.table["y"] != "yes").astype(float).tolist()


def test_a_model_that_does_not_match_is_a_data_error():
    subject = made()
    other = LogisticRegression().fit(subject.table[["x"]], np.arange(200) % 2)
    for model, message in (
        (Constant("maybe"), "model Constant predicts 'maybe', which is no class"),
        (Constant("yes", rows=3), "gave 3 predictions for 200 rows"),
        (Constant(None), "200 missing predictions"),
        (other, r"the model's classes \(0, 1\) are not those"),
        (LogisticRegression(), "cannot predict from the columns x, c"),
    ):
        with pytest.raises(DataError, match=message):
            predictions(replace(subject, model=model), seed=0)
