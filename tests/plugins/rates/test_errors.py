"""Errors of a numeric target."""

import numpy as np
import pytest
from plugins.rates.audited import audited, one
from plugins.rates.test_weights_and_clusters import table

from auditkit.measures import heavy_tail, p_value


def test_all_rows_of_a_numeric_target_have_their_errors():
    rng = np.random.default_rng(0)
    frame = table().assign(y=lambda f: rng.normal(size=len(f)))
    frame["p"] = frame.y + rng.normal(size=len(frame))
    error = frame.p - frame.y
    found = audited(frame)
    for metric, expected in (
        ("mean_error", error.mean()),
        ("mae", error.abs().mean()),
        ("mse", (error**2).mean()),
    ):
        whole = one(found, metric, "")
        assert whole.value == pytest.approx(expected)
        assert whole.interval.low < expected < whole.interval.high
    assert {f.compare for f in found if not f.group} == {"absolute"}


def test_clusters_widen_the_errors_of_a_numeric_target():
    rng = np.random.default_rng(0)
    frame = table().assign(y=lambda f: rng.normal(size=len(f)))
    frame["p"] = frame.y + rng.normal(size=100)[frame.who] + 0.1 * rng.normal(size=len(frame))
    naive, told = (
        one(audited(frame, metrics=("mean_error",), **role), "mean_error", "")
        for role in ({}, {"cluster": "who"})
    )
    assert naive.value == told.value
    assert told.interval.high - told.interval.low > 2.5 * (naive.interval.high - naive.interval.low)


def drawn(errors, n=2000):
    """Return rows of two groups, 40 and the others, whose errors are drawn alike."""
    frame = table(n)
    frame["g"] = np.where(np.arange(n) < 40, "a", "b")
    frame["y"] = np.random.default_rng(3).normal(size=n)
    return frame.assign(p=frame.y + errors(np.random.default_rng(4), n))


def test_of_a_heavy_tail_only_the_sign_of_a_gap_is_shown_and_the_reader_is_told():
    notes = []
    found = audited(drawn(lambda rng, n: rng.standard_t(3, n)), notes=notes)
    (note,) = [note for note in notes if "heavy tail" in note]
    assert note.startswith("mse has a heavy tail: the largest 1 % of the rows hold ")
    gap = one(found, "mse", "g=a", "to_rest")
    assert (
        p_value(gap.value, gap.interval, 0.01, "above")
        == p_value(gap.value, gap.interval, -9.0, "below")
        == 1.0
    )
    whole = one(found, "mae", "")
    assert p_value(whole.value, whole.interval, 0.9 * whole.value, "above") < 0.01


def test_normal_errors_have_no_heavy_tail():
    notes = []
    audited(drawn(lambda rng, n: rng.normal(size=n)), notes=notes)
    assert not [note for note in notes if "heavy" in note]


def test_gaps_do_not_depend_on_what_else_is_asked_for_nor_on_the_order_of_runs():
    frame = drawn(lambda rng, n: rng.standard_t(3, n))
    one_, two = (audited(frame, metrics=("mse",)) for _ in range(2))
    assert one_ == two


@pytest.mark.parametrize("role", [{"cluster": "who"}, {"weight": "w"}, {"cluster": "who", "weight": "w"}])
def test_weights_and_clusters_reach_every_gap(role):
    frame = drawn(lambda rng, n: rng.normal(size=n))
    names = ("mean_error", "mae", "mse", "rmse")
    found = audited(frame, reference={"g": "b"}, min_n=20, metrics=names, **role)
    for metric in ("mean_error", "mae", "mse", "rmse"):
        rest, reference = (one(found, metric, "g=a", compare) for compare in ("to_rest", "to_reference"))
        assert rest.value == pytest.approx(reference.value)
        assert (rest.interval.low, rest.interval.high) == pytest.approx(
            (reference.interval.low, reference.interval.high)
        )
        assert rest.interval.method == ("root_mean_gap" if metric == "rmse" else "permutation")


def test_groups_without_any_error_have_a_difference_of_0_and_a_reason_in_place_of_a_ratio():
    frame = table(400).assign(y=np.arange(400.0), p=np.arange(400.0))
    frame["g"] = np.where(np.arange(400) < 100, "a", "b")
    found = audited(frame, metrics=("mae", "rmse"), said_task="regression")
    for metric in ("mae", "rmse"):
        apart, over = (one(found, metric, "g", compare) for compare in ("difference", "ratio"))
        assert (apart.value, apart.interval.low, apart.interval.high) == (0.0, 0.0, 0.0)
        assert (over.value, over.reason) == (None, "insufficient evidence: every group's number is 0")


def test_of_a_heavy_tail_how_far_groups_are_apart_has_no_bound_and_a_gate_would_say_why():
    found = audited(drawn(lambda rng, n: rng.standard_t(2, n)), metrics=("rmse", "mae"), min_n=20)
    for compare in ("difference", "ratio"):
        apart = one(found, "rmse", "g", compare)
        assert heavy_tail(apart.interval) > 0.2
        assert p_value(apart.value, apart.interval, 0.0, "above") == 1.0


def test_of_a_heavy_tail_the_first_screen_bounds_another_metric_or_none():
    """A row a billion off: the sample does not know how large the means are."""
    frame = drawn(lambda rng, n: rng.normal(size=n))
    frame.loc[100, "p"] += 1e9
    answers = []
    audited(frame, metrics=("mae", "rmse", "mse"), answers=answers)
    assert [answer.sure for answer in answers] == ["not_shown"]
    answers = []
    halves = drawn(lambda rng, n: rng.standard_t(3, n)).assign(g=["a", "b"] * 1000)
    audited(halves, metrics=("mse", "mae"), answers=answers)
    assert any(
        "mean absolute error exceeds that of the rest by more than" in answer.text for answer in answers
    )


@pytest.mark.parametrize("factor", [1e150, 1e-150])
def test_errors_whose_squares_are_no_numbers_are_not_assessed_and_it_is_said(factor):
    frame = drawn(lambda rng, n: rng.normal(size=n))
    frame = frame.assign(y=frame.y * factor, p=frame.p * factor)
    skipped = []
    assert not audited(frame, metrics=("mae",), skipped=skipped)
    assert [(one.what, one.n, "another unit" in one.why) for one in skipped] == [
        ("errors of predictions", 2000, True)
    ]
