"""The gates as JUnit XML, which CI servers show as tests: a failed gate is a failure, an undecided one is skipped.

It keeps to the schema of Jenkins and to that of Ant's reports, which asks for more attributes and no other elements.
The property `finished` says that the run came to its end: a file without it, or no file at all, is no pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from auditkit.render import verdicts, words

if TYPE_CHECKING:
    from auditkit.values.exit_code import Failure
    from auditkit.values.gate import GateComparison, GateResult, Outcome
    from auditkit.values.report import Report

NEVER = "1970-01-01T00:00:00"
"""When a run began that nobody knows the beginning of."""
CASES: dict[Outcome, str] = {
    "fail": "failure",
    "insufficient": "skipped",
    "not_shown": "skipped",
    "not_run": "skipped",
    "warn": "passed",
    "pass": "passed",
}
"""What JUnit makes of a gate's outcome: what is not shown or did not run is skipped, never passed."""


def render(report: Report) -> str:
    """Return one test suite: a test case for each gate, and one for each comparison that does not simply hold."""
    suite, told = Element("testsuite", name=_legal(report.name, limit=200) or "auditkit"), list[str]()
    _properties(suite, report)
    if report.failure is not None:
        _error(suite, report.failure)
    for gate in report.gates:
        _case(suite, gate, gate.id, CASES[gate.outcome], gate.message)
        told.append(f"{gate.id}: {verdicts.OUTCOMES[gate.outcome]}: {gate.message} ({_rule(gate)})")
        _comparisons(suite, gate)
    SubElement(suite, "system-out").text = "\n".join(_legal(line, limit=1000) for line in told)
    SubElement(suite, "system-err").text = ""
    for name, value in _attributes(suite, report).items():
        suite.set(name, str(value))
    root = Element("testsuites")
    root.append(suite)
    indent(root, space=" ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _properties(suite: Element, report: Report) -> None:
    known = SubElement(suite, "properties")
    facts = {
        "finished": "false" if report.failure else "true",
        "verdict": report.verdict,
        "exit_code": str(int(report.exit_code)),
        "outcome": words.counted(report.subject),
        "caution": words.caution(report),
    }
    for name, value in facts.items():
        if value:
            SubElement(known, "property", name=name, value=_legal(value, limit=300))


def _attributes(suite: Element, report: Report) -> dict[str, Any]:
    """Return the counts, the time in seconds and the names that readers ask of a suite."""
    started, seconds = str(report.provenance.get("started", ""))[:19], report.provenance.get("seconds", 0)
    return {
        "tests": len(suite.findall("testcase")),
        "failures": len(suite.findall("testcase/failure")),
        "errors": len(suite.findall("testcase/error")),
        "skipped": len(suite.findall("testcase/skipped")),
        "timestamp": started if _is_time(started) else NEVER,
        "time": f"{max(seconds, 0):.3f}" if isinstance(seconds, int | float) else "0.000",
        "hostname": "localhost",
        "package": "auditkit",
        "id": 0,
    }


def _is_time(text: str) -> bool:
    from datetime import datetime

    try:
        return datetime.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _error(suite: Element, failure: Failure) -> None:
    """Add the test case of a run that ended early."""
    where = failure.step or "run"
    case = SubElement(suite, "testcase", name="the run comes to its end", classname=_name(where), time="0")
    kind = f"exit code {int(failure.exit_code)}"
    SubElement(case, "error", message=_legal(failure.message, limit=1000), type=kind).text = _legal(
        failure.plugin, limit=200
    )


def _comparisons(suite: Element, gate: GateResult) -> None:
    if len(gate.comparisons) < 2 and not gate.count("waived"):
        return
    for one in gate.comparisons:
        told = _told(gate, one)
        if told:
            message = verdicts.became(gate, one)
            reason = f": {one.reason}" if one.reason and one.value is not None else ""
            _case(suite, gate, f"{gate.id}: {verdicts.compared(one)}", told, message + reason)


def _told(gate: GateResult, one: GateComparison) -> str:
    """Return what becomes of a comparison; "" for one that has no test case of its own."""
    undecided = one.outcome in {"not_shown", "too_few"}
    if one.outcome == "waived":
        return "skipped"
    if gate.outcome == "pass" or not (undecided or one.outcome in {"breaks", "absent"}):
        return ""
    return (
        "failure" if gate.outcome == "fail" and (not undecided or gate.insufficient == "fail") else "skipped"
    )


def _case(suite: Element, gate: GateResult, name: str, outcome: str, message: str) -> None:
    case = SubElement(suite, "testcase", name=_legal(name, limit=300), classname=_name(gate.on), time="0")
    message = _legal(message, limit=1000)
    match outcome:
        case "failure":
            SubElement(case, "failure", message=message, type=_legal(gate.metric, limit=100)).text = _rule(
                gate
            )
        case "skipped":
            SubElement(case, "skipped", message=message)


def _rule(gate: GateResult) -> str:
    return _legal(f"{verdicts.compare(gate)}: {gate.rule}", limit=300)


def _name(step: str) -> str:
    return _legal(f"auditkit.{step}", limit=200)


def _legal(text: str, *, limit: int) -> str:
    """Return text on one line without the two characters that XML knows no way to write."""
    return words.visible(text, limit=limit).replace("\ufffe", "").replace("\uffff", "")
