"""Leaks: a feature that holds the outcome is named; honest features are not."""

import numpy as np
import pandas as pd
import pytest

from auditkit.data.subjects import load
from auditkit.predict.baseline import predictions
from auditkit.spec.data import DataSpec

N = 400


def table(classes=2, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, classes, N)
    frame = pd.DataFrame({"x": y + rng.normal(0, 1.5, N), "town": rng.choice(list("abc"), N), "y": y})
    return frame.assign(y=np.array(["no", "yes", "later"])[y])


def warned(folder, frame, **roles):
    frame.to_parquet(folder / "t.parquet")
    subject = load(DataSpec(path="t.parquet", target="y", **roles), datasets={}, folder=folder)
    return predictions(subject, seed=0).warning


@pytest.mark.parametrize("classes", [2, 3])
def test_honest_features_are_no_leak(tmp_path, classes):
    assert all(warned(tmp_path, table(classes, seed)) == "" for seed in range(3))


@pytest.mark.parametrize(
    ("classes", "leak"),
    [
        (2, lambda y: (y == "yes") * 2.0 + np.random.default_rng(1).random(N)),
        (2, lambda y: np.where(y == "yes", "paid", "unpaid")),
        (2, lambda y: -(y == "yes").astype(int)),
        (3, lambda y: y.str.upper()),
        (2, lambda y: y.where(np.arange(N) > 0, "no")),
    ],
)
def test_a_feature_that_holds_the_outcome_is_named_and_the_audit_called_void(tmp_path, classes, leak):
    frame = table(classes)
    told = warned(tmp_path, frame.assign(after=leak(frame.y)))
    assert told.startswith("leak: 'after' (")
    assert "this audit means nothing; leave it out with --ignore after" in told
    assert warned(tmp_path, frame.assign(after=leak(frame.y)), ignore=("after",)) == ""


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
