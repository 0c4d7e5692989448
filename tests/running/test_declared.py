"""What steps hand back is held to what they declare, and what a run shares is shared by identity, not by name."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from running.made import host_of

from auditkit import Audit, Finding, Interval, Metric, PluginError, Repair, Repaired, Subject
from auditkit.cli.tables import sort_outputs
from auditkit.errors import UsageError
from auditkit.groups.cut import group_by
from auditkit.recipe.document import Document
from auditkit.recipe.validation import validate
from auditkit.running.engine import run
from auditkit.running.ledger import Ledger
from auditkit.running.plan import make_plan
from auditkit.running.unassessed import ungrouped
from auditkit.spec.groups import GroupSpec
from auditkit.spec.recipe import Recipe
from auditkit.testing import make_context
from auditkit.values.outcome import Outcome

WAIT = Metric(
    name="wait", title="Waiting time", formula="mean of days", unit="days", direction="higher_is_worse",
    compares=("to_rest",),
)  # fmt: skip


class Waits(Audit):
    name, title, method, metrics = "waits", "Waits", "means", (WAIT,)
    own_names = True
    reported = Finding(
        metric="wait", value=-4.0, n=60, group="a", compare="to_rest", interval=Interval(-6.0, -2.0)
    )

    def run(self, subject, params, context):
        return (self.reported,)


class Undeclared(Waits):
    name = "undeclared"
    reported = replace(Waits.reported, metric="weight")


class Unasked(Waits):
    name = "unasked"
    reported = replace(Waits.reported, compare="absolute", group="")


class Hands(Repair):
    name, title, method = "hands", "Hands back a table", "copies"

    def apply(self, subject, params, context):
        return Repaired(subject, result=pd.DataFrame({"id": [len(context.step)]}))


def planned(folder, *uses, gates=()):
    pd.DataFrame({"x": range(4), "y": [0, 0, 0, 1]}).to_csv(folder / "t.csv", index=False)
    steps = [{"id": f"{use}{i}", "use": use} for i, use in enumerate(uses)]
    document = Document(
        {"name": "r", "data": {"path": "t.csv", "target": "y"}, "steps": steps, "gates": list(gates)}
    )
    return make_plan(
        validate(Recipe, document), document, host_of(Waits, Undeclared, Unasked, Hands), folder=folder
    )


def test_a_finding_takes_unit_direction_and_sign_from_its_metric(tmp_path):
    (finding,) = run(planned(tmp_path, "waits")).findings
    assert (finding.unit, finding.direction, finding.signed) == ("days", "higher_is_worse", True)


def test_a_plugins_better_off_group_passes(tmp_path):
    gate = {"id": "g", "on": "waits0", "metric": "wait", "limit": 1.0}
    report = run(planned(tmp_path, "waits", gates=[gate]))
    assert [one.outcome for one in report.gates[0].comparisons] == ["holds"]


@pytest.mark.parametrize(
    ("use", "says"),
    [
        ("undeclared", "it reports 'weight', which it does not declare; did you mean 'wait'?"),
        ("unasked", "it reports 'wait' as absolute, which it does not declare; declared: to_rest"),
    ],
)
def test_a_number_that_a_step_does_not_declare_is_an_error(tmp_path, use, says):
    with pytest.raises(PluginError, match=re.escape(says)):
        run(planned(tmp_path, use))


def test_a_report_keeps_what_each_repair_hands_back(tmp_path):
    report = run(planned(tmp_path, "hands", "hands"))
    assert list(report.results) == ["hands0", "hands1"]


def test_two_tables_need_a_name_each(tmp_path):
    from pathlib import Path

    plan = planned(tmp_path, "hands", "hands")
    with pytest.raises(UsageError, match=r"hands0, hands1 hand back a table each; say which: hands1=x\.csv"):
        sort_outputs((Path("x.csv"),), plan)
    _, tables = sort_outputs((Path("hands0=x.csv"), Path("hands1=Y.PARQUET")), plan)
    assert tables == ((Path("x.csv"), "hands0"), (Path("Y.PARQUET"), "hands1"))
    with pytest.raises(UsageError, match=r"a table's file ends in \.csv"):
        sort_outputs((Path("hands0=x.txt"),), plan)
    assert sort_outputs((Path("x.csv"),), planned(tmp_path, "hands"))[1] == ((Path("x.csv"), "hands0"),)


def test_predictions_of_fifty_tables_of_one_loop_are_each_their_own():
    ledger = Ledger()
    context = replace(make_context(), ledger=ledger)
    rng = np.random.default_rng(0)
    for i in range(50):  # a table whose id is free again must not find another's predictions
        labels = rng.integers(0, 2, size=30)
        labels[:2] = 0, 1
        table = pd.DataFrame({"y": labels, "p": rng.integers(0, 2, size=30)})
        subject = Subject(table=table, target="y", pred="p")
        assert (context.predictions(subject).pred == table["p"]).all(), i
        del table, subject


@pytest.mark.parametrize(
    "change",
    [
        {"pred": "q"},
        {"target": "z"},
        {"outcome": Outcome(column="y", value=0, kind="positive")},
        {"weight": "q"},
        {"sensitive": ("q",)},
        {"missing": "impute"},
    ],
)
def test_predictions_of_another_role_are_not_shared(change):
    table = pd.DataFrame({"y": [0, 1] * 9, "z": [1, 0] * 9, "p": [0, 1] * 9, "q": [1, 0] * 9})
    subject = Subject(table=table, target="y", pred="p")
    other = replace(subject, **change)
    assert subject.predicts_as(replace(subject, notes=("a note",)))
    assert not subject.predicts_as(other)
    assert not subject.predicts_as(replace(subject, table=table.copy()))


def test_a_sensitive_column_whose_name_is_inside_another_is_still_missed():
    table = pd.DataFrame({"language": ["a", "b"] * 5, "age": range(10), "y": [0, 1] * 5})
    subject = Subject(table=table, sensitive=("language", "age"))
    grouped = group_by(subject, {"speech": GroupSpec(column="language")})
    assert [item.what for item in ungrouped(grouped)] == ["groups of column age"]
    named = group_by(subject, {"old": GroupSpec(where="`age` >= 5"), "speech": GroupSpec(column="language")})
    assert ungrouped(named) == []
