"""A report as JSON text, its findings straight from their fields: there may be 27,000 of them, written twice.

Nearly every finding holds what JSON has the very words for. Where one does not, all take the careful way of
`report_json`, which finds the nearest value or names the place; both write the same text.
"""

from __future__ import annotations

import json
from dataclasses import fields
from json.encoder import encode_basestring
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from auditkit.store.json_text import STEP, WORDS, json_text
from auditkit.store.report_json import FINDING_KEYS, REPORT_KEYS, field_document, plain, to_dict
from auditkit.values.finding import Finding, Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditkit.values.report import Report

_INTERVAL_KEYS = tuple(item.name for item in fields(Interval))
_KEYS = {str: encode_basestring}
_finding_values, _interval_values = attrgetter(*FINDING_KEYS), attrgetter(*_INTERVAL_KEYS)


def report_text(report: Report) -> str:
    """Return the report as JSON in one line. Raises ValueError and TypeError as `to_dict` does."""
    findings = findings_text(report)
    texts = (
        findings if key == "findings" else document_text(part)
        for key, part in to_dict(report, findings=[]).items()
    )
    return "{" + ",".join(f'"{key}":{text}' for key, text in zip(REPORT_KEYS, texts, strict=True)) + "}"


def indented_text(report: Report) -> str:
    """Return the report as `json.dumps(indent=2)` has it. Raises ValueError and TypeError as `to_dict` does."""
    try:
        findings = _whole(_Findings(STEP).text(report.findings))
    except (KeyError, TypeError, ValueError):
        return json_text(to_dict(report))
    rows = (
        f'{STEP}"{key}": {findings if key == "findings" else json_text(part, STEP)}'
        for key, part in to_dict(report, findings=[]).items()
    )
    return "{\n" + ",\n".join(rows) + "\n}"


def findings_text(report: Report) -> str:
    """Return the report's findings as they stand in its one line, as they were written before if they were."""
    findings = report.findings
    if report.written is not None and report.written[0] is findings:
        return report.written[1]
    try:
        return _whole(_Findings(None).text(findings))
    except (KeyError, TypeError, ValueError):
        return document_text(field_document("findings", findings, "findings"))


def document_text(document: Any) -> str:
    """Return a JSON value as text in one line."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _whole(text: str) -> str:
    """Return the text, or raise ValueError for one with half of a surrogate pair, which no file can hold."""
    if not text.isascii():
        text.encode()
    return text


class _Findings:
    """Writes findings in one line, or as lines below those of `indent`: what is alike in them is made once.

    Raises KeyError, TypeError or ValueError for one that holds what JSON has no very word for.
    """

    def __init__(self, indent: str | None) -> None:
        self.indent, self.colon = indent, ":" if indent is None else ": "
        self.breaks = ["" if indent is None else f"\n{indent}{STEP * depth}" for depth in range(5)]
        self.finding, self.interval = (
            self._between("{}", [f'"{key}"{self.colon}%s' for key in keys], depth)
            for keys, depth in ((FINDING_KEYS, 1), (_INTERVAL_KEYS, 2))
        )
        self.words: dict[type, Callable[[Any], str]] = {
            **WORDS,
            Interval: self._interval,
            dict: self._mapping,
        }

    def text(self, findings: Sequence[Finding]) -> str:
        """Return the list of them."""
        words, form = self.words, self.finding
        rows = [
            form % tuple([words[type(value)](value) for value in _finding_values(one)]) for one in findings
        ]
        return self._between("[]", rows, 0)

    def _interval(self, interval: Interval) -> str:
        *ends, basis = _interval_values(interval)
        numbers = [WORDS[type(number)](number) for number in basis]
        texts = [WORDS[type(value)](value) for value in ends]
        return self.interval % (*texts, self._between("[]", numbers, 3))

    def _mapping(self, held: dict[Any, Any]) -> str:
        try:
            rows = [
                f"{_KEYS[type(key)](key)}{self.colon}{WORDS[type(value)](value)}"
                for key, value in held.items()
            ]
        except KeyError:  # it holds others, such as lists
            known = plain(held, "")
            return document_text(known) if self.indent is None else json_text(known, self.indent + 2 * STEP)
        return self._between("{}", rows, 2)

    def _between(self, ends: str, rows: Sequence[str], depth: int) -> str:
        """Return rows between brackets, each on a line of its own where there are lines."""
        inner, outer = self.breaks[depth + 1], self.breaks[depth]
        return f"{ends[0]}{inner}{f',{inner}'.join(rows)}{outer}{ends[1]}" if rows else ends
