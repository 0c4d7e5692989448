"""Changes on the same rows: each number against a slow twin, and what must not change them."""

import numpy as np
import pandas as pd
import pytest
from plugins.rates.change.differed import differed, one, paired

from auditkit.measures import bound_at

COUNTED = {
    "selection_rate": (lambda y: True, lambda y, p: p == 1),
    "tpr": (lambda y: y == 1, lambda y, p: p == 1),
    "fpr": (lambda y: y == 0, lambda y, p: p == 1),
    "accuracy": (lambda y: True, lambda y, p: p == y),
    "fnr": (lambda y: y == 1, lambda y, p: p == 0),
    "tnr": (lambda y: y == 0, lambda y, p: p == 0),
}


@pytest.mark.parametrize("metric", COUNTED)
@pytest.mark.parametrize("weight", [None, "w"])
def test_a_change_is_what_counting_row_by_row_gives(metric, weight):
    frame = paired()
    found, _ = differed(frame, metrics=(metric,), weight=weight)
    within, counts = COUNTED[metric]
    for group in ("", "g=a", "g=b", "g=c"):
        lost = gained = total = before = after = 0.0
        rows = {"lost": 0, "gained": 0}
        for row in frame.itertuples():
            if (group and f"g={row.g}" != group) or not within(row.y):
                continue
            w = row.w if weight else 1.0
            old, new = counts(row.y, row.q), counts(row.y, row.p)
            total, before, after = total + w, before + w * old, after + w * new
            lost, gained = lost + w * (old and not new), gained + w * (new and not old)
            rows["lost"] += old and not new
            rows["gained"] += new and not old
        change = one(found, metric, group)
        assert change.value == pytest.approx((gained - lost) / total)
        assert change.details["before"] == pytest.approx(before / total)
        assert change.details["after"] == pytest.approx(after / total)
        assert one(found, metric, group, "absolute").value == pytest.approx(after / total)
        assert {name: change.details[name] for name in rows} == rows
        assert change.interval.low < change.value < change.interval.high


def test_the_interval_reads_at_any_level_where_it_stands():
    found, _ = differed(paired(), metrics=("tpr",))
    change = one(found, "tpr", "g=a")
    for side, end in (("above", change.interval.low), ("below", change.interval.high)):
        assert bound_at(change.value, change.interval, 0.025, side) == pytest.approx(end)


def test_turned_around_in_time_a_change_is_its_opposite():
    frame = paired()
    there, _ = differed(frame)
    back, _ = differed(frame.rename(columns={"p": "q", "q": "p"}))
    for one_way in (f for f in there if f.compare == "change"):
        other = one(back, one_way.metric, one_way.group)
        assert other.value == pytest.approx(-one_way.value)
        assert [other.interval.low, other.interval.high] == pytest.approx(
            [-one_way.interval.high, -one_way.interval.low]
        )
        assert (other.details["lost"], other.details["gained"]) == (
            one_way.details["gained"],
            one_way.details["lost"],
        )


def test_predictions_that_are_the_same_change_nothing_and_exclude_little():
    frame = paired().assign(p=lambda f: f.q)
    found, ledger = differed(frame)
    assert {f.value for f in found if f.compare == "change"} == {0.0}
    assert max(one(found, "accuracy", g).interval.high for g in ("", "g=a")) < 0.03
    assert ledger.answers[0].text == "No group is shown to fare worse than before."
    assert any(answer.text == "All 600 rows are decided as before." for answer in ledger.answers)


def test_crossings_and_several_classes_are_compared_too():
    rng = np.random.default_rng(3)
    n = 900
    y = rng.choice(["r", "g", "b"], n)
    q = np.where(rng.random(n) < 0.7, y, "r")
    p = np.where(rng.random(n) < 0.1, "g", q)
    frame = pd.DataFrame(
        {"g": rng.choice(["a", "b"], n), "h": rng.choice(["u", "v"], n), "y": y, "q": q, "p": p}
    )
    found, ledger = differed(frame, outcome=None, groups=("g", "h"))
    mine = frame[(frame.g == "a") & (frame.h == "u")]
    change = one(found, "accuracy", "g=a & h=u")
    assert change.value == pytest.approx((mine.p == mine.y).mean() - (mine.q == mine.y).mean())
    change = one(found, "tpr", "g=a & h=u [g]")
    green = mine[mine.y == "g"]
    assert change.value == pytest.approx((green.p == "g").mean() - (green.q == "g").mean())
    assert change.details["class"] == "g"
    (table,) = ledger.tables
    assert table.columns == ("group", "rows", "changed", "share changed")
    assert table.rows[0][:3] == ("all rows", n, int((p != q).sum()))


def test_mean_errors_of_a_number_change_by_the_mean_of_each_rows_difference():
    rng = np.random.default_rng(1)
    n = 400
    y = rng.normal(size=n) * 10
    q = y + rng.normal(size=n)
    frame = pd.DataFrame({"g": rng.choice(["a", "b"], n), "y": y, "q": q, "p": q + rng.normal(0.2, 0.5, n)})
    found, ledger = differed(frame, outcome=None, metrics=("mae", "mean_error"))
    mine = frame[frame.g == "a"]
    moved = (mine.p - mine.y).abs() - (mine.q - mine.y).abs()
    change = one(found, "mae", "g=a")
    assert change.value == pytest.approx(moved.mean())
    error = moved.std(ddof=1) / np.sqrt(len(moved))
    assert change.interval.high - change.interval.low == pytest.approx(2 * 1.972 * error, rel=0.02)
    assert one(found, "mae", "g=a", "absolute").value == pytest.approx((mine.p - mine.y).abs().mean())
    assert not ledger.tables


def test_decisions_without_labels_have_a_selection_rate():
    found, _ = differed(paired(), target=None, outcome=None)
    assert {f.metric for f in found} == {"selection_rate"}
    frame = paired()
    assert one(found, "selection_rate", "g=a").value == pytest.approx(
        (frame.p - frame.q)[frame.g == "a"].mean()
    )


def test_too_few_rows_are_no_number_and_no_silence():
    frame = paired(120)
    found, _ = differed(frame, metrics=("tpr",))
    few = one(found, "tpr", "g=c")
    assert few.value is None
    assert few.reason.startswith("insufficient evidence: ")
    assert few.rows_needed > 0
    _, ledger = differed(frame.head(40))
    assert ledger.answers[0].sure in {"too_few", "not_shown"}


def test_rows_that_belong_together_make_a_change_less_sure():
    frame = paired(400).assign(who=lambda f: np.arange(len(f)))
    again = pd.concat([frame] * 5, ignore_index=True)
    alone, naive, told = (
        differed(rows, metrics=("accuracy",), **more)[0]
        for rows, more in ((frame, {}), (again, {}), (again, {"cluster": "who"}))
    )
    first, second, third = (one(found, "accuracy", "g=a").interval for found in (alone, naive, told))
    assert second.high - second.low < 0.6 * (first.high - first.low)
    assert third.high - third.low == pytest.approx(first.high - first.low, rel=0.06)


def test_rows_of_very_few_clusters_are_insufficient_evidence():
    frame = paired(400).assign(who=lambda f: np.arange(len(f)) % 4)
    found, _ = differed(frame, metrics=("accuracy",), cluster="who")
    assert "of as many as 4.0 clusters, 5 needed" in one(found, "accuracy", "g=a").reason


def test_weights_that_are_all_zero_in_a_group_measure_nothing():
    frame = paired().assign(w=lambda f: np.where(f.g == "a", 0.0, f.w))
    found, _ = differed(frame, metrics=("accuracy",), weight="w")
    assert one(found, "accuracy", "g=a").reason.startswith("not measured: the weights")


def test_rows_without_a_truth_are_counted_nowhere():
    frame = paired().assign(y=lambda f: f.y.where(f.index >= 50))
    found, ledger = differed(frame)
    known = frame[frame.y.notna()]
    change = one(found, "selection_rate", "g=a")
    assert change.n == (known.g == "a").sum()
    assert change.value == pytest.approx((known.p - known.q)[known.g == "a"].mean())
    assert ledger.tables[0].rows[0][1] == len(known)


def test_a_metric_that_the_target_lacks_is_refused_by_name():
    with pytest.raises(Exception, match="diff has no metric 'f2'"):
        differed(paired(), metrics=("f2",))
    with pytest.raises(Exception, match="metric 'mae' does not fit a binary target; it has selection_rate"):
        differed(paired(), metrics=("mae",))
