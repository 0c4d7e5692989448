"""What `diff` answers: the groups that got worse beyond doubt, the most that anybody lost, whose decision changed."""

import numpy as np
import pandas as pd
import pytest
from plugins.rates.change.differed import differed, one

from auditkit.values.outcome import Outcome


def lost(n_lost, *, n=100, kind="favourable", said=True):
    """Return what is answered where one group of two loses positives that were found before."""
    parts = []
    for group, away in (("Anna", n_lost), ("Bert", 0)):
        y = np.repeat([1, 0], n)
        q = np.repeat([1, 0], n)
        p = q.copy()
        p[:away] = 0
        parts.append(pd.DataFrame({"g": f"{group}s", "y": y, "q": q, "p": p}))
    frame = pd.concat(parts, ignore_index=True)
    return differed(frame, outcome=Outcome(column="y", value=1, kind=kind, said=said))


def test_44_positives_that_one_group_lost_are_named():
    found, ledger = lost(44)
    first = ledger.answers[0]
    assert first.text == "Recall fell from 100 % to 56 % for Annas."
    assert (first.sure, first.harm) == ("shown", True)
    assert "44 rows lost, 0 gained" in first.basis
    change = one(found, "tpr", "g=Annas")
    assert (change.details["lost"], change.details["gained"]) == (44, 0)
    assert change.interval.high < -0.3


def test_a_group_that_lost_nothing_is_not_accused():
    _, ledger = lost(44)
    assert not any("Bert" in answer.text and answer.harm for answer in ledger.answers)


def test_the_same_loss_of_a_burden_is_no_harm():
    _, ledger = lost(44, kind="unfavourable")
    assert not any(answer.harm and "Selection rate" in answer.text for answer in ledger.answers)


def test_where_nobody_said_what_is_good_no_side_of_selection_is_called_worse():
    _, ledger = lost(44, said=False)
    harms = [answer for answer in ledger.answers if answer.harm]
    assert all("election" not in answer.text for answer in harms)


def test_no_group_lost_more_than_the_largest_one_sided_bound():
    found, ledger = lost(2)
    (said,) = [
        a.text for a in ledger.answers if a.text.startswith("With 97.5 % confidence") and "recall" in a.text
    ]
    most = 100 * max(-f.interval.low for f in found if f.metric == "tpr" and f.compare == "change")
    number = float(said.split("more than ")[1].split(" points")[0])
    assert most <= number <= most + 0.1
    assert "no assessed group's recall fell" in said


@pytest.mark.parametrize("n_lost", [0, 3, 10])
def test_whose_decision_changed_is_counted(n_lost):
    _, ledger = lost(n_lost)
    text = ledger.answers[-1].text
    if n_lost:
        assert (
            text
            == f"{n_lost} of 400 rows are decided otherwise, most often of Annas ({n_lost / 2:.3g} % of 200 rows)."
        )
    else:
        assert text == "All 400 rows are decided as before."
    (table,) = ledger.tables
    assert table.columns == ("group", "rows", "changed", "to 1", "from 1", "share changed")
    assert table.rows[0] == ("all rows", 400, n_lost, 0, n_lost, n_lost / 400)
