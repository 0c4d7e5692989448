"""A report as JSON text, its findings straight from their fields: there may be 27,000 of them, written three times.

Nearly every finding holds what JSON has the very words for, and the standard library says where one does not. Then all
take the careful way of `report_json`, which finds the nearest value or names the place; both write the same text.
"""

from __future__ import annotations

import json
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from auditkit.store.json_text import json_text
from auditkit.store.report_json import FINDING_KEYS, REPORT_KEYS, field_document, plain, to_dict
from auditkit.values.finding import Finding, Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.values.report import Report

_PLAIN = frozenset({str, int, float, bool, type(None)})
_values = attrgetter(*FINDING_KEYS)


class _UnusualError(Exception):
    """An interval whose values need a closer look."""


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
        return _whole(json_text(to_dict(report, findings=_quick(report.findings))))
    except (TypeError, ValueError, _UnusualError):
        return json_text(to_dict(report))


def findings_text(report: Report) -> str:
    """Return the report's findings as they stand in its one line, as they were written before if they were."""
    findings = report.findings
    if report.written is not None and report.written[0] is findings:
        return report.written[1]
    try:
        return _whole(document_text(_quick(findings)))
    except (TypeError, ValueError, _UnusualError):
        return document_text(field_document("findings", findings, "findings"))


def document_text(document: Any) -> str:
    """Return a JSON value as text in one line."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _whole(text: str) -> str:
    """Return the text, or raise ValueError for one with half of a surrogate pair, which no file can hold."""
    if not text.isascii():
        text.encode()
    return text


def _quick(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return the findings' objects, their values as they are: what writes them refuses those that JSON has not."""
    return [_object(finding, i) for i, finding in enumerate(findings)]


def _object(finding: Finding, i: int) -> dict[str, Any]:
    written = dict(zip(FINDING_KEYS, _values(finding), strict=True))
    if (interval := finding.interval) is not None:
        if type(interval) is not Interval:
            raise _UnusualError
        written["interval"] = vars(interval)  # in the order of its fields
    for word in ("left_out", "details"):
        if (held := written[word]) and not _is_flat(held):
            written[word] = plain(held, f"findings[{i}].{word}")
    return written


def _is_flat(held: Any) -> bool:
    """Whether this is a dict of texts to plain values: of other keys JSON makes texts of its own."""
    return type(held) is dict and _PLAIN.issuperset(map(type, held.values())) and {*map(type, held)} == {str}
