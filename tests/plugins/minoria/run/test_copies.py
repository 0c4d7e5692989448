"""Copies of rows count as rows of their own: that is said, and how many held-out ones are copies of mined ones."""

import numpy as np
import pandas as pd
import pytest
from plugins.minoria.calls import STEPS

from auditkit import Subject
from auditkit.testing import make_context


def table(n=600):
    rng = np.random.default_rng(0)
    return pd.DataFrame({"a": rng.normal(size=n), "b": rng.choice(list("pq"), n), "err": rng.random(n)})


def notes(given, **roles):
    finder, context = STEPS["minoria.slices"](), make_context()
    finder.find(Subject(table=given, loss="err", features=("a", "b"), **roles), finder.Params(), context)
    return [note for note in context.ledger.notes if "copies" in note]


def test_copies_are_told_and_those_that_are_held_out_while_their_like_is_mined():
    given = table()
    given = pd.concat([given, given[:100]], ignore_index=True)
    (note,) = notes(given)
    assert note.startswith("100 of 700 rows are exact copies of others; ")
    told = int(note.split("; ")[1].split(" of")[0])
    mining = np.ones(700, dtype=bool)
    mining[np.random.default_rng([0, 17]).permutation(700)[:350]] = False
    apart = int((mining[:100] != mining[600:]).sum())
    assert told == apart > 20


def test_copies_on_one_side_of_the_split_only_make_intervals_too_narrow():
    given = table().assign(part=["train"] * 300 + ["test"] * 300)
    (note,) = notes(pd.concat([given, given[:100]], ignore_index=True), split="part")
    assert note.startswith("100 of 700 rows are exact copies of others, and count as rows of their own")


@pytest.mark.parametrize(
    ("given", "roles"),
    [
        (table(), {}),
        (pd.concat([table(), table()[:3]], ignore_index=True), {}),
        (pd.concat([table().assign(who=range(600))] * 2, ignore_index=True), {"cluster": "who"}),
        (table().round(0), {}),
    ],
    ids=["none", "few", "said to belong together", "as chance makes them"],
)
def test_no_word_of_copies(given, roles):
    assert notes(given, **roles) == []
