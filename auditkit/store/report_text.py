"""A report as JSON text, its findings straight from their fields and once: there may be 27,000 of them.

Nearly every finding holds what JSON has the very words for. Where one does not, all take the careful way of
`report_json`, which finds the nearest value or names the place; both write the same text.
"""

from __future__ import annotations

import json
from dataclasses import fields
from json.encoder import encode_basestring
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from auditkit.store.json_text import WORDS, bracketed, indented, json_text, one_line
from auditkit.store.report_json import FINDING_KEYS, REPORT_KEYS, field_document, plain, to_dict
from auditkit.values.finding import Finding, Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditkit.values.report import Report


def report_text(report: Report) -> str:
    """Return the report as JSON in one line. Raises ValueError and TypeError as `to_dict` does."""
    findings = one_line(findings_text(report))
    texts = (
        findings if key == "findings" else document_text(part)
        for key, part in to_dict(report, findings=[]).items()
    )
    return "{" + ",".join(f'"{key}":{text}' for key, text in zip(REPORT_KEYS, texts, strict=True)) + "}"


def indented_text(report: Report) -> str:
    """Return the report as `json.dumps(indent=2)` has it. Raises ValueError and TypeError as `to_dict` does."""
    # Each part by itself: of all of them together there would be one copy more.
    rows = (
        f'  "{key}": {indented(findings_text(report) if key == "findings" else json_text(part, 1))}'
        for key, part in to_dict(report, findings=[]).items()
    )
    return "{\n" + ",\n".join(rows) + "\n}"


def findings_text(report: Report) -> str:
    """Return the report's findings as tabbed text, as they were written before if they were."""
    findings = report.findings
    if report.written is not None and report.written[0] is findings:
        return report.written[1]
    try:
        return _whole(_quick(findings))
    except (KeyError, TypeError, ValueError):
        return json_text(field_document("findings", findings, "findings"), 1)


def document_text(document: Any) -> str:
    """Return a JSON value as text in one line."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _whole(text: str) -> str:
    """Return the text, or raise ValueError for one with half of a surrogate pair, which no file can hold."""
    if not text.isascii():
        text.encode()
    return text


def _quick(findings: Sequence[Finding]) -> str:
    """Return findings as text, each of its fields by the one function that writes its type.

    Raises KeyError, TypeError or ValueError for what JSON has no very word for.
    """
    words: dict[type, Callable[[Any], str]] = {**WORDS, Interval: _interval, dict: _mapping}
    rows = [
        _FINDING % tuple([words[type(value)](value) for value in _finding_values(one)]) for one in findings
    ]
    return bracketed("[]", rows, 1)


def _interval(interval: Interval) -> str:
    *ends, basis = _interval_values(interval)
    texts = [WORDS[type(value)](value) for value in ends]
    return _INTERVAL % (*texts, bracketed("[]", [WORDS[type(number)](number) for number in basis], 4))


def _mapping(held: dict[Any, Any]) -> str:
    try:
        rows = [f"{_KEYS[type(key)](key)}:\t{WORDS[type(value)](value)}" for key, value in held.items()]
    except KeyError:  # it holds others, such as lists
        return json_text(plain(held, ""), 3)
    return bracketed("{}", rows, 3)


def _form(keys: Sequence[str], depth: int) -> str:
    """Return the text of an object with a place for each of its values."""
    return bracketed("{}", [f'"{key}":\t%s' for key in keys], depth)


_INTERVAL_KEYS = tuple(item.name for item in fields(Interval))
_FINDING, _INTERVAL = _form(FINDING_KEYS, 2), _form(_INTERVAL_KEYS, 3)
_finding_values, _interval_values = attrgetter(*FINDING_KEYS), attrgetter(*_INTERVAL_KEYS)
_KEYS = {str: encode_basestring}
"""What writes a key: of others than texts JSON makes texts of its own."""
