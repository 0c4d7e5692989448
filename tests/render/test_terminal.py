from __future__ import annotations

import re
import sys
from dataclasses import replace

import pytest
from render import example, hostile
from rich.cells import cell_len

from auditkit.render.text import terminal
from auditkit.values.finding import Finding, Interval


@pytest.mark.parametrize("width", [80, 120])
def test_the_example_matches_its_golden_file(width, check_golden):
    check_golden(f"report-{width}.txt", terminal.render(example.report(), width=width))


def test_the_verdict_comes_first_and_last():
    lines = terminal.render(example.report()).splitlines()
    assert lines[0] == lines[-1] == "✗ FAIL: 1 of 3 gates failed, 1 not shown to hold"


@pytest.mark.parametrize("width", [50, 80, 100, 200])
def test_no_line_is_wider_than_the_screen(width):
    for report in (example.report(), hostile.report()):
        assert max(cell_len(line) for line in terminal.render(report, width=width).splitlines()) <= width


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
    text = terminal.render(hostile.report())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert "\\x1b[31mred" in text
    assert len(text) < 100_000


def test_rows_beyond_the_most_telling_are_counted():
    findings = tuple(
        Finding(step="rates", metric="tpr", value=k / 100, n=9, group=f"g{k}", interval=Interval(0, 1))
        for k in range(40)
    )
    text = terminal.render(replace(example.report(), findings=findings))
    assert "34 more rows in the HTML report and the JSON" in text


def test_a_report_of_nothing_still_says_so():
    bare = replace(
        example.report(), verdict="no gates", gates=(), findings=(), groups=(), skipped=(), notes=(), steps=()
    )
    text = terminal.render(replace(bare, subject={}, provenance={}))
    assert text.splitlines()[0] == "– NO GATES: measured only, nothing was asked to hold"
    assert "adult-income" in text


def test_rich_is_not_needed_by_the_other_renderers():
    import subprocess

    code = (
        "import sys; from auditkit.render.text import markdown, terminal; from auditkit.render.machine import json_document; from auditkit.render.page import html;"
        "print([m for m in ('rich', 'jinja2', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
