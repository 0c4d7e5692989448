from __future__ import annotations

import re
import sys
from dataclasses import replace

import pytest
from render import example, hostile
from rich.cells import cell_len

from auditkit.render.text import terminal, text_document
from auditkit.values.finding import Finding, Interval
from auditkit.values.gate import GateComparison, GateResult, outcome_of, verdict_of
from auditkit.values.shown.answer import Answer
from auditkit.values.shown.exhibit import Table


@pytest.mark.parametrize("width", [80, 140])
def test_the_first_screen_matches_its_golden_file(width, check_golden):
    check_golden(
        f"screen-{width}.txt", terminal.render(example.report(), width=width, run="2026-01-02T03-04-05-000")
    )


def test_the_text_file_matches_its_golden_file(check_golden):
    check_golden("report.txt", text_document.render(example.report()))


def many_groups(n, *, outcome):
    """Return a report with a gate on n groups of long names, all of one outcome."""
    comparisons = tuple(
        GateComparison(
            group=f"an attribute={'long ' * 20}{k}", outcome=outcome, n=1000 + k, value=-0.3, lower=-0.4, upper=-0.1,
            rows_needed=5000 + k, reason="few" if outcome == "too_few" else "",
        )
        for k in range(n)
    )  # fmt: skip
    gates = tuple(
        replace(gate, outcome=outcome_of(gate))
        for gate in (
            GateResult(
                id=f"gate {i}", outcome="pass", message="m", on="rates", metric="tpr", compare="to_rest",
                rule="limit 0.05", harm="below", limit=0.05, comparisons=comparisons,
            )
            for i in range(12)
        )
    )  # fmt: skip
    verdict, code = verdict_of(gates)
    answers = tuple(Answer(f"{'Words ' * 30}{k}", step=f"s{k % 9}", harm=k % 2 == 0) for k in range(30))
    return replace(
        example.report(),
        verdict=verdict,
        exit_code=code,
        gates=gates,
        answers=answers,
        groups=example.mined_groups() * 20,
    )


REPORTS = {
    "example": example.report,
    "hostile": hostile.report,
    "200 groups that break": lambda: many_groups(200, outcome="breaks"),
    "200 groups not shown": lambda: many_groups(200, outcome="not_shown"),
    "200 groups that hold": lambda: many_groups(200, outcome="holds"),
    "200 groups with too few rows": lambda: many_groups(200, outcome="too_few"),
}


@pytest.mark.parametrize("made", REPORTS)
@pytest.mark.parametrize("width", [50, 80, 140])
def test_the_first_screen_has_at_most_40_lines(made, width):
    text = terminal.render(REPORTS[made](), width=width, run="2026-01-02T03-04-05-000")
    assert len(text.splitlines()) <= 40
    assert text.splitlines()[-1] == "Run 2026-01-02T03-04-05-000"


@pytest.mark.parametrize("width", [50, 80, 140])
def test_a_long_name_gives_way_to_the_numbers(width):
    lines = terminal.render(many_groups(200, outcome="breaks"), width=width).splitlines()
    rows = [line for line in lines if line.startswith("    an attr")]
    assert rows
    assert all("gap 30, at least 10" in row and "…" in row for row in rows)
    assert rows[0].endswith("n 1,000")


def test_with_tables_the_verdict_comes_first_and_last():
    lines = terminal.render(example.report(), verbose=True).splitlines()
    assert lines[0] == lines[-1] == "✗ FAIL  1 of 3 gates failed, 1 not shown to hold · adult-income"
    assert len(lines) > 40


@pytest.mark.parametrize(("width", "left"), [(60, "v4, v5, v6, v7"), (80, "v6, v7"), (200, "")])
def test_rows_of_a_wide_table_keep_their_names_and_say_what_columns_are_left_out(width, left):
    columns = ("query", "method", *(f"v{i}" for i in range(8)))
    rows = tuple((f"query {i}", "algorithm1", *([0.12345] * 8)) for i in range(3))
    table = Table(title="Wide", columns=columns, rows=rows, step="rates")
    text = terminal.render(replace(example.report(), tables=(table,)), verbose=True, width=width)
    assert all(f"query {i}" in text for i in range(3))
    assert "algorithm1" in text
    assert (f"{left}: in the HTML report and the JSON" in text) == bool(left)
    assert "0.12…" not in text


@pytest.mark.parametrize("width", [50, 80, 100, 200])
def test_no_line_is_wider_than_the_screen(width):
    for report in (example.report(), hostile.report()):
        assert (
            max(cell_len(line) for line in terminal.render(report, width=width, verbose=True).splitlines())
            <= width
        )


def test_colour_adds_escapes_and_nothing_else():
    plain = terminal.render(example.report(), width=100)
    coloured = terminal.render(example.report(), width=100, colour=True)
    assert "\x1b[" not in plain
    assert "\x1b[1;31m✗ FAIL" in coloured
    stripped = re.sub(r"\x1b\[[\d;]*m", "", coloured)
    assert [line.rstrip() for line in stripped.splitlines()] == plain.splitlines()


def test_the_environment_changes_nothing(monkeypatch):
    expected = terminal.render(example.report())
    for name, value in {"COLUMNS": "40", "NO_COLOR": "1", "FORCE_COLOR": "1", "TERM": "dumb"}.items():
        monkeypatch.setenv(name, value)
    assert terminal.render(example.report()) == expected


def test_hostile_text_sends_no_control_characters():
    text = terminal.render(hostile.report(), verbose=True)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert "\\x1b[31mred" in text
    assert len(text) < 100_000


def test_rows_beyond_the_most_telling_are_counted():
    findings = tuple(
        Finding(step="rates", metric="tpr", value=k / 100, n=9, group=f"g{k}", interval=Interval(0, 1))
        for k in range(40)
    )
    text = terminal.render(replace(example.report(), findings=findings), verbose=True)
    assert "34 more rows in the HTML report and the JSON" in text


def test_a_report_of_nothing_still_says_so():
    bare = replace(
        example.report(), verdict="no gates", gates=(), findings=(), groups=(), skipped=(), notes=(), steps=()
    )
    text = terminal.render(replace(bare, subject={}, provenance={}))
    assert text.splitlines()[0] == "– NO GATES  measured only, nothing was asked to hold · adult-income"
    assert "adult-income" in text


def test_rich_is_not_needed_by_the_other_renderers():
    import subprocess

    code = (
        "import sys; from auditkit.render.text import markdown, terminal; from auditkit.render.machine import json_document; from auditkit.render.page import html;"
        "print([m for m in ('rich', 'jinja2', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
