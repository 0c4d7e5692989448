"""What CI servers and code hosts read: JUnit XML and SARIF."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from render import example, hostile

from auditkit.render.machine import junit, sarif


@pytest.fixture
def suite():
    return ElementTree.fromstring(junit.render(example.report()))[0]


def test_junit_counts_failed_and_undecided_gates(suite):
    assert {key: suite.get(key) for key in ("tests", "failures", "skipped", "errors")} == {
        "tests": "9", "failures": "2", "skipped": "6", "errors": "0",
    }  # fmt: skip


def test_junit_has_a_case_for_each_gate_with_its_message(suite):
    by_name = {case.get("name"): case for case in suite.findall("testcase")}
    assert list(by_name) == [
        "tpr", "tpr: sex: Female & race: Black", "tpr: sex: Female", "tpr: race: Other", "fpr", "thin",
        "thin: race: Other", "thin: race: Unknown", "thin: race: Mixed",
    ]  # fmt: skip
    failure = by_name["tpr"].find("failure")
    assert failure.get("message").startswith("sex: Female & race: Black: tpr 0.263 below the rest")
    assert failure.text == "tpr, gap to the rest: limit 0.05"
    assert by_name["thin"].find("skipped") is not None
    assert list(by_name["fpr"]) == []
    assert "\nfpr: PASS: " in suite.find("system-out").text


def test_sarif_has_a_rule_for_each_gate_and_a_result_for_each_that_did_not_hold():
    (run,) = json.loads(sarif.render(example.report()))["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["tpr", "fpr", "thin"]
    assert [(r["ruleId"], r["ruleIndex"], r["level"]) for r in run["results"]] == [
        ("tpr", 0, "error"), ("tpr", 0, "none"), ("tpr", 0, "none"), *[("thin", 2, "none")] * 3,
    ]  # fmt: skip
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "auditkit"
    assert run["invocations"][0]["exitCode"] == 1


@pytest.mark.parametrize("renderer", [junit, sarif])
def test_hostile_text_stays_text(renderer):
    report = hostile.report()
    gates = (*report.gates, replace(report.gates[0], id="\ufffe\uffff", message="]]> &amp; \ufffe"))
    text = renderer.render(replace(report, gates=gates))
    text.encode()
    parsed = json.loads(text) if renderer is sarif else ElementTree.fromstring(text)
    assert parsed is not None
    assert "<script>" not in text or renderer is sarif


@pytest.mark.parametrize("renderer", [junit, sarif])
def test_a_report_without_gates_is_valid_and_empty(renderer):
    text = renderer.render(replace(example.report(), gates=(), provenance={}))
    assert "failures" not in text or 'tests="0"' in text
