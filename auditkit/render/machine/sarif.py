"""The gates as SARIF 2.1.0, which code hosts show beside a pull request: what failed or warned, and on which data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from auditkit.render import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit.values.gate import GateComparison, GateResult
    from auditkit.values.report import Report

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report) -> str:
    """Return a SARIF log with a rule for each gate and a result for each comparison that did not hold.

    What could not be decided is of kind `review`. A result's place is the audited table, and its fingerprint the gate
    and the group: a host can follow it over runs.
    """
    versions = report.provenance.get("versions")
    told = versions if isinstance(versions, dict) else {}
    driver = {
        "name": "auditkit",
        "version": words.visible(str(told.get("auditkit", "0")), limit=40),
        "rules": [_rule(gate) for gate in report.gates],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "exitCode": int(report.exit_code)}],
        "results": [
            result
            for place, gate in enumerate(report.gates)
            if gate.outcome not in {"pass", "not_run"}
            for result in _results(gate, place, report)
        ],
    }
    if outcome := words.counted(report.subject):
        run["properties"] = {"outcome": outcome}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _results(gate: GateResult, place: int, report: Report) -> Iterator[dict[str, Any]]:
    """Yield a result for each comparison that did not hold, or one for a gate that compared nothing."""
    told = [one for one in gate.comparisons if one.outcome not in {"holds", "waived"} or one.warns]
    if not told:
        yield _result(gate, gate.message, "", place, report, kind=_kind(gate, None))
    for one in told:
        message = f"{words.compared(one)}: {gate.metric} {words.harm(gate, one)}, {words.JUDGED[one.outcome]}"
        text = gate.message if one is gate.comparisons[0] else message
        yield _result(gate, text, words.compared(one), place, report, kind=_kind(gate, one))


def _kind(gate: GateResult, one: GateComparison | None) -> dict[str, str]:
    """Return SARIF's kind and level: what failed, what warned, and what somebody has to look at."""
    undecided = one is None or one.outcome in {"not_shown", "too_few"}
    if gate.outcome == "fail" and (not undecided or gate.insufficient == "fail"):
        return {"kind": "fail", "level": "error"}
    if one is not None and (one.warns or one.outcome == "absent"):
        return {"kind": "fail", "level": "warning"}
    return {"kind": "review", "level": "none"}


def _rule(gate: GateResult) -> dict[str, Any]:
    return {
        "id": words.visible(gate.id, limit=200),
        "shortDescription": {"text": words.compare(gate)},
        "fullDescription": {"text": words.visible(f"rule: {gate.rule}", limit=300)},
    }


def _result(
    gate: GateResult, text: str, group: str, place: int, report: Report, *, kind: dict[str, str]
) -> dict[str, Any]:
    source = words.visible(str(report.subject.get("source", "data")), limit=300)
    location = {"artifactLocation": {"uri": quote(source)}, "region": {"startLine": 1}}
    mark = f"{words.visible(gate.id, limit=200)}/{group}" if group else words.visible(gate.id, limit=200)
    return {
        "ruleId": words.visible(gate.id, limit=200),
        "ruleIndex": place,
        **kind,
        "message": {"text": words.visible(text, limit=1000)},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"gate/v2": mark},
    }
