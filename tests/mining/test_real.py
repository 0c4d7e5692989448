"""On bundled tables, and on made-up ones like files that may not ship, what is told of mined groups is true of their rows."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from mining.made_up import defendants, hospital_stays
from mining.real import faults, of_one, told
from mining.tables import brought, bundled, like_compas, like_diabetes

from auditkit import Finding, Group, Subject

TABLES = {
    "German credit": lambda: bundled("german_credit", 1000),
    "Adult": lambda: bundled("adult", 4000),
    "like COMPAS": lambda: like_compas(3000),
    "like Diabetes-130": lambda: like_diabetes(3000),
    "like Diabetes-130, every column": lambda: like_diabetes(3000, every=True),
    "like Diabetes-130, all rows": lambda: like_diabetes(101_766),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("German credit", "minoria"),
        ("German credit", "minoria.climb"),
        ("German credit", "minoria.kmeans"),
        ("Adult", "minoria"),
        ("like COMPAS", "minoria"),
        ("like Diabetes-130", "minoria"),
        ("Adult", "minoria.focus"),
        ("like Diabetes-130, every column", "minoria"),
        ("like Diabetes-130, all rows", "minoria"),
    ],
)
def test_what_is_told_of_mined_groups_is_so(name, step):
    groups, told = faults(TABLES[name](), step, tau=-1.0)
    assert groups
    assert told == []


@pytest.mark.slow
@pytest.mark.parametrize(("name", "made"), [("compas", defendants), ("diabetes", hospital_stays)])
def test_a_file_that_is_brought_is_read_as_its_recipe_reads_it(name, made, tmp_path):
    path = tmp_path / "brought.csv"
    made(1000, 0).assign(name="A. Person").to_csv(path, index=False)
    subject = brought(name, str(path))
    assert len(subject) == 1000
    assert not {"name", "race"} & set(subject.features)
    assert [one.holds for one in told(name, lambda _: subject, range(1))] == [True, True]


def test_runs_that_find_nothing_show_nothing():
    table = pd.DataFrame({"a": ["p", "q"] * 40, "err": [0.0, 0.0, 1.0, 1.0] * 20})
    scores = told("alike", lambda _: Subject(table=table, loss="err", features=("a",)), range(2))
    assert [(one.count, one.holds) for one in scores] == [(0, True), (0, False)]


TABLE = pd.DataFrame({"a": list("xxyyyy"), "n": [1.0, 2.0, 3.0, 4.0, 5.0, np.nan]})
GROUP = Group("g", "rows with a = x", "`a` == 'x'", np.array([1, 1, 0, 0, 0, 0], dtype=bool))
WHO = {"value": "a = x", "share": 1.0, "share_of_all": 2 / 6}
GAP = Finding(metric="loss_gap", value=0.1, n=6, details={"rule": "a = x", "f1": 1.0, "who": [WHO]})


@pytest.mark.parametrize(
    ("group", "details"),
    [
        ({"expression": "`a` == 'y'"}, {}),
        ({"rule": "rows with a = y"}, {}),
        ({}, {"f1": 0.99}),
        ({}, {"f1": 0.6}),
        ({}, {"rule": ""}),
        ({}, {"who": [WHO | {"value": "n ≥ 2"}]}),
        ({}, {"who": [WHO | {"value": "n missing"}]}),
        ({}, {"who": [WHO | {"share": 0.9}]}),
        ({}, {"who": [WHO | {"share_of_all": 0.3}]}),
    ],
)
def test_what_is_not_so_is_told(group, details):
    assert list(of_one(GROUP, GAP, TABLE)) == []
    assert list(of_one(replace(GROUP, **group), replace(GAP, details=GAP.details | details), TABLE))


@pytest.mark.parametrize(
    ("value", "row", "rows"),
    [
        ("n < 3", 0, 2),
        ("n ≥ 4", 3, 2),
        ("n 2 to 4", 3, 3),
        ("2 ≤ n < 4", 2, 2),
        ("n missing", 5, 1),
        ("a = y", 5, 4),
    ],
)
def test_words_are_read_as_they_are_meant(value, row, rows):
    who = {"value": value, "share": 1.0, "share_of_all": rows / 6}
    gap = replace(GAP, details=GAP.details | {"who": [who]})
    told = list(of_one(replace(GROUP, mask=np.arange(6) == row), gap, TABLE))
    assert not [fault for fault in told if "against" in fault]
