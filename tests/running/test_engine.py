"""The loop over the steps: stages around repairs, which subject each step sees, equal findings from equal seeds."""

from dataclasses import replace

import pandas as pd
import pytest
from running.made import host_of

from auditkit import Audit, Finding, Metric, Repair, Repaired
from auditkit.recipe.document import Document
from auditkit.recipe.validation import validate
from auditkit.running.engine import run
from auditkit.running.plan import make_plan
from auditkit.spec.recipe import Recipe

SHARE = Metric(name="share", title="Share of ones", formula="ones / n")


class Measure(Audit):
    name, title, method, metrics = "measure", "Measure", "counts", (SHARE,)

    def run(self, subject, params, context):
        noise = context.rng().random()
        share = float(subject.table["y"].mean())
        return (Finding(metric="share", value=share, n=len(subject), details={"noise": noise}),)


class FlipOne(Repair):
    name, title, method, metrics = "flip", "Flip one", "sets the first 0 to 1", (SHARE,)

    def apply(self, subject, params, context):
        table = subject.table.copy()
        before = float(table["y"].mean())
        table.loc[table["y"].idxmin(), "y"] = 1
        findings = (
            Finding(metric="share", value=before, n=len(table), stage=0),
            Finding(metric="share", value=float(table["y"].mean()), n=len(table), stage=1),
        )
        return Repaired(replace(subject, table=table), findings)


@pytest.fixture
def report(tmp_path):
    pd.DataFrame({"x": range(4), "y": [0, 0, 0, 1]}).to_csv(tmp_path / "t.csv", index=False)
    steps = [
        {"id": name, "use": name.rstrip("123")}
        for name in ("measure1", "flip1", "measure2", "flip2", "measure3")
    ]
    document = Document({"version": 1, "name": "r", "data": {"path": "t.csv", "target": "y"}, "steps": steps})

    def made():
        return run(
            make_plan(validate(Recipe, document), document, host_of(Measure, FlipOne), folder=tmp_path)
        )

    return made


def test_named_groups_are_remembered_with_their_rule_and_size(tmp_path):
    pd.DataFrame({"sex": ["F", "M", "M", "M"], "y": [0, 1, 0, 1]}).to_csv(tmp_path / "t.csv", index=False)
    document = Document(
        {
            "name": "r",
            "data": {"path": "t.csv", "target": "y"},
            "groups": {"sex": {"column": "sex"}},
            "steps": [{"id": "m", "use": "measure"}],
        }
    )
    done = run(make_plan(validate(Recipe, document), document, host_of(Measure), folder=tmp_path))
    told = [(g.name, g.rule, g.expression, g.n, g.share, g.step) for g in done.groups]
    assert told == [
        ("sex=F", "sex is F", "`sex` == 'F'", 1, 0.25, ""),
        ("sex=M", "sex is M", "`sex` == 'M'", 3, 0.75, ""),
    ]


def test_a_step_sees_the_repaired_subject_and_findings_count_the_repairs_before_them(report):
    told = [(f.step, f.stage, f.value) for f in report().findings]
    assert told == [
        ("measure1", 0, 0.25),
        ("flip1", 0, 0.25), ("flip1", 1, 0.5),
        ("measure2", 1, 0.5),
        ("flip2", 1, 0.5), ("flip2", 2, 0.75),
        ("measure3", 2, 0.75),
    ]  # fmt: skip


def test_steps_draw_from_streams_of_their_own_and_a_run_repeats_exactly(report):
    first, second = report(), report()
    assert first.findings == second.findings
    noise = [f.details["noise"] for f in first.findings if "noise" in f.details]
    assert len(set(noise)) == 3


@pytest.mark.parametrize("knows", [False, True])
@pytest.mark.parametrize("cluster", [None, "x"])
def test_a_step_that_takes_clusters_for_strangers_is_said_to(tmp_path, knows, cluster):
    class Knowing(Measure):
        reads_clusters = knows

    pd.DataFrame({"x": range(4), "y": [0, 0, 0, 1]}).to_csv(tmp_path / "t.csv", index=False)
    data = {"path": "t.csv", "target": "y"} | ({"cluster": cluster} if cluster else {})
    value = {"version": 1, "name": "r", "data": data, "steps": [{"id": "m", "use": "measure"}]}
    document = Document(value)
    found = run(make_plan(validate(Recipe, document), document, host_of(Knowing), folder=tmp_path))
    said = [note for note in found.notes if "takes rows of one 'x' for strangers" in note]
    assert len(said) == (cluster is not None and not knows)
