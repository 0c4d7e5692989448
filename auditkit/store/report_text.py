"""A report as JSON text, its findings straight from their fields and once: there may be 27,000 of them.

Nearly every finding holds what JSON has the very words for. Where one does not, all take the careful way of
`report_json`, which finds the nearest value or names the place; both write the same text.
"""

from __future__ import annotations

import json
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from auditkit.store.json_text import WORDS, bracketed, indented, json_text, one_line, text_word
from auditkit.store.report_json import FINDING_KEYS, REPORT_KEYS, field_document, plain, to_dict
from auditkit.values.finding import Finding, Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from auditkit.values.report import Report

    Words = Mapping[type, Callable[[Any], str]]
    Form = Callable[[int | None, tuple[str, ...], tuple[str, ...]], str]


AT_ONCE = 200
"""Findings whose text is one part."""
_MARKS = ("{", *[","] * (len(REPORT_KEYS) - 1))
"""What stands before each member of a report."""


def report_text(report: Report) -> Iterator[bytes]:
    """Yield the report as JSON in one line, its end included, in UTF-8. Raises as `to_dict` does."""
    for mark, (key, part) in zip(_MARKS, to_dict(report, findings=[]).items(), strict=True):
        yield f'{mark}"{key}":'.encode()
        if key == "findings":
            yield from map(one_line, findings_text(report))
        else:
            yield document_text(part)
    yield b"}\n"


def indented_text(report: Report) -> Iterator[str]:
    """Yield the report as `json.dumps(indent=2)` has it and a line end. Raises as `to_dict` does."""
    for mark, (key, part) in zip(_MARKS, to_dict(report, findings=[]).items(), strict=True):
        yield f'{mark}\n  "{key}": '
        yield from map(indented, findings_text(report) if key == "findings" else (json_text(part, 1),))
    yield "\n}\n"


def findings_text(report: Report) -> Sequence[str]:
    """Return the report's findings laid out, some at a time, as they were written before if they were.

    What is made of one such part needs no memory for all of them, and fits the processor's cache.
    """
    findings = report.findings
    if report.written is not None and report.written[0] is findings:
        return report.written[1]
    try:
        return _quick(findings)
    except (KeyError, TypeError, ValueError):
        return (json_text(field_document("findings", findings, "findings"), 1),)


def document_text(document: Any) -> bytes:
    """Return a JSON value as text in one line, in UTF-8."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


class _Texts(dict[str, str]):
    """What texts are as they are laid out, each worked out once: findings say the same words over and over."""

    def __missing__(self, text: str) -> str:
        word = self[text] = text_word(text)
        return word


def _quick(findings: Sequence[Finding]) -> list[str]:
    """Return findings as text, some at a time, each value by the one function that writes its type.

    Raises KeyError, TypeError or ValueError for what JSON has no very word for.
    """
    texts, form = _Texts(), cache(_form)
    words: Words = {**WORDS, str: texts.__getitem__}
    inner: Words = {**words, **dict.fromkeys((dict, list, tuple), _nested)}
    parts = []
    for first in range(0, len(findings), AT_ONCE):
        rows = [_row(one, form, words, inner) for one in findings[first : first + AT_ONCE]]
        parts += ["," if first else "[", "\n    ", ",\n    ".join(rows)]
    "".join(texts).encode()  # raises for half of a surrogate pair, which no file can hold
    return [*parts, "\n  ]"] if parts else ["[]"]


def _row(one: Finding, form: Form, words: Words, inner: Words) -> str:
    """Return a finding as text, by the form of its shape."""
    left_out, details = one.left_out, one.details
    basis, interval = _interval(one.interval)
    if type(left_out) is not dict or type(details) is not dict:
        raise TypeError
    values = (*_first(one), *interval, *_second(one))
    held = (*left_out.values(), *details.values())
    return form(basis, tuple(left_out), tuple(details)) % (
        *[words[type(value)](value) for value in values],
        *[inner[type(value)](value) for value in held],
    )


def _interval(interval: Interval | None) -> tuple[int | None, tuple[Any, ...]]:
    """Return the length of an interval's basis, and all its values."""
    if interval is None:
        return None, ()
    if type(interval) is not Interval:
        raise TypeError
    return len(interval.basis), (*_ends(interval), *interval.basis)


def _nested(held: Any) -> str:
    """Return what a mapping of a finding holds that is no plain value."""
    return json_text(plain(held, ""), 4)


def _form(basis: int | None, left_out: Sequence[str], details: Sequence[str]) -> str:
    """Return the text of a finding with a place for each of its values: an interval's, and those of its mappings."""
    places = dict.fromkeys(FINDING_KEYS, "%s")
    ends = [f'"{key}": %s' for key in INTERVAL_KEYS[:-1]]
    last = f'"{INTERVAL_KEYS[-1]}": {bracketed("[]", ["%s"] * (basis or 0), 4)}'
    places["interval"] = "null" if basis is None else bracketed("{}", [*ends, last], 3)
    for name, keys in (("left_out", left_out), ("details", details)):
        rows = [f"{text_word(key)}: ".replace("%", "%%") + "%s" for key in keys]
        places[name] = bracketed("{}", rows, 3)
    form = bracketed("{}", [f'"{key}": {place}' for key, place in places.items()], 2)
    form.encode()
    return form


INTERVAL_KEYS = tuple(item.name for item in fields(Interval))
_ends = attrgetter(*INTERVAL_KEYS[:-1])
_at = FINDING_KEYS.index("interval")
_first, _second = attrgetter(*FINDING_KEYS[:_at]), attrgetter(*FINDING_KEYS[_at + 1 : -2])
