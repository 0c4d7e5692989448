"""The gates as SARIF 2.1.0, which code hosts show beside a pull request: what failed or warned, and on which data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from auditkit.render import words

if TYPE_CHECKING:
    from auditkit.values.report import GateResult, Report

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"fail": "error", "warn": "warning", "insufficient": "note"}


def render(report: Report) -> str:
    """Return a SARIF log with a rule for each gate and a result for each that did not hold.

    A result's place is the audited table, and its fingerprint the gate's id: a host can follow it over runs.
    """
    versions = report.provenance.get("versions")
    told = versions if isinstance(versions, dict) else {}
    driver = {
        "name": "auditkit",
        "version": words.visible(str(told.get("auditkit", "0")), limit=40),
        "rules": [_rule(gate) for gate in report.gates],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True, "exitCode": int(report.exit_code)}],
        "results": [
            _result(gate, place, report) for place, gate in enumerate(report.gates) if gate.outcome in LEVELS
        ],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _rule(gate: GateResult) -> dict[str, Any]:
    return {
        "id": words.visible(gate.id, limit=200),
        "shortDescription": {"text": words.compare(gate)},
        "fullDescription": {"text": words.visible(f"fails if {gate.rule}", limit=300)},
    }


def _result(gate: GateResult, place: int, report: Report) -> dict[str, Any]:
    source = words.visible(str(report.subject.get("source", "data")), limit=300)
    location = {"artifactLocation": {"uri": quote(source)}, "region": {"startLine": 1}}
    return {
        "ruleId": words.visible(gate.id, limit=200),
        "ruleIndex": place,
        "level": LEVELS[gate.outcome],
        "message": {"text": words.visible(gate.message, limit=1000)},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"gate/v1": words.visible(gate.id, limit=200)},
    }
