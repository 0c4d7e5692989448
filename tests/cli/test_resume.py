"""An interrupted run keeps finished work and says so; --resume goes on from it."""

import io
import json
import sys
from pathlib import Path

import pytest
from running.made import host_of

from auditkit import Audit, Finding, Metric
from auditkit.cli.execute import carry_out
from auditkit.cli.outputs import Output
from auditkit.cli.unfinished import Reports
from auditkit.recipe.document import Document
from auditkit.recipe.validation import validate
from auditkit.running.plan import make_plan
from auditkit.spec.recipe import Recipe


class Slow(Audit):
    """Three trials, each kept; the run is interrupted before the third unless the first two were there already."""

    name, title, method = "slow", "Slow", "counts"
    metrics = (Metric(name="trials", title="Trials that were run", formula="n"),)

    def run(self, subject, params, context):
        folder = context.scratch()
        done = len(list(folder.iterdir()))
        for trial in range(done, 3):
            if trial == 2 and done == 0:
                raise KeyboardInterrupt
            (folder / f"{trial}.json").write_text("{}")
        return (Finding(metric="trials", value=float(3 - done), n=len(subject), unit="count"),)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text("x,y\n" + "1,0\n2,1\n" * 5)
    document = Document({"name": "r", "data": {"path": "t.csv"}, "steps": [{"id": "s", "use": "slow"}]})

    def call(*, resume):
        plan = make_plan(validate(Recipe, document), document, host_of(Slow), folder=Path())
        output = Output(as_json=True, resume=resume)
        return carry_out(plan, output, Reports(output, plan.host, name="made"))

    return call


def test_finished_work_is_kept_named_and_used(run, capsys):
    with pytest.raises(KeyboardInterrupt):
        run(resume=False)
    assert "--resume goes on from it" in capsys.readouterr().err
    run(resume=True)
    assert json.loads(capsys.readouterr().out)["findings"][0]["value"] == 1.0


def test_without_resume_an_interrupted_run_starts_over(run, capsys):
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            run(resume=False)
    assert not list(Path().rglob("2.json"))


class Interrupted(io.StringIO):
    """A standard output at which somebody presses Ctrl-C."""

    def write(self, text):
        raise KeyboardInterrupt


def test_finished_work_outlives_the_steps_until_the_report_has_been_shown(run, capsys, monkeypatch):
    with pytest.raises(KeyboardInterrupt):
        run(resume=False)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", Interrupted())
        with pytest.raises(KeyboardInterrupt):
            run(resume=True)
    assert capsys.readouterr().err.count("--resume goes on from it") == 2
    run(resume=True)
    assert json.loads(capsys.readouterr().out)["findings"][0]["value"] == 0.0
    assert not list(Path().rglob("2.json"))
