"""A redacted report: nothing about single persons, nothing about very few rows, the same verdict."""

from dataclasses import replace

from auditkit.store.redact import LEAST, REASON, redacted
from render import example

from auditkit.render.machine import json_document
from auditkit.render.page import html
from auditkit.render.text import terminal
from auditkit.values.finding import Finding, Interval

SMALL = Finding(
    step="rates", metric="tpr", value=0.123456, n=LEAST - 1, group="sex: tiny", interval=Interval(0.1, 0.2),
    details={"attribute": "secret detail"},
)  # fmt: skip


def test_numbers_about_few_rows_are_gone_and_others_stay():
    report = example.report()
    large = replace(SMALL, n=LEAST, group="sex: enough")
    found = redacted(replace(report, findings=(*report.findings, SMALL, large))).findings
    assert [f for f in found if f.n] == [f for f in (*report.findings, large) if f.n >= LEAST]
    assert found[-1] == large
    assert (found[-2].value, found[-2].interval, found[-2].n, found[-2].reason) == (None, None, 0, REASON)
    assert found[-2].details == {}


def test_personal_exhibits_are_gone_and_the_report_says_so():
    report = redacted(example.report())
    assert [table.title for table in report.tables] == ["Tails by percentile"]
    assert len(report.charts) == 2
    assert "1 tables or charts of single rows are left out" in report.notes[-1]


def test_no_format_shows_what_was_redacted():
    report = example.report()
    tiny = replace(example.named_groups()[0], name="sex: tiny", n=3, expression="name == 'Ada'")
    hidden = redacted(
        replace(report, findings=(*report.findings, SMALL), groups=(*report.groups, tiny),
                subject={**report.subject, "groups": {"sex": {"tiny": 3, "F": 50}}})
    )  # fmt: skip
    for text in (html.render(hidden), json_document.render(hidden), terminal.render(hidden)):
        for secret in ("0.123", "secret detail", "name == 'Ada'", "Rows to look at first", "tiny 3"):
            assert secret not in text


def test_the_verdict_and_the_gates_stay():
    report = example.report()
    hidden = redacted(report)
    assert (hidden.verdict, hidden.exit_code, hidden.gates) == (
        report.verdict,
        report.exit_code,
        report.gates,
    )
