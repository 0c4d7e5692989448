"""The report as a comment on a pull request: verdict, gates, the worst-off groups, what was not assessed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from auditkit.render import outline, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditkit.values.compare import Compare
    from auditkit.values.gate import GateResult
    from auditkit.values.report import Report

COMPARED = 20
"""Comparisons of one gate."""
TOP = 10
"""Rows of each table; the rest are counted."""

# Escaped as entities, not with backslashes: GitHub links @names, #12 and bare addresses before it unescapes.
# A colon matters before a word (:emoji:, http://), an underscore at a word's edge, www before its dot.
_ACTIVE = re.compile(
    r"[\\`*{}\[\]<>#@|~$]|&(?=[#\w])|:(?=\S)|(?<![^\W_])_|_(?![^\W_])|w(?=\.)", re.IGNORECASE
)


def render(report: Report) -> str:
    """Return the report as GitHub-flavoured Markdown; text from data can neither format, link nor mention."""
    blocks = [
        f"## {words.SIGNS[report.verdict]} {escape(words.verdict(report))}",
        _about(report),
        _gates(report),
        *(_comparisons(gate) for gate in report.gates),
        _worst(report),
        _found(report),
        _not_assessed(report),
        "\n".join(f"> {escape(words.visible(note, limit=500))}\n>" for note in report.notes).rstrip("\n>"),
        _small(words.provenance(report.provenance)),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def escape(text: str) -> str:
    """Return text that Markdown shows as it is, on one line and inside a table cell."""
    return _ACTIVE.sub(lambda found: f"&#{ord(found[0])};", words.visible(text))


def _about(report: Report) -> str:
    rows = report.subject.get("rows")
    parts = [f"**{escape(words.visible(report.name, limit=80))}**"]
    if isinstance(rows, int):
        parts.append(f"{rows:,} rows")
    if outcome := words.counted(report.subject):
        parts.append(escape(outcome))
    for key in ("target", "predictions"):
        if report.subject.get(key):
            parts.append(f"{key} {escape(words.plain(report.subject[key], 160))}")
    return " · ".join(parts)


def _gates(report: Report) -> str:
    rows = (
        (
            f"{words.SIGNS[gate.outcome]} {words.OUTCOMES[gate.outcome]}",
            escape(words.visible(gate.id, limit=60)),
            escape(words.compare(gate)),
            escape(words.visible(gate.rule, limit=60)),
            escape(words.visible(gate.message, limit=300)),
        )
        for gate in report.gates
    )
    return _table("Gates", ("Outcome", "Gate", "Looks at", "Fails if", "Found"), rows)


def _comparisons(gate: GateResult) -> str:
    """Return the comparisons of a gate that did not hold, the worst first."""
    open_ones = [one for one in gate.comparisons if one.outcome not in {"holds", "waived"}]
    if gate.outcome in {"pass", "not_run"} or not open_ones:
        return ""
    rows = (
        (
            escape(f"{words.JUDGED_SIGNS[one.outcome]} {words.JUDGED[one.outcome]}"),
            escape(words.compared(one)),
            f"{one.n:,}",
            escape(words.harm(gate, one)),
        )
        for one in open_ones[:COMPARED]
    )
    title = f"{words.SIGNS[gate.outcome]} {escape(words.visible(gate.id, limit=60))}: {escape(words.compare(gate))}"
    return _table(title, ("", "Group", ">n", ">Value and bounds"), rows, more=len(open_ones) - COMPARED)


def _worst(report: Report) -> str:
    worst = outline.worst(report)
    rows = (
        (
            escape(words.title(table.metric)),
            escape(words.visible(row.label, limit=120)),
            f"{row.n:,}",
            _cell(row, table, "absolute"),
            _cell(row, table, "to_rest"),
        )
        for _, table, row in worst[:TOP]
    )
    heads = ("Metric", "Worst-off group", ">n", ">Value", ">Gap to the rest")
    return _table("Worst off", heads, rows, more=len(worst) - TOP)


def _cell(row: outline.Row, table: outline.Table, column: Compare) -> str:
    cell = dict(zip(table.columns, row.cells, strict=True)).get(column)
    return words.estimate(cell) if cell else ""


def _found(report: Report) -> str:
    entries = outline.found(report)
    rows = (
        (
            escape(words.visible(item.entry.name, limit=60)),
            escape(words.visible(item.entry.rule, limit=200)),
            f"{item.entry.n:,}",
            words.number(item.entry.share),
            words.confirmed(item.entry),
            words.found_gap(item.finding),
        )
        for item in entries[:TOP]
    )
    heads = ("Group", "Rule", ">n", ">Share", "Confirmed", ">Gap")
    told = any(item.entry.confirmed is not None for item in entries)
    table = _table("Groups found", heads, rows, more=len(entries) - TOP)
    return f"{table}\n\n{words.FOUND_NOTE}" if told else table


def _not_assessed(report: Report) -> str:
    entries = outline.not_assessed(report)
    rows = (
        (
            escape(words.visible(item.what, limit=120)),
            escape(words.visible(item.why, limit=200)),
            "" if item.n is None else f"{item.n:,}",
            "" if item.rows_needed is None else f"{item.rows_needed:,}",
        )
        for item in entries[:TOP]
    )
    table = _table("", ("What", "Why", ">n", ">Rows needed"), rows, more=len(entries) - TOP)
    if not table:
        return ""
    return f"<details><summary>Not assessed ({len(entries):,})</summary>\n\n{table}\n\n</details>"


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, more: int = 0) -> str:
    """Return a heading and a table, or "" without rows; a head that starts with > is a column of numbers."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if not lines:
        return ""
    rule = " | ".join("--:" if head.startswith(">") else ":--" for head in heads)
    names = " | ".join(head.lstrip(">") for head in heads)
    body = "\n".join((f"| {names} |", f"| {rule} |", *lines))
    body += f"\n\n{more:,} more in the HTML report and the JSON." if more > 0 else ""
    return f"### {title}\n\n{body}" if title else body


def _small(text: str) -> str:
    return f"<sub>{escape(text)}</sub>" if text else ""
