"""What a person types next: -v, -q, -o - with --format, explain with whatever was printed, rows only when asked for."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

RECIPE = """
name: chances
data: {path: t.csv, target: y, pred: p, favourable: 1}
groups: {sex: {column: sex}, kind: {column: kind}}
steps: [{id: rates, use: rates, with: {metrics: [tpr, accuracy]}}]
gates: [{id: equal chances, on: rates, metric: tpr, compare: to_rest, limit: 0.02}]
"""


@pytest.fixture
def ran(cli):
    """The command line after a run whose gate fails."""
    n = 800
    sex = ["Female" if i % 2 else "Male" for i in range(n)]
    y = [i % 4 // 2 for i in range(n)]
    p = [0 if s == "Female" and i % 3 else t for i, (s, t) in enumerate(zip(sex, y, strict=True))]
    kind = ["plain" if i % 5 else "rare" for i in range(n)]
    pd.DataFrame({"sex": sex, "kind": kind, "y": y, "p": p}).to_csv("t.csv", index=False)
    Path("r.yaml").write_text(RECIPE, encoding="utf-8")
    assert cli("run", "r.yaml").code == 1
    return cli


def test_the_screen_ends_with_what_to_do_next_and_the_run(ran):
    lines = ran("report").out.splitlines()
    assert lines[0].startswith("✗ FAIL  1 of 1 gate failed")
    assert lines[-2].startswith("Next  auditkit report -o report.html") or lines[-3].startswith(
        "Next  auditkit report"
    )
    assert lines[-1].startswith("Run 20")
    assert len(lines) <= 40


def test_more_and_less(ran):
    assert len(ran("report", "-v").out.splitlines()) > 40
    assert ran("report", "-q").out == "✗ FAIL: 1 of 1 gate failed\n"


@pytest.mark.parametrize(
    ("form", "start"), [("markdown", "## ✗ FAIL"), ("json", "{"), ("text", "✗ FAIL"), ("html", "<!")]
)
def test_standard_output_in_any_format(ran, form, start):
    done = ran("report", "-o", "-", "--format", form)
    assert (done.code, done.out[: len(start)].lower()) == (1, start.lower())
    assert "Run 20" not in done.out


def test_a_name_without_an_ending_is_written_in_the_format_that_is_given(ran):
    assert ran("report", "-o", "summary", "--format", "markdown", "-q").code == 1
    assert Path("summary").read_text(encoding="utf-8").startswith("## ✗ FAIL")


def test_a_name_may_say_the_same_as_the_format_that_is_given(ran):
    assert ran("report", "-o", "SUMMARY.md", "--format", "markdown", "-q").code == 1
    assert Path("SUMMARY.md").read_text(encoding="utf-8").startswith("## ✗ FAIL")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["-o", "-"], "cannot write standard output: say in which format, such as --format markdown"),
        (["-o", "-", "--format", "markdwn"], "did you mean 'markdown'"),
        (["--format", "markdown"], "-o - --format markdown"),
        (["-o", "r.html", "--format", "markdown"], "-o - --format markdown"),
        (["-o", "-", "--format", "json", "--json"], "give one of them"),
    ],
)
def test_a_format_that_cannot_be_is_one_sentence(ran, words, says):
    done = ran("report", *words)
    assert done.code == 2
    assert says in done.err


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("equal chances", "gate equal chances of chances: recall at most 2 points below the rest"),
        ("Female", "recall, gap to the rest: −"),
        ("sex=Female & kind=rare", "recall, gap to the rest: −"),
        ("Female · rare", "recall, gap to the rest: −"),
        ("rates", "Recall is"),
        ("recall", "formula: TP / (TP + FN)"),
        ("tpr", "formula: TP / (TP + FN)"),
        ("not shown", "more rows would decide"),
        ("1", "a gate failed"),
    ],
)
def test_explain_takes_what_a_report_prints(ran, name, says):
    done = ran("explain", *name.split(" "))
    assert done.code == 0, done.err
    assert says in done.out


def test_what_decides_a_gate_comes_before_its_numbers(ran):
    lines = ran("explain", "equal chances").out.splitlines()
    decides = next(i for i, line in enumerate(lines) if "corrected (holm)" in line)
    numbers = next(i for i, line in enumerate(lines) if line.startswith("  breaks it"))
    assert decides < numbers


def test_rows_of_persons_and_their_redaction_cannot_both_be_asked_for(ran):
    done = ran(
        "audit", "t.csv", "--target", "y", "--pred", "p", "--groups", "sex", "--redact", "--show-rows", "3"
    )
    assert done.code == 2
    assert "--show-rows" in done.err
