"""What CI servers and code hosts read: JUnit XML and SARIF."""

import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from render import example, hostile
from render.schemas import faults_of_junit, faults_of_sarif

from auditkit.render.machine import azure, github, gitlab, junit, sarif


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


FAULTS = {junit: faults_of_junit, sarif: faults_of_sarif}


@pytest.mark.parametrize("renderer", FAULTS)
@pytest.mark.parametrize("made", [example.report, hostile.report])
def test_files_keep_to_the_schema_of_their_format(renderer, made):
    report = made()
    for told in (report, replace(report, gates=(), provenance={}), replace(report, waivers=(), steps=())):
        assert not FAULTS[renderer](renderer.render(told))


@pytest.mark.parametrize(
    ("renderer", "good", "bad"),
    [
        (junit, "<testcase ", "<testcase of='no schema' "),
        (junit, 'hostname="localhost" ', ""),  # Ant's schema asks for it, and Jenkins' does not
        (junit, "<properties>", "<properties/><properties>"),
        (sarif, '"ruleId"', '"rule_id"'),
    ],
)
def test_a_file_that_leaves_the_schema_is_told(renderer, good, bad):
    text = renderer.render(example.report())
    assert good in text
    assert FAULTS[renderer](text.replace(good, bad))


def places():
    """The example, run from a recipe in a folder, with words that a host would read otherwise."""
    report = example.report()
    gates = {gate.id: {"file": "audits/r.yaml", "line": 7 + i} for i, gate in enumerate(report.gates)}
    return replace(report, provenance={**report.provenance, "gates": gates, "matrix": "3.12"})


def test_sarif_keeps_what_github_asks_beyond_the_schema():
    (run,) = json.loads(sarif.render(places()))["runs"]
    driver = run["tool"]["driver"]
    assert driver["informationUri"].startswith("https://")
    assert run["automationDetails"]["id"] == "auditkit/adult-income/3.12/"
    for rule in driver["rules"]:
        assert rule["help"]["text"]
        assert all(rule[key]["text"].endswith(".") for key in ("shortDescription", "fullDescription", "help"))
        assert rule.get("name", "").lower() != rule["id"].lower()
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "audits/r.yaml"
        assert place["region"]["startLine"] in {7, 8, 9}
        assert result["message"]["text"].endswith(".")
        assert not re.search(r"(?<!\\)[\[\]]", result["message"]["text"])
        assert result["level"] == "none" or result["kind"] == "fail"
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["partialFingerprints"]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("audits/r.yaml", "audits/r.yaml"), ("./r.yaml", "r.yaml"), ("/home/me/r.yaml", "r.yaml"), ("../x/r.yaml", "r.yaml"),
        ("~/r.yaml", "r.yaml"), ("…/r.yaml", "r.yaml"), ("a b/ü.yaml", "a b/ü.yaml"),
    ],
)  # fmt: skip
def test_no_place_is_absolute(file, uri):
    assert sarif.relative(file) == uri


PLAIN = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"


@pytest.mark.parametrize(
    "report", [places(), hostile.report(), replace(example.report(), gates=(), provenance={})]
)
def test_junit_keeps_to_the_schemas_of_jenkins_and_of_ant(report):
    root = ElementTree.fromstring(junit.render(report))
    (suite,) = root
    assert (root.tag, root.attrib, suite.tag) == ("testsuites", {}, "testsuite")
    assert set(suite.attrib) == {
        "name", "tests", "failures", "errors", "skipped", "timestamp", "time", "hostname", "package", "id",
    }  # fmt: skip
    assert re.fullmatch(PLAIN, suite.get("timestamp"))
    assert re.fullmatch(r"[0-9]+\.[0-9]+", suite.get("time"))
    assert suite.get("name").strip()
    tags = [child.tag for child in suite]
    assert tags == ["properties", *["testcase"] * (len(tags) - 3), "system-out", "system-err"]
    for prop in suite.find("properties"):
        assert (prop.tag, set(prop.attrib)) == ("property", {"name", "value"})
    for case in suite.findall("testcase"):
        assert set(case.attrib) == {"name", "classname", "time"}
        assert float(case.get("time")) >= 0
        (inner,) = list(case) or [None]
        assert inner is None or inner.tag in {"skipped", "failure", "error"}
        assert inner is None or inner.tag == "skipped" or set(inner.attrib) == {"message", "type"}
        assert inner is None or not list(inner)


def test_github_shows_ten_of_a_level_and_counts_the_rest():
    report = places()
    gate = report.gates[0]
    many = tuple(replace(gate.comparisons[0], group=f"g%{i}: a,b") for i in range(25))
    lines = github.render(replace(report, gates=(replace(gate, comparisons=many),))).splitlines()
    assert len(lines) == 10
    assert lines[0].startswith(
        "::error file=audits/r.yaml,line=7,title=auditkit tpr%3A FAIL::g%250: a,b: tpr"
    )
    assert lines[-1] == "::error title=auditkit::16 more; the report lists them"


def test_no_format_lets_a_name_begin_a_command_of_its_own():
    report = hostile.report()
    names = "\n::error::x", "##vso[task.complete]", "##[group]", "]x;y=z"
    gates = tuple(replace(report.gates[0], id=name, message=name) for name in names)
    report = replace(report, gates=gates)
    assert all(re.match(r"::(error|warning|notice) ", line) for line in github.render(report).splitlines())
    for line in azure.render(report).splitlines():
        assert re.match(r"##vso\[task\.logissue [^\]]*\]|##\[section\]", line)
        assert line.count("##") == 1
    assert len(json.loads(gitlab.render(report))) >= 1


def test_gitlab_has_one_fingerprint_for_each_thing_it_says():
    marks = [one["fingerprint"] for one in json.loads(gitlab.render(places()))]
    assert len(marks) == len(set(marks)) > 0
