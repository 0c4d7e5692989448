"""How many rows a named group has, and the sentence for one that is not there."""

import numpy as np
import pandas as pd
import pytest

from auditkit.gates.census import Census, StoredCensus, census_of
from auditkit.groups.cut import group_by
from auditkit.spec.groups import GroupSpec
from auditkit.values.gate import GateComparison, GateResult
from auditkit.values.report import GroupEntry
from auditkit.values.subject import Subject


def mask(*rows):
    return np.isin(np.arange(6), rows)


SEX_AND_AGE = {"sex=F": mask(0, 1, 2), "sex=M": mask(3, 4), "age=old": mask(2, 3), "elderly": mask(5)}
CENSUS = Census(SEX_AND_AGE | {"a & b": mask(0), "k=v=w": mask(1)})


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("sex=F", 3),
        ("elderly", 1),
        ("sex=F & age=old", 1),
        ("sex=M & age=old", 1),
        ("sex=F & sex=M", 0),
        ("a & b", 1),
        ("sex=X", 0),
        ("sex=F & sex=X", 0),
        ("sex=X & sex=F", 0),
        ("sex=F &  age=old", 0),
    ],
)
def test_an_intersection_has_the_rows_of_all_its_groups(name, rows):
    assert CENSUS.rows(name) == rows


def many(n):
    return Census({f"dept={i}": mask(0) for i in range(n)})


@pytest.mark.parametrize(
    ("census", "name", "said"),
    [
        (CENSUS, "sex=FF", "'sex=FF'; did you mean 'sex=F'?; there are sex=F, sex=M"),
        (CENSUS, "age=old & sex=FF", "'age=old & sex=FF'; did you mean 'sex=F'?; there are sex=F, sex=M"),
        (CENSUS, "sex=quite other", "'sex=quite other'; there are sex=F, sex=M"),
        (CENSUS, "k=v=x", "'k=v=x'; did you mean 'k=v=w'?; there are k=v=w"),
        (CENSUS, "elderli", "'elderli'; did you mean 'elderly'?"),
        (many(12), "dept=zzzzzzz", f"'dept=zzzzzzz'; there are {', '.join(f'dept={i}' for i in range(12))}"),
        (
            many(13),
            "dept=zzzzzzz",
            f"'dept=zzzzzzz'; there are {', '.join(f'dept={i}' for i in range(12))}, ...",
        ),
    ],
)
def test_the_groups_of_that_attribute_are_named(census, name, said):
    assert census.lacking(name) == f"the data have no group {said}"


def test_without_a_like_attribute_what_there_is_is_said():
    said = CENSUS.lacking("height=tall")
    assert said.startswith("the data have no group 'height=tall'; ")
    assert "there are" not in said
    assert "sex=F" in said


def test_a_census_counts_attributes_and_named_groups():
    table = pd.DataFrame({"sex": ["F", "M", "F", "F"], "age": [10, 70, 80, 90]})
    groups = {"sex": GroupSpec(column="sex"), "elderly": GroupSpec(where="age > 65")}
    census = census_of(group_by(Subject(table=table, source="t"), groups))
    assert {name: census.rows(name) for name in census.groups} == {"sex=F": 3, "sex=M": 1, "elderly": 3}
    assert census.rows("sex=F & elderly") == 2


def test_a_kept_run_knows_its_groups_and_what_its_gates_counted():
    compared = (
        GateComparison(group="sex=F & age=old", outcome="holds", n=7),
        GateComparison(group="sex=F", outcome="holds", n=2),
    )
    gate = GateResult(
        id="g", outcome="pass", message="", on="s", metric="m", compare="absolute", rule="limit 0.1", comparisons=compared
    )  # fmt: skip
    entries = tuple(
        GroupEntry(name=name, rule="", expression="", n=n, share=0.0)
        for name, n in (("sex=F", 3), ("sex=M", 4))
    )
    kept = StoredCensus(entries, (gate,))
    assert [kept.rows(name) for name in ("sex=F", "sex=M", "sex=F & age=old", "sex=X")] == [3, 4, 7, 0]
    assert kept.lacking("sex=N") == "the data of this run have no group 'sex=N'; did you mean 'sex=M'?"
