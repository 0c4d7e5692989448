"""Each column of a model's probabilities goes to the class that it is about, or the model is refused."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from auditkit.errors import DataError
from auditkit.predict.given import from_model
from auditkit.values.labels import sorted_labels
from auditkit.values.outcome import Outcome
from auditkit.values.subject import Subject

N = 220


@dataclass
class Model:
    """Predicts what it was given, whatever it is asked."""

    labels: Any
    score: Any

    def predict(self, rows):
        return np.asarray(self.labels)

    def predict_proba(self, rows):
        return np.asarray(self.score)


class Named(Model):
    classes_: Any = None


def named(classes, labels, score):
    model = Named(labels, score)
    model.classes_ = classes
    return model


def case(classes, *, order=None, positive=None):
    """Return a subject of these classes, its labels, and probabilities of 0.99 for each, in this order of columns."""
    labels = [classes[i % len(classes)] for i in range(N)]
    order = sorted_labels(classes) if order is None else order
    rest = 0.01 / (len(classes) - 1)
    score = np.array([[0.99 if column == label else rest for column in order] for label in labels])
    table = pd.DataFrame({"x": range(N), "y": labels})
    outcome = None if positive is None else Outcome(column="y", value=positive, kind="positive")
    return Subject(table=table, target="y", outcome=outcome, features=("x",)), labels, score


CLASSES = {
    "integers to ten": list(range(11)),
    "integers, negative ones too": [-10, -2, 3, 20],
    "floats": [0.5, 2.0, 10.0],
    "texts": ["b", "a", "B", "10", "9"],
    "two integers": [2, 10],
    "two truths": [True, False],
    "two texts": ["yes", "no"],
}


@pytest.mark.parametrize("kind", CLASSES)
def test_without_classes_the_columns_are_in_sorted_order(kind):
    subject, labels, score = case(CLASSES[kind])
    found = from_model(replace(subject, model=Model(labels, score)))
    assert found.loss == pytest.approx(np.full(N, -np.log(0.99)))
    assert "names no classes" in found.source
    assert list(found.pred) == labels


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("shuffle", [0, 1, 2])
def test_with_classes_the_columns_are_theirs_in_any_order(kind, shuffle):
    classes = CLASSES[kind]
    order = [classes[i] for i in np.random.default_rng(shuffle).permutation(len(classes))]
    subject, labels, score = case(classes, order=order)
    model = named(np.array(order), labels, score)
    found = from_model(replace(subject, model=model))
    assert found.loss == pytest.approx(np.full(N, -np.log(0.99)))
    assert "names no classes" not in found.source


@pytest.mark.parametrize("positive", [2, 10, "2"])
def test_the_positive_class_moves_last_in_the_subject_and_nowhere_else(positive):
    subject, labels, score = case([2, 10], positive=positive)
    for model in (Model(labels, score), named([2, 10], labels, score), named(["2", "10"], labels, score)):
        found = from_model(replace(subject, model=model))
        assert found.loss == pytest.approx(np.full(N, -np.log(0.99)))
        assert [subject.classes[place] for place in found.score.argmax(axis=1)] == labels


def test_a_class_that_the_model_does_not_know_has_probability_zero():
    subject, labels, score = case([0, 1, 2])
    model = named([1, 2], labels, np.column_stack((score[:, 1], 1 - score[:, 1])))
    found = from_model(replace(subject, model=model))
    assert found.score[:, 0].tolist() == [0.0] * N


def refusal(subject, model):
    with pytest.raises(DataError) as caught:
        from_model(replace(subject, model=model))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_columns_in_another_order_without_classes_are_refused():
    subject, labels, score = case(list(range(11)), order=sorted(range(11), key=str))
    assert "not in the order 0, 1, 2, 3" in refusal(subject, Model(labels, score))
    subject, labels, score = case(["a", "b"], order=["b", "a"])
    assert "in 100% of the rows" in refusal(subject, Model(labels, score))


def test_classes_that_are_not_the_targets_are_refused():
    subject, labels, score = case([0, 1, 2])
    assert "its classes_ name 4" in refusal(subject, named([0, 1, 2, 3], labels, score))
    assert "are not those of target 'y'" in refusal(subject, named([0, 1, "other"], labels, score))
    assert "that are one class" in refusal(subject, named([0, 1, "1"], labels, score))
    assert "it has no classes_, and target 'y' has 3" in refusal(subject, Model(labels, [[0.4, 0.6]] * N))
    assert "no plain list" in refusal(subject, named([[0, 1, 2]], labels, score))


WRONG = {
    "one column of text": lambda score: score[:, 0],
    "a row too few": lambda score: score[:-1],
    "missing": lambda score: np.where(np.arange(N)[:, None] == 3, np.nan, score),
    "infinite": lambda score: np.where(np.arange(N)[:, None] == 3, np.inf, score),
    "negative": lambda score: score - 0.5,
    "logits": lambda score: 10 * score,
    "not normalised": lambda score: score / 2,
    "three dimensions": lambda score: score[:, :, None],
    "nothing": lambda score: score[:, :0],
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("classes", [None, [0, 1, 2]])
def test_what_are_no_probabilities_is_refused(kind, classes):
    subject, labels, score = case([0, 1, 2])
    said = refusal(subject, named(classes, labels, WRONG[kind](score)))
    assert "probabilities" in said


@pytest.mark.parametrize(
    "error", [RuntimeError("no"), ValueError(""), AttributeError("a\nb"), ZeroDivisionError()]
)
def test_a_model_that_fails_is_named(error):
    class Failing(Model):
        def predict(self, rows):
            raise error

    subject, labels, score = case([0, 1])
    assert refusal(subject, Failing(labels, score)).startswith(
        "model Failing cannot predict from the columns x: "
    )


@pytest.mark.parametrize("said", [["a"] * N, [np.nan] * N, [np.inf] * N, [None] * N])
def test_a_number_is_predicted_by_finite_numbers(said):
    table = pd.DataFrame({"x": range(N), "y": np.arange(N) / 3})
    subject = Subject(table=table, target="y", features=("x",))
    assert "and the target is a number" in refusal(subject, Model(said, None))


def test_labels_have_one_order():
    assert sorted_labels(["10", 9, "9", 10, True, 2.5]) == [True, 2.5, 9, 10, "10", "9"]
    assert sorted_labels([pd.Timestamp("2024-02-01"), "a", pd.Timestamp("2023-01-01")])[0] == "a"
    assert len(sorted_labels([1j, (2,), "x", 0])) == 4


def sorting(rows):
    rows.sort_values("x", ascending=False, ignore_index=False, inplace=True)  # noqa: PD002  in place is the fault
    return [1] * len(rows)


ODD = {
    "sorts the rows": (sorting, "predicts in another order than that of the rows it was given"),
    "says which rows, in another order": (
        lambda rows: pd.Series([1, 0] * (N // 2), index=rows.index[::-1]),
        "predicts in another order",
    ),
    "a table of other rows": (
        lambda rows: pd.DataFrame({"p": [1] * N}, index=rows.index + 1),
        "another order",
    ),
    "masked": (lambda rows: np.ma.masked_array([1] * N, mask=np.arange(N) < 3), "masks 3 of its predictions"),
    "complex": (lambda rows: np.ones(N, complex), "predicts complex numbers"),
}


@pytest.mark.filterwarnings("ignore:The inplace keyword")
@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("method", ["predict", "predict_proba"])
def test_predictions_are_of_the_rows_that_were_given_in_their_order(kind, method):
    predict, says = ODD[kind]
    subject, labels, score = case([0, 1])
    model = Model(labels, score)
    setattr(model, method, predict)
    assert says in refusal(subject, model)


def anew(rows):
    rows.sort_values("x", ascending=False, ignore_index=True, inplace=True)  # noqa: PD002  in place is the fault
    return [1] * len(rows)


def shuffled(rows):
    rows["x"] = rows["x"].to_numpy()[::-1].copy()
    return [1] * len(rows)


@pytest.mark.filterwarnings("ignore:The inplace keyword")
@pytest.mark.parametrize("predict", [anew, shuffled])
def test_rows_that_are_sorted_and_numbered_anew_are_noticed(predict):
    subject, labels, score = case([0, 1])
    model = Model(labels, score)
    model.predict = predict
    assert "in another order" in refusal(subject, model)


ARRAY = {
    "sorts": lambda rows: rows[::-1].sort(axis=0),
    "reverses": lambda rows: rows.__setitem__(slice(None), rows[::-1].copy()),
    "scales": lambda rows: rows.__imul__(2),
    "changes one cell": lambda rows: rows.__setitem__((0, 0), -1),
}


@pytest.mark.parametrize("kind", ARRAY)
@pytest.mark.parametrize("method", ["predict", "predict_proba"])
@pytest.mark.parametrize("text", [False, True])
def test_a_model_that_changes_the_array_it_is_given_is_named(kind, method, text):
    """Rows that it sorted would get each other's predictions; of columns of one type pandas lends no other array."""

    def changing(rows):
        ARRAY[kind](rows)
        return labels if method == "predict" else score

    subject, labels, score = case([0, 1])
    table = subject.table.assign(z=subject.table["x"] * 2)
    table = table.assign(x=table["x"].astype(object)) if text else table
    subject = replace(subject, table=table, features=("x", "z"))
    model = Model(labels, score)
    model.n_features_in_ = 2
    setattr(model, method, changing)
    said = refusal(subject, model)
    assert ("changes the array of rows that it is given" if text else "read-only") in said


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_model_that_leaves_its_rows_or_scales_its_own_frame_is_read(order):
    subject, labels, score = case([0, 1])
    model = Model(labels, score)
    plain = from_model(replace(subject, model=model)).pred
    model.n_features_in_ = 1
    model.predict = lambda rows: np.asarray(rows, order=order) is None or labels
    assert (from_model(replace(subject, model=model)).pred == plain).all()
    del model.n_features_in_
    model.predict = lambda rows: rows.update(rows * 2) or labels
    assert (from_model(replace(subject, model=model)).pred == plain).all()


@pytest.mark.parametrize("reads", [3, None, "tables", "embedding"])
def test_a_model_that_reads_what_there_is_not_is_named(reads):
    subject, labels, score = case([0, 1])
    model = Model(labels, score)
    model.reads = reads
    assert "a model reads table, embeddings or images" in refusal(subject, model)
