"""The gates as JUnit XML, which CI servers show as tests: a failed gate is a failure, an undecided one is skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from auditkit.render import words

if TYPE_CHECKING:
    from auditkit.values.report import GateResult, Report


def render(report: Report) -> str:
    """Return one test suite with one test case for each gate."""
    outcomes = [gate.outcome for gate in report.gates]
    suite = Element(
        "testsuite",
        name=_legal(report.name, limit=200),
        tests=str(len(outcomes)),
        failures=str(outcomes.count("fail")),
        skipped=str(outcomes.count("insufficient")),
        errors="0",
        timestamp=_legal(str(report.provenance.get("started", "")), limit=40),
        time=str(report.provenance.get("seconds", 0)),
    )
    for gate in report.gates:
        _case(suite, gate)
    root = Element("testsuites")
    root.append(suite)
    indent(root, space=" ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _case(suite: Element, gate: GateResult) -> None:
    case = SubElement(
        suite, "testcase", name=_legal(gate.id, limit=200), classname=_legal(f"auditkit.{gate.on}", limit=200)
    )
    message = _legal(gate.message, limit=1000)
    rule = _legal(f"{words.compare(gate)}: {gate.rule}", limit=300)
    match gate.outcome:
        case "fail":
            SubElement(case, "failure", message=message, type=_legal(gate.metric, limit=100)).text = rule
        case "insufficient":
            SubElement(case, "skipped", message=message)
        case _:
            SubElement(case, "system-out").text = f"{words.OUTCOMES[gate.outcome]}: {message} ({rule})"


def _legal(text: str, *, limit: int) -> str:
    """Return text on one line without the two characters that XML knows no way to write."""
    return words.visible(text, limit=limit).replace("\ufffe", "").replace("\uffff", "")
