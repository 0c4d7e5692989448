"""Different rows, or a stored run: two numbers taken as independent, and groups that only one side has."""

import numpy as np
import pandas as pd
import pytest
from plugins.rates.change.differed import differed, one, paired

from auditkit import Group
from auditkit.errors import DataError
from auditkit.measures import newcombe


def months():
    """Return two tables of different rows: the same people do not come again."""
    return paired(900, seed=1), paired(700, seed=2).assign(p=lambda f: np.where(f.g == "a", 0, f.p))


def test_a_change_between_different_rows_is_that_of_two_independent_rates():
    old, new = months()
    found, _ = differed(new, old=old, metrics=("selection_rate",))
    change = one(found, "selection_rate", "g=b")
    mine, theirs = new[new.g == "b"].p, old[old.g == "b"].p
    assert change.value == pytest.approx(mine.mean() - theirs.mean())
    low, high = newcombe(mine.sum(), len(mine), theirs.sum(), len(theirs))
    assert change.interval.low == pytest.approx(low, abs=0.01)
    assert change.interval.high == pytest.approx(high, abs=0.01)
    assert change.details["before"] == pytest.approx(theirs.mean())
    assert change.details["n_before"] == len(theirs)


def test_a_group_that_got_worse_is_named_without_pairs():
    old, new = months()
    _, ledger = differed(new, old=old)
    assert ledger.answers[0].text.startswith("Recall fell from ")
    assert ledger.answers[0].text.endswith(" to 0 % for a.") or "g = a" in ledger.answers[0].text


def test_new_and_vanished_groups_are_said_and_have_no_number():
    old, new = months()
    found, ledger = differed(
        new[new.g != "c"].reset_index(drop=True), old=old[old.g != "b"].reset_index(drop=True)
    )
    gone, came = one(found, "tpr", "g=c"), one(found, "tpr", "g=b")
    assert (gone.value, gone.n) == (None, 0)
    assert gone.reason == f"gone: {(old.g == 'c').sum()} rows in old, none now"
    assert came.value is None
    assert came.reason == "new: not in old, so that nothing says how it changed"
    texts = " ".join(answer.text for answer in ledger.answers)
    assert "Groups that are gone, none of their rows is there now: " in texts
    assert "Groups that are new, so that no change is known: " in texts


def test_a_group_that_is_gone_is_said_where_rows_are_paired_too():
    frame = paired(600)
    here = np.flatnonzero(frame.g != "c")
    found, ledger = differed(frame.iloc[here].reset_index(drop=True), old=frame.assign(p=frame.q), rows=here)
    assert one(found, "tpr", "g=c").reason == f"gone: {(frame.g == 'c').sum()} rows in old, none now"
    assert any("gone" in answer.text for answer in ledger.answers)


def test_classes_that_only_one_side_has_are_refused():
    frame = paired(300)
    with pytest.raises(DataError, match="old has the classes"):
        differed(frame, old=frame.assign(y=lambda f: f.y.replace(0, 2), p=lambda f: f.p.replace(0, 2)))


def test_mean_errors_of_different_rows_are_independent_means():
    rng = np.random.default_rng(4)
    sides = []
    for n, spread in ((500, 1.0), (400, 2.0)):
        y = rng.normal(size=n) * 10
        sides.append(
            pd.DataFrame({"g": rng.choice(["a", "b"], n), "y": y, "p": y + rng.normal(0, spread, n)})
        )
    old, new = sides
    found, ledger = differed(new, old=old, outcome=None, metrics=("mae",))
    change = one(found, "mae", "g=a")
    off = [(side.p - side.y).abs()[side.g == "a"] for side in (new, old)]
    assert change.value == pytest.approx(off[0].mean() - off[1].mean())
    error = np.sqrt(sum(part.var() / len(part) for part in off))
    assert change.interval.high - change.interval.low == pytest.approx(2 * 1.97 * error, rel=0.03)
    assert ledger.answers[0].text.startswith("Mean absolute error rose from ")


def test_several_classes_of_different_rows_are_compared_class_by_class():
    rng = np.random.default_rng(5)
    sides = []
    for right in (0.9, 0.5):
        y = rng.choice(["r", "g", "b"], 900)
        p = np.where(rng.random(900) < right, y, "r")
        sides.append(pd.DataFrame({"g": rng.choice(["a", "b"], 900), "y": y, "p": p}))
    old, new = sides
    found, _ = differed(new, old=old, outcome=None)
    mine = [side[(side.g == "a") & (side.y == "g")] for side in (new, old)]
    change = one(found, "tpr", "g=a [g]")
    assert change.value == pytest.approx((mine[0].p == "g").mean() - (mine[1].p == "g").mean())


def test_a_group_that_was_found_in_these_rows_is_not_called_new():
    old, new = months()
    mined = Group("odd ones", "x", "", np.arange(len(new)) % 2 == 1)
    found, ledger = differed(new, old=old, metrics=("accuracy",), named=(mined,))
    reason = one(found, "accuracy", "odd ones").reason
    assert reason == "not known in old, so that nothing says how it changed"
    assert not any("new" in answer.text for answer in ledger.answers)
