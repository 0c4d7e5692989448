"""Verdict, every format and exit code agree, whatever becomes of a run."""

import json
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import pytest
from cli.gate.conftest import recipe, table
from cli.gate.test_waivers import TOMORROW, YESTERDAY, accept_all
from render.schemas import faults_of_junit, faults_of_sarif

from auditkit.plugins.host import load_plugins
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


def _with_model(cli, name, line):
    """Let a model predict that does what a line says, after a run that passed."""
    passes(cli)
    cli("run", "r.yaml")
    Path(f"{name}.py").write_text(f"class Model:\n    def predict(self, X):\n        {line}\n")
    Path("r.yaml").write_text(Path("r.yaml").read_text().replace("pred: p", f"model: '{name}:Model'"))


def fails_in_a_step(cli):
    _with_model(cli, "model_that_fails", "raise RuntimeError('no such thing')")


def is_interrupted(cli):
    _with_model(cli, "model_that_stops", "raise KeyboardInterrupt")


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
    fails_in_a_step: ("error", 4),
    is_interrupted: ("error", 130),
}
WORDS = {
    "pass": "PASS",
    "fail": "FAIL",
    "warn": "WARN",
    "insufficient": "NOT SHOWN",
    "error": "NOT FINISHED",
}


@dataclass(frozen=True)
class End:
    """How a run ended: its verdict, its exit code, and whether it has findings that somebody accepted."""

    verdict: str
    code: int
    accepted: bool

    @property
    def broke_off(self):
        return self.verdict == "error"

    @property
    def is_red(self):
        return self.verdict in {"fail", "error"}

    @property
    def is_silent(self):
        """Whether a format that tells of problems only has none to tell of."""
        return self.verdict == "pass" and not self.accepted


def json_agrees(text, end):
    document = json.loads(text)
    assert (document["verdict"], document["exit_code"]) == (end.verdict, end.code)
    assert document["finished"] is not end.broke_off


def junit_agrees(text, end):
    (suite,) = ET.fromstring(text)
    told = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert (told["verdict"], told["exit_code"]) == (end.verdict, str(end.code))
    assert told["finished"] == ("false" if end.broke_off else "true")
    assert (int(suite.get("failures")) > 0) == (end.verdict == "fail")
    assert (int(suite.get("errors")) > 0) == end.broke_off
    assert int(suite.get("tests")) > 0
    assert not faults_of_junit(text)


def sarif_agrees(text, end):
    (run,) = json.loads(text)["runs"]
    (invocation,) = run["invocations"]
    levels = {one["level"] for one in run["results"] if "suppressions" not in one}
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (not end.broke_off, end.code)
    assert ("error" in levels) == (end.verdict == "fail")
    assert bool(invocation.get("toolExecutionNotifications")) == end.broke_off
    assert all("suppressions" in one for one in run["results"]) or end.verdict != "pass"
    assert not faults_of_sarif(text)


def github_agrees(text, end):
    assert ("::error" in text) == end.is_red
    assert bool(text) != end.is_silent


def azure_agrees(text, end):
    assert ("type=error" in text) == end.is_red


def gitlab_agrees(text, end):
    severities = {one["severity"] for one in json.loads(text)}
    assert ("blocker" in severities) == end.is_red
    assert bool(severities) != end.is_silent


def words_agree(text, end):
    assert WORDS[end.verdict] in text


AGREES = {
    "html": words_agree,
    "json": json_agrees,
    "markdown": words_agree,
    "sarif": sarif_agrees,
    "text": words_agree,
    "junit": junit_agrees,
    "github": github_agrees,
    "gitlab": gitlab_agrees,
    "azure": azure_agrees,
}
"""By format: what asserts that its text agrees with how the run ended. A new format needs one."""


def test_every_format_that_there_is_is_read():
    assert set(AGREES) == set(FILES) == {renderer.name for renderer in load_plugins(only=()).renderers}


@pytest.mark.parametrize("exit_zero", [False, True], ids=["", "--exit-zero"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_verdict_formats_and_exit_code_agree(cli, case, exit_zero):
    verdict, code = CASES[case]
    case(cli)
    done = cli("run", "r.yaml", "--allow-code", *["--exit-zero"] * exit_zero)
    assert done.code == (0 if exit_zero and code in {1, 5} else code)
    for name, file in FILES.items():
        AGREES[name](Path(file).read_text(), End(verdict, code, accepted=case is is_waived))
    assert verdict == "error" or WORDS[verdict] in done.out


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
