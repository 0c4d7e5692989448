"""On the tables that come with the program, what is told of mined groups is true of their rows."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mining.real import faults, of_one

from auditkit import Finding, Group
from auditkit.data.bundled.sets import BUNDLED
from auditkit.data.subjects import load
from auditkit.spec.data import DataSpec

pytestmark = pytest.mark.slow


def bundled(name, rows):
    subject = load(DataSpec(path=name), datasets=BUNDLED, folder=Path())
    kept = np.sort(np.random.default_rng(0).permutation(len(subject))[:rows])
    return replace(subject, table=subject.table.iloc[kept].reset_index(drop=True), groups=())


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("german_credit", "minoria"),
        ("german_credit", "minoria.climb"),
        ("german_credit", "minoria.kmeans"),
        ("adult", "minoria"),
        pytest.param("adult", "minoria.focus", marks=pytest.mark.slow),
    ],
)
def test_what_is_told_of_mined_groups_is_so(name, step):
    groups, told = faults(bundled(name, 4000), step, tau=-1.0)
    assert groups
    assert told == []


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
