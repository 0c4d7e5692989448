"""The gates as JUnit XML, which CI servers show as tests: a failed gate is a failure, an undecided one is skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from auditkit.render import words

if TYPE_CHECKING:
    from auditkit.values.gate import GateResult, Outcome
    from auditkit.values.report import Report


def render(report: Report) -> str:
    """Return one test suite: a test case for each gate, and one for each comparison that failed or was not decided."""
    suite = Element("testsuite", name=_legal(report.name, limit=200))
    if outcome := words.counted(report.subject):
        known = SubElement(suite, "properties")
        SubElement(known, "property", name="outcome", value=_legal(outcome, limit=300))
    for gate in report.gates:
        _case(suite, gate, gate.id, _outcome(gate.outcome), gate.message)
        if len(gate.comparisons) > 1:
            _comparisons(suite, gate)
    cases = suite.findall("testcase")
    for name, value in (
        ("tests", len(cases)),
        ("failures", len(suite.findall("testcase/failure"))),
        ("skipped", len(suite.findall("testcase/skipped"))),
        ("errors", 0),
        ("timestamp", _legal(str(report.provenance.get("started", "")), limit=40)),
        ("time", report.provenance.get("seconds", 0)),
    ):
        suite.set(name, str(value))
    root = Element("testsuites")
    root.append(suite)
    indent(root, space=" ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _outcome(outcome: Outcome) -> str:
    """Return what JUnit makes of a gate's outcome: what is not shown or did not run is skipped, never passed."""
    return {"fail": "failure", "insufficient": "skipped", "not_shown": "skipped", "not_run": "skipped"}.get(
        outcome, outcome
    )


def _comparisons(suite: Element, gate: GateResult) -> None:
    for one in gate.comparisons:
        undecided = one.outcome in {"not_shown", "too_few"}
        if gate.outcome == "pass" or not (undecided or one.outcome in {"breaks", "absent"}):
            continue
        failed = gate.outcome == "fail" and (not undecided or gate.insufficient == "fail")
        message = f"{gate.metric} {words.harm(gate, one)}, {words.JUDGED[one.outcome]}"
        name = f"{gate.id}: {words.compared(one)}"
        _case(suite, gate, name, "failure" if failed else "skipped", message)


def _case(suite: Element, gate: GateResult, name: str, outcome: str, message: str) -> None:
    case = SubElement(
        suite, "testcase", name=_legal(name, limit=300), classname=_legal(f"auditkit.{gate.on}", limit=200)
    )
    message = _legal(message, limit=1000)
    rule = _legal(f"{words.compare(gate)}: {gate.rule}", limit=300)
    match outcome:
        case "failure":
            SubElement(case, "failure", message=message, type=_legal(gate.metric, limit=100)).text = rule
        case "skipped":
            SubElement(case, "skipped", message=message)
        case _:
            SubElement(case, "system-out").text = f"{words.OUTCOMES[outcome]}: {message} ({rule})"


def _legal(text: str, *, limit: int) -> str:
    """Return text on one line without the two characters that XML knows no way to write."""
    return words.visible(text, limit=limit).replace("\ufffe", "").replace("\uffff", "")
