"""Scores: of which class, cut where, on which scale, and refused where they speak against what they are said to be of."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.data.subjects import load
from auditkit.errors import DataError, UsageError
from auditkit.measures import points_away
from auditkit.predict.baseline import predictions
from auditkit.spec.data import DataSpec

N = 200


@pytest.fixture
def loaded(tmp_path):
    def loaded(frame, **roles):
        frame.to_csv(tmp_path / "t.csv", index=False)
        return load(DataSpec(**{"path": "t.csv"} | roles), datasets={}, folder=tmp_path)

    return loaded


def table(sign=1.0, n=N, seed=0):
    """Return labels, and scores that speak for `yes` at sign 1, for `no` at -1, for nothing at 0."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    s = 1 / (1 + np.exp(-sign * (2 * y - 1) - rng.normal(size=n)))
    return pd.DataFrame(
        {"y": np.where(y == 1, "yes", "no"), "s": s.round(6), "p": np.where(s >= 0.5, "yes", "no")}
    )


def test_a_score_that_speaks_for_the_other_class_is_refused_and_noted_where_it_was_said(loaded):
    with pytest.raises(DataError, match=r"is this the probability of 'yes'\? .*--score-of"):
        loaded(table(-1), target="y", score="s")
    noted = loaded(table(-1), target="y", score="s", score_of="yes")
    assert any("higher where the true labels say 'no'" in note for note in noted.notes)
    assert loaded(table(1), target="y", score="s").notes == ()


def test_a_score_that_contradicts_the_predictions_is_refused(loaded):
    turned = table(1).assign(s=lambda t: 1 - t.s)
    with pytest.raises(DataError, match="higher where the predictions say 'no'"):
        loaded(turned.drop(columns="y"), pred="p", score="s")


def test_a_score_without_information_is_no_error(loaded):
    assert all(loaded(table(0, seed=seed), target="y", score="s").score for seed in range(5))
    assert loaded(table().assign(s=0.5), target="y", score="s").score == "s"


@pytest.mark.parametrize("spread", [1.0, 100.0])
def test_a_score_of_the_other_class_is_turned(loaded, spread):
    frame = table(-1).assign(s=lambda t: (t.s * spread).round(4))
    subject = loaded(frame, target="y", score="s", score_of="no", cut=0.5 * spread)
    turned = 1 - frame.s if spread == 1 else -frame.s
    np.testing.assert_allclose(subject.column("s"), turned)
    said = predictions(subject, seed=0)
    assert (said.pred == np.where(frame.s >= 0.5 * spread, "no", "yes")).all()
    assert said.loss_name == ("log_loss" if spread == 1 else "zero_one")


def test_on_the_cut_a_row_is_of_the_scores_class_and_that_is_said(loaded):
    frame = table(1, n=8).assign(s=[0.2, 0.3, 0.3, 0.7, 0.1, 0.9, 0.2, 0.8])
    subject = loaded(frame, target="y", score="s", cut=0.3)
    assert (predictions(subject, seed=0).pred == np.where(frame.s >= 0.3, "yes", "no")).all()
    assert "2 rows score exactly 0.3, and count as 'yes'" in subject.notes
    other = loaded(frame.assign(s=1 - frame.s), target="y", score="s", score_of="no", cut=0.7)
    assert (predictions(other, seed=0).pred == np.where(1 - frame.s >= 0.7, "no", "yes")).all()
    assert any("and count as 'no'" in note for note in other.notes)


def test_any_scale_is_read_and_only_a_decision_needs_a_cut(loaded):
    frame = table(1).assign(s=lambda t: 100 * t.s)
    subject = loaded(frame, target="y", score="s")
    with pytest.raises(DataError, match="no probability: say from which score on a row is chosen with --cut"):
        predictions(subject, seed=0)
    cut = predictions(loaded(frame, target="y", score="s", cut=50), seed=0)
    assert (cut.pred == table(1).p).all()
    assert (cut.score, cut.loss_name) == (None, "zero_one")
    beside = predictions(loaded(frame, target="y", score="s", pred="p"), seed=0)
    assert (beside.score, beside.loss_name) == (None, "zero_one")


def test_a_cut_score_is_a_decision_without_labels(loaded):
    frame = table(1).drop(columns=["y", "p"]).assign(s=lambda t: (100 * t.s).round())
    subject = loaded(frame, score="s", cut=60, favourable="true")
    assert subject.classes == (False, True)
    assert (subject.outcome.column, subject.outcome.said) == ("s >= 60", True)
    assert (subject.column("s >= 60") == (frame.s >= 60)).all()
    burden = loaded(frame, score="s", cut=60, unfavourable="false")
    assert burden.classes == (True, False)


@pytest.mark.parametrize(
    ("roles", "error", "said"),
    [
        (
            {"target": "y", "score": "s", "score_of": "maybe"},
            DataError,
            "there is no outcome 'maybe'; there are no, yes",
        ),
        ({"target": "y", "cut": 0.3}, UsageError, "no --score is named"),
        ({"target": "y", "score": "s", "pred": "p", "cut": 0.3}, UsageError, "name one of the two"),
        ({"score": "s", "score_of": "yes"}, DataError, "no outcomes are named"),
    ],
)
def test_what_makes_no_sense_is_refused(loaded, roles, error, said):
    with pytest.raises(error, match=said):
        loaded(table(1), **roles)


def slow_area(scores, positive):
    pairs = [(a > b) + (a == b) / 2 for a in scores[positive] for b in scores[~positive]]
    return sum(pairs) / len(pairs)


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=40))
def test_the_area_is_the_share_of_pairs(rows):
    scores = np.array([score for score, _ in rows], dtype=float)
    positive = np.array([one for _, one in rows])
    found = points_away(scores, positive)
    if found is not None:
        assert found == pytest.approx(slow_area(scores, positive), abs=1e-12)
        assert found < 0.5
    assert points_away(-scores, positive) is None or found is None


def test_chance_alone_is_refused_as_often_as_the_level_says():
    rng = np.random.default_rng(0)
    for n, ties in ((12, 0), (60, 0), (60, 3), (600, 0)):
        refused = 0
        for _ in range(2000):
            scores = rng.integers(0, ties, n).astype(float) if ties else rng.random(n)
            refused += points_away(scores, np.arange(n) % 3 == 0) is not None
        assert refused <= 0.035 * 2000
    assert points_away(np.arange(20.0), np.arange(20) < 10) == 0.0


def test_rows_that_belong_together_are_no_independent_evidence():
    scores, positive = np.repeat([0.1, 0.2, 0.8, 0.9], 50), np.repeat([True, True, False, False], 50)
    assert points_away(scores, positive) == 0.0
    assert points_away(scores, positive, clusters=4) is None
