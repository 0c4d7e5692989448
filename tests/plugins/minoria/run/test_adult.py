"""On census data: a reported group's expression finds its rows again, and what is told of them is true."""

import numpy as np
import pandas as pd
import pytest

from auditkit import Subject
from auditkit.data.bundled.sets import ADULT
from auditkit.groups.expressions import select_rows
from auditkit.testing import make_context
from auditkit_minoria.groups.cover import distinct
from auditkit_minoria.steps import FINDERS

pytestmark = pytest.mark.slow

STEPS = {step.name: step for step in FINDERS}
FEATURES = ("workclass", "education", "occupation", "relationship", "capital-gain", "hours-per-week")


@pytest.fixture(scope="module")
def table():
    """Some rows of Adult, with an error that is frequent among some of them and not elsewhere."""
    read = pd.read_parquet(ADULT.path)
    rng = np.random.default_rng(0)
    made = read.iloc[rng.permutation(len(read))[:8000]].reset_index(drop=True)
    odd = made["occupation"].isin(["Sales", "Farming-fishing"]) & made["workclass"].isin(
        ["Private", "Self-emp-inc"]
    )
    made["err"] = (rng.random(len(made)) < np.where(odd, 0.4, 0.1)).astype(float)
    return made


@pytest.mark.parametrize("step", ["minoria", "minoria.slices", "minoria.climb", "minoria.kmeans"])
def test_rules_find_their_rows_again_and_the_values_told_are_over_represented(table, step):
    finder = STEPS[step]()
    found = finder.find(
        Subject(table=table, loss="err", features=FEATURES), finder.Params(tau=-1.0), make_context()
    )
    assert found.groups
    gaps = {f.group: f for f in found.findings if f.metric == "loss_gap"}
    for i, group in enumerate(found.groups):
        details = gaps[group.name].details
        assert select_rows(group.expression, table).tolist() == group.mask.tolist()
        assert all(distinct(group.mask, other.mask) for other in found.groups[:i])
        assert all(one["share"] > one["share_of_all"] for one in details["who"])
        if details["f1"] == 1.0:
            assert group.rule == f"rows with {details['rule']}"
        elif details["f1"] < 0.7:
            assert details["rule"] == ""
            assert "no simple rule" in group.rule


@pytest.mark.slow
def test_two_sets_of_levels_are_found_and_named(table):
    finder = STEPS["minoria"]()
    found = finder.find(Subject(table=table, loss="err", features=FEATURES), finder.Params(), make_context())
    rules = [group.rule for group in found.groups if group.name in found.confirmed]
    assert any(
        "occupation in {Farming-fishing, Sales}" in rule and "workclass in {" in rule for rule in rules
    )
