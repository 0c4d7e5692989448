"""Verdict, every format and exit code agree, whatever becomes of a run."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from cli.gate.conftest import recipe, report, table
from cli.gate.test_waivers import TOMORROW, YESTERDAY, accept_all
from render.schemas import faults_of_junit, faults_of_sarif

from auditkit.render.formats import FORMATS

FILES = {name: f"out/r{ends[-1]}" for name, _, ends in FORMATS}
REPORTS = ", ".join(FILES.values())


def passes(cli):
    table(180, 180, n=200)
    recipe("limit: 0.3", REPORTS)


def fails(cli):
    table(10, 90)
    recipe("limit: 0.1", REPORTS)


def warns(cli):
    table(120, 150, n=200)
    recipe('fail_if: "lower_bound > 0.5", warn_if: "lower_bound > 0.01"', REPORTS)


def lacks(cli):
    table(3, 3, n=6)
    recipe("limit: 0.1", REPORTS)


def is_absent(cli):
    table(60, 60)
    recipe("group: sex=X, limit: 0.1", REPORTS)


def is_waived(cli):
    fails(cli)
    cli("run", "r.yaml")
    accept_all(cli)


def has_expired(cli):
    is_waived(cli)
    Path("waivers.yaml").write_text(Path("waivers.yaml").read_text().replace(TOMORROW, YESTERDAY))


def cannot_read(cli):
    passes(cli)
    cli("run", "r.yaml")
    Path("t.csv").unlink()


def is_misspelt(cli):
    passes(cli)
    cli("run", "r.yaml")
    Path("r.yaml").write_text(Path("r.yaml").read_text().replace("limit:", "limti:"))


CASES = {
    passes: ("pass", 0),
    fails: ("fail", 1),
    warns: ("warn", 0),
    lacks: ("insufficient", 5),
    is_absent: ("fail", 1),
    is_waived: ("pass", 0),
    has_expired: ("fail", 1),
    cannot_read: ("error", 4),
    is_misspelt: ("error", 2),
}


def junit():
    (suite,) = ET.parse(FILES["junit"]).getroot()
    told = {one.get("name"): one.get("value") for one in suite.iter("property")}
    counts = {key: int(suite.get(key)) for key in ("failures", "errors", "skipped", "tests")}
    return told, counts


def sarif():
    (run,) = json.loads(Path(FILES["sarif"]).read_text())["runs"]
    open_levels = {one["level"] for one in run["results"] if "suppressions" not in one}
    return run["invocations"][0], open_levels, run["results"]


@pytest.mark.parametrize("exit_zero", [False, True], ids=["", "--exit-zero"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_verdict_formats_and_exit_code_agree(cli, case, exit_zero):
    verdict, code = CASES[case]
    case(cli)
    done = cli("run", "r.yaml", *["--exit-zero"] * exit_zero)
    assert done.code == (0 if exit_zero and code in {1, 5} else code)

    document = report(FILES["json"])
    assert (document["verdict"], document["exit_code"]) == (verdict, code)
    assert document["finished"] is (verdict != "error")

    told, counts = junit()
    assert (told["verdict"], told["exit_code"]) == (verdict, str(code))
    assert told["finished"] == ("false" if verdict == "error" else "true")
    assert (counts["failures"] > 0) == (verdict == "fail")
    assert (counts["errors"] > 0) == (verdict == "error")
    assert counts["tests"] > 0

    invocation, levels, results = sarif()
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (verdict != "error", code)
    assert ("error" in levels) == (verdict == "fail")
    assert bool(invocation.get("toolExecutionNotifications")) == (verdict == "error")
    assert all("suppressions" in one for one in results) or verdict != "pass"

    github = Path(FILES["github"]).read_text()
    assert ("::error" in github) == (verdict in {"fail", "error"})
    assert ("type=error" in Path(FILES["azure"]).read_text()) == (verdict in {"fail", "error"})
    severities = {one["severity"] for one in json.loads(Path(FILES["gitlab"]).read_text())}
    assert ("blocker" in severities) == (verdict in {"fail", "error"})
    assert bool(github) == bool(severities) == (verdict != "pass" or case is is_waived)

    assert not faults_of_junit(Path(FILES["junit"]).read_text())
    assert not faults_of_sarif(Path(FILES["sarif"]).read_text())

    words = {
        "pass": "PASS",
        "fail": "FAIL",
        "warn": "WARN",
        "insufficient": "NOT SHOWN",
        "error": "NOT FINISHED",
    }
    for name in ("html", "markdown", "text"):
        assert words[verdict] in Path(FILES[name]).read_text()
    if verdict != "error":
        assert words[verdict] in done.out


@pytest.mark.parametrize("name", FILES)
def test_what_was_accepted_stays_visible_in_every_format(cli, name):
    is_waived(cli)
    cli("run", "r.yaml")
    text = Path(FILES[name]).read_text()
    assert "ann" in text
    assert TOMORROW in text
    assert "accept" in text or "waive" in text


@pytest.mark.parametrize("name", FILES)
def test_a_report_is_written_again_and_in_a_folder_that_is_made(cli, name):
    passes(cli)
    for _ in range(2):
        assert cli("run", "r.yaml", "-q").code == 0
    assert Path(FILES[name]).is_file()
