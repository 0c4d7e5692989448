"""The gates as SARIF 2.1.0, which code hosts show beside a change: what failed or warned, at the gate's own line.

It keeps to what GitHub asks beyond the schema: places relative to the repository, a region, help for each rule,
fingerprints that stay the same over runs, and an id by which results of one recipe replace those of its last run.
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from auditkit.render import verdicts, words
from auditkit.values.compare import COMPARISONS
from auditkit.values.shown.hidden import without_marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditkit.values.gate import GateComparison, GateResult
    from auditkit.values.report import Report

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
HOME = "https://pypi.org/project/fair-auditkit/"
MOST_RESULTS = 5_000
"""What GitHub shows of one run; the worst come first."""
_INSUFFICIENT = {
    "fail": "What cannot be decided fails it.",
    "warn": "What cannot be decided is for review.",
    "pass": "What cannot be decided passes.",
}


def render(report: Report) -> str:
    """Return a SARIF log with a rule for each gate and a result for each comparison that did not hold.

    What could not be decided is of kind `review`, what was accepted carries a suppression.
    """
    versions = report.provenance.get("versions")
    told = versions if isinstance(versions, dict) else {}
    driver = {
        "name": "auditkit",
        "informationUri": HOME,
        "version": words.visible(str(told.get("auditkit", "0")), limit=40),
        "rules": [_rule(gate) for gate in report.gates],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "automationDetails": {"id": _category(report)},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": [
            result
            for place, gate in enumerate(report.gates)
            if gate.outcome != "not_run"
            for result in _results(gate, place, report)
        ][:MOST_RESULTS],
    }
    if outcome := words.counted(report.subject):
        run["properties"] = {"outcome": outcome}
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return without_marks(json.dumps(log, ensure_ascii=False, indent=1)) + "\n"


def _category(report: Report) -> str:
    """Return what tells the recipes of one repository apart, and the jobs of a matrix that run one recipe."""
    matrix = report.provenance.get("matrix")
    parts = ["auditkit", report.name, *([str(matrix)] if matrix else [])]
    return "".join(f"{quote(words.visible(part, limit=100), safe=' ')}/" for part in parts)


def _invocation(report: Report) -> dict[str, Any]:
    told: dict[str, Any] = {
        "executionSuccessful": report.failure is None,
        "exitCode": int(report.exit_code),
    }
    notes = []
    if report.failure is not None:
        where = f"Step {report.failure.step}, {report.failure.plugin}: " if report.failure.step else ""
        text = escaped(f"{where}{report.failure.message}", limit=1000)
        notes.append({"level": "error", "message": {"text": text}})
    if void := words.caution(report):
        notes.append({"level": "warning", "message": {"text": escaped(void, limit=1000)}})
    return told | ({"toolExecutionNotifications": notes} if notes else {})


def _results(gate: GateResult, place: int, report: Report) -> Iterator[dict[str, Any]]:
    """Yield a result for each comparison that did not hold, or one for a gate that compared nothing."""
    told = [one for one in gate.comparisons if one.outcome != "holds" or one.warns]
    if gate.outcome == "pass":
        told = [one for one in told if one.outcome == "waived"]
    elif not told:
        yield _result(gate, None, place, report)
    for one in told:
        yield _result(gate, one, place, report)


def _kind(gate: GateResult, one: GateComparison | None) -> dict[str, str]:
    """Return SARIF's kind and level: what failed, what warned, and what somebody has to look at."""
    undecided = one is None or one.outcome in {"not_shown", "too_few"}
    if one is not None and one.outcome == "waived":
        return {"kind": "fail", "level": "warning"}
    if gate.outcome == "fail" and (not undecided or gate.insufficient == "fail"):
        return {"kind": "fail", "level": "error"}
    if one is not None and (one.warns or one.outcome == "absent"):
        return {"kind": "fail", "level": "warning"}
    return {"kind": "review", "level": "none"}


def _rule(gate: GateResult) -> dict[str, Any]:
    name, rule = words.visible(gate.id, limit=200), escaped(f"Rule: {gate.rule}.", limit=300)
    looks = escaped(f"{verdicts.compare(gate)}.", limit=200)
    asks = (
        f"The gate {name} reads {gate.metric} ({COMPARISONS[gate.compare].title}) of step {gate.on}. "
        f"Rule: {gate.rule}. It fails where a confidence bound, corrected for all comparisons, is beyond the rule. "
        f"{_INSUFFICIENT[gate.insufficient]}"
    )
    text = escaped(asks, limit=1000)
    return {
        "id": name,
        "shortDescription": {"text": looks},
        "fullDescription": {"text": rule},
        "help": {"text": text, "markdown": text},
        "helpUri": HOME,
        "properties": {"tags": ["fairness"], "problem.severity": "error", "precision": "high"},
    }


def _result(gate: GateResult, one: GateComparison | None, place: int, report: Report) -> dict[str, Any]:
    name = words.visible(gate.id, limit=200)
    result: dict[str, Any] = {
        "ruleId": name,
        "ruleIndex": place,
        **_kind(gate, one),
        "message": {"text": escaped(_message(gate, one), limit=1000)},
        "locations": [{"physicalLocation": _location(gate, report.provenance)}],
        "partialFingerprints": {"comparison/v3": one.fingerprint if one and one.fingerprint else name},
    }
    if one is not None and one.outcome == "waived":
        justified = {
            "kind": "external",
            "status": "accepted",
            "justification": escaped(one.reason, limit=500),
        }
        result["suppressions"] = [justified]
    return result


def _message(gate: GateResult, one: GateComparison | None) -> str:
    """Return a sentence with its period."""
    if one is None or (one is gate.comparisons[0] and one.outcome != "waived"):
        text = gate.message
    else:
        text = f"{verdicts.compared(one)}: {verdicts.became(gate, one)}"
    return text if text.endswith(".") else f"{text}."


def _location(gate: GateResult, provenance: Mapping[str, Any]) -> dict[str, Any]:
    file, line = place_of(gate.id, provenance)
    return {"artifactLocation": {"uri": quote(file)}, "region": {"startLine": line}}


def place_of(gate: str, provenance: Mapping[str, Any]) -> tuple[str, int]:
    """Return file and line of the recipe that state a gate; of a run by options, which has none, a name for them.

    Of a gate that nobody states, the first line of the recipe.
    """
    gates = provenance.get("gates")
    known = gates if isinstance(gates, dict) else {}
    stated = known.get(gate, {})
    first = next((one for one in known.values() if isinstance(one, dict)), {})
    told = stated if isinstance(stated, dict) else {}
    line = told.get("line")
    file = relative(str(told.get("file") or first.get("file") or "auditkit"))
    return file, line if isinstance(line, int) and line > 0 else 1


def relative(file: str) -> str:
    """Return a path as a host follows it, from the working folder on; of one elsewhere only its name."""
    path = PurePosixPath(words.visible(file.replace("\\", "/"), limit=300))
    parts = [part for part in path.parts if part != "."]
    outside = path.is_absolute() or ".." in parts or (parts and parts[0] in {"…", "~"})
    return path.name if outside else "/".join(parts)


def escaped(text: str, *, limit: int) -> str:
    """Return plain text of a message: brackets would begin a link."""
    return words.visible(text, limit=limit).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
