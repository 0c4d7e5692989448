"""Leaks: a feature that holds the outcome is named, whatever a linear model makes of it; honest features are not."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from auditkit.data.subjects import load
from auditkit.predict.baseline import predictions
from auditkit.predict.leaks.alone import area, in_order
from auditkit.spec.data import DataSpec

N = 600


def table(classes=2, seed=0, rate=None):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, classes, N) if rate is None else (np.arange(N) < rate * N).astype(int)
    frame = pd.DataFrame({"x": y + rng.normal(0, 1.5, N), "town": rng.choice(list("abc"), N), "y": y})
    return frame.assign(y=np.array(["no", "yes", "later"])[y])


def warned(folder, frame, **roles):
    frame.to_parquet(folder / "t.parquet")
    subject = load(DataSpec(path="t.parquet", target="y", **roles), datasets={}, folder=folder)
    return predictions(subject, seed=0).warning


@pytest.mark.parametrize("classes", [2, 3])
def test_honest_features_are_no_leak(tmp_path, classes):
    assert all(warned(tmp_path, table(classes, seed)) == "" for seed in range(3))


def test_honest_features_of_many_levels_and_of_rare_classes_are_no_leak(tmp_path):
    rng = np.random.default_rng(1)
    frame = table(rate=0.05).assign(
        street=rng.integers(0, 150, N).astype(str), code=rng.integers(0, 90, N), often=rng.random(N) < 0.98
    )
    assert warned(tmp_path, frame) == ""


def yes(y):
    return (y == "yes").to_numpy()


LEAKS = {
    "a number": (2, lambda y, rng: yes(y) * 2.0 + rng.random(N)),
    "a level": (2, lambda y, rng: np.where(yes(y), "paid", "unpaid")),
    "a number that falls": (2, lambda y, rng: -yes(y).astype(int)),
    "the classes in capitals": (3, lambda y, rng: y.str.upper()),
    "all but one row": (2, lambda y, rng: y.where(np.arange(N) > 0, "no")),
    "far from 0 either way": (2, lambda y, rng: (1 + yes(y) + rng.random(N) / 2) * rng.choice([-1, 1], N)),
    "even codes": (2, lambda y, rng: rng.integers(0, 30, N) * 2 + yes(y)),
    "many levels": (2, lambda y, rng: pd.Series(rng.integers(0, 30, N) * 2 + yes(y)).map("k{}".format)),
    "a value that is there": (2, lambda y, rng: pd.Series(rng.random(N)).where(yes(y))),
    "a number of three classes": (3, lambda y, rng: y.map({"no": 0, "yes": 7, "later": 3}) + rng.random(N)),
    "true or false": (2, lambda y, rng: yes(y)),
    "a category": (2, lambda y, rng: pd.Categorical(np.where(yes(y), "a", "b"))),
    "a nullable number": (2, lambda y, rng: pd.array(np.where(yes(y), 3, 1), dtype="Int64")),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_feature_that_holds_the_outcome_is_named_and_the_audit_called_void(tmp_path, leak):
    classes, of = LEAKS[leak]
    frame = table(classes)
    frame = frame.assign(after=of(frame.y, np.random.default_rng(1)))
    told = warned(tmp_path, frame, missing="impute")
    assert told.startswith("leak: 'after' (")
    assert "alone says 'y'" in told
    assert "this audit means nothing; leave it out with --ignore after" in told
    assert warned(tmp_path, frame, ignore=("after",)) == ""


def test_a_date_that_is_named_as_a_feature_is_tried_too(tmp_path):
    frame = table()
    days = np.where(yes(frame.y), 400, 0) + np.random.default_rng(1).integers(0, 300, N)
    frame = frame.assign(after=pd.Timestamp("2020-01-01") + pd.to_timedelta(days, unit="D"))
    assert warned(tmp_path, frame) == ""
    assert warned(tmp_path, frame, features=("x", "after")).startswith("leak: 'after' (1.000) alone says 'y'")


@pytest.mark.parametrize("rate", [0.04, 0.1])
def test_of_a_rare_class_a_level_that_nearly_only_it_has_is_a_leak(tmp_path, rate):
    frame = table(rate=rate)
    desk = np.where(yes(frame.y) | (np.random.default_rng(1).random(N) < 0.005), "fraud desk", "none")
    assert warned(tmp_path, frame.assign(after=desk)).startswith("leak: 'after' (")


def test_a_class_of_few_rows_does_not_hide_what_the_others_show(tmp_path):
    frame = table(2)
    frame.loc[:4, "y"] = "later"
    assert warned(tmp_path, frame.assign(after=frame.y.str.upper())).startswith("leak: 'after' (1.000)")


@pytest.mark.parametrize(
    "of", [lambda y: y * 2, lambda y: -np.exp(y), lambda y: y + np.random.default_rng(1).normal(0, 0.01, N)]
)
def test_a_feature_that_holds_a_number_is_named(tmp_path, of):
    rng = np.random.default_rng(0)
    x = rng.normal(size=N)
    frame = pd.DataFrame({"x": x, "town": rng.choice(list("abc"), N), "y": (x + rng.normal(size=N)).round(1)})
    assert warned(tmp_path, frame) == ""
    told = warned(tmp_path, frame.assign(after=of(frame.y)), features=("x", "town", "after"))
    assert told.startswith("leak: 'after' (")
    assert "share of pairs in the right order" in told


def test_of_features_that_hold_it_together_the_strongest_are_named(tmp_path):
    frame = table()
    half = np.random.default_rng(2).normal(0, 3, N)
    frame = frame.assign(one=half, other=(frame.y == "yes") * 2 - half)
    told = warned(tmp_path, frame)
    assert told.startswith("leak? the features say 'y' all but always")
    assert "), most of all '" in told
    assert "'other' (0." in told


def test_few_rows_say_nothing(tmp_path):
    assert warned(tmp_path, pd.DataFrame({"y": ["a", "b"] * 10, "x": [0, 1] * 10})) == ""
    assert (
        warned(tmp_path, pd.DataFrame({"y": np.arange(10) / 7, "x": np.arange(10)}), task="regression") == ""
    )


def test_order_equals_scikit_learn_and_a_loop_over_pairs():
    rng = np.random.default_rng(3)
    score, truth = rng.integers(0, 9, 60).astype(float), rng.integers(0, 5, 60).astype(float)
    assert area(score, truth > 2) == pytest.approx(roc_auc_score(truth > 2, score), abs=1e-12)
    pairs = [(i, j) for i in range(60) for j in range(60) if truth[i] > truth[j]]
    slow = sum((score[i] > score[j]) + 0.5 * (score[i] == score[j]) for i, j in pairs) / len(pairs)
    assert in_order(score, truth) == pytest.approx(slow, abs=1e-12)
