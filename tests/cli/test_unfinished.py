"""A run that ends early: its exit code is the tool's own, and no report of an earlier run is left to look green."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

import pytest

MAIN = [sys.executable, "-c", "from auditkit.cli.app import main; main()"]
NAMES = ("r.xml", "r.sarif", "r.json", "r.html", "r.md", "r.txt")
RECIPE = """
version: 1
name: made
data: {path: t.csv, target: y, positive: 1, %s}
groups: {sex: {column: sex}}
steps: [{id: rates, use: rates}, {id: again, use: rates}]
gates: [{id: g, on: rates, metric: tpr, compare: to_rest, limit: 0.9}]
stats: {min_n: 10}
reports: [r.xml, r.sarif, r.json, r.html, r.md, r.txt]
"""
ROWS = "".join(f"{s},{y},{p}\n" for s in "FM" for y in (0, 1) for p in (0, 1) for _ in range(60))


@pytest.fixture
def green(cli, tmp_path):
    """A folder with the reports of a run that passed."""
    Path("t.csv").write_text("sex,y,p\n" + ROWS)
    Path("r.yaml").write_text(RECIPE % "pred: p")
    assert cli("run", "r.yaml").code == 0
    assert said(tmp_path) == dict.fromkeys(NAMES, True)
    return tmp_path


def said(folder):
    """Return of each report whether it says that the run came to its end."""
    words = {name: (folder / name).read_text() for name in NAMES if (folder / name).exists()}
    suites = ET.fromstring(words["r.xml"]) if "r.xml" in words else None
    invocation = json.loads(words["r.sarif"])["runs"][0]["invocations"][0] if "r.sarif" in words else {}
    found = {name: "NOT FINISHED" not in text for name, text in words.items()}
    if suites is not None:
        marks = [one.get("value") for one in suites.iter("property") if one.get("name") == "finished"]
        errors = int(suites.find("testsuite").get("errors"))
        assert marks == (["false"] if errors else ["true"])
        found["r.xml"] = not errors
    found["r.sarif"] = invocation.get("executionSuccessful")
    if "r.json" in words:
        found["r.json"] = json.loads(words["r.json"])["finished"]
    return found


ENDS = {
    "sys.exit(0)": 4,
    "sys.exit(1)": 4,
    "raise SystemExit": 4,
    "raise GeneratorExit": 4,
    "raise BaseException('stop')": 4,
    "raise KeyboardInterrupt": 130,
    "raise RuntimeError('no')": 4,
    "os._exit(0)": 0,
}

AT_ONCE = ("sys.exit(0)", "os._exit(0)")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "when"),
    [*((line, "while it predicts") for line in ENDS), *((line, "while it is read") for line in AT_ONCE)],
)
def test_a_model_cannot_choose_the_exit_code_unseen(green, line, when):
    body = (
        "def predict(self, X):\n  LINE\n"
        if when == "while it predicts"
        else "LINE\n def predict(self, X): ..."
    )
    text = f"import os, sys\nclass Model:\n {body}".replace("LINE", line)
    (green / "m.py").write_text(text)
    (green / "r.yaml").write_text(RECIPE % "model: 'm:Model'")
    done = subprocess.run(
        [*MAIN, "run", "r.yaml", "--allow-code"], cwd=green, capture_output=True, text=True, check=False,
        env={**os.environ, "AUDITKIT_PLUGINS": "rates"},
    )  # fmt: skip
    assert done.returncode == ENDS[line], done.stderr
    assert said(green) == dict.fromkeys(NAMES, False)


PLUGIN = """
import os, sys
from dataclasses import dataclass
import auditkit
class Bad(auditkit.Audit):
    name = "bad"; title = "t"; method = "m"
    metrics = ()
    @dataclass(frozen=True)
    class Params: ...
    Params = Params
    def run(self, subject, params, context):
        LINE
        return []
@auditkit.hookimpl
def auditkit_audits():
    return [Bad]
"""


@pytest.fixture
def begun(green):
    """Return a function that starts the recipe with a second step whose plugin does what a line says."""
    (green / "stranger.py").write_text("")
    info = green / "stranger-9.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 9\n")
    (info / "entry_points.txt").write_text("[auditkit]\nstranger = stranger\n")
    (green / "r.yaml").write_text((RECIPE % "pred: p").replace("use: rates}]", "use: bad}]"))

    def begun(line, *words):
        body = textwrap.indent(line, " " * 8).lstrip()
        (green / "stranger.py").write_text(PLUGIN.replace("LINE", body))
        return subprocess.Popen(
            [*MAIN, "run", "r.yaml", *words], cwd=green, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "AUDITKIT_PLUGINS": "rates,stranger", "PYTHONPATH": f"{green}:{os.environ.get('PYTHONPATH', '')}"},
            # A test run in the background ignores Ctrl-C, and so would its child.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip

    return begun


@pytest.fixture
def plugged(begun):
    """Return a function that does so and waits for the end."""

    def run(line, *words):
        with begun(line, *words) as process:
            out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    return run


@pytest.mark.slow
def test_findings_of_finished_steps_survive_a_later_step_which_is_named(plugged, green):
    done = plugged("sys.exit(0)")
    assert done.returncode == 3
    assert said(green) == dict.fromkeys(NAMES, False)
    report = json.loads((green / "r.json").read_text())
    assert (report["verdict"], report["exit_code"]) == ("error", 3)
    assert (report["failure"]["step"], report["failure"]["plugin"]) == ("again", "plugin 'stranger' 9")
    assert {finding["step"] for finding in report["findings"]} == {"rates"}
    assert {gate["outcome"] for gate in report["gates"]} == {"not_run"}
    assert "auditkit report" in done.stderr
    kept = sorted((green / ".auditkit" / "runs").glob("*/report.json"))[-1]
    assert json.loads(kept.read_text())["failure"]["step"] == "again"


def told_by_hosts(folder):
    """Return of what each code host reads whether it shows an error."""
    return {
        "github": "::error" in (folder / "r.github").read_text(),
        "azure": "type=error" in (folder / "r.azure").read_text(),
        "gitlab": "blocker"
        in {one["severity"] for one in json.loads((folder / "r.gitlab.json").read_text())},
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_a_signal_while_a_step_runs_leaves_no_green_report_of_any_format(begun, green, number, code, word):
    hosts = [part for name in ("r.github", "r.azure", "r.gitlab.json", *NAMES) for part in ("-o", name)]
    with begun("pass", *hosts) as process:
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert said(green) == dict.fromkeys(NAMES, True)
    assert told_by_hosts(green) == dict.fromkeys(("github", "azure", "gitlab"), False)
    with begun("open('begun', 'w').close(); import time; time.sleep(60)", *hosts) as process:
        while not (green / "begun").exists():
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert f"auditkit: {word}; nothing half-written is left" in err
    assert "Traceback" not in err
    assert said(green) == dict.fromkeys(NAMES, False)
    assert told_by_hosts(green) == dict.fromkeys(("github", "azure", "gitlab"), True)
    report = json.loads((green / "r.json").read_text())
    assert (report["verdict"], report["exit_code"], report["failure"]["step"]) == ("error", code, "again")


@pytest.mark.slow
def test_what_a_plugin_prints_is_neither_on_standard_output_nor_a_command(plugged):
    done = plugged(
        "print('::error::mine'); print('##[group]mine'); print('##vso[task.complete]mine')\n"
        "os.write(1, b'from below\\n'); os.system('echo from a program')"
    )
    assert "mine" not in done.stdout
    assert "from" not in [line.split()[0] for line in done.stdout.splitlines() if line.strip()]
    lines = done.stderr.splitlines()
    assert {"from below", "from a program"} <= set(lines)
    assert not [line for line in lines if line.strip().startswith("::") or "##[" in line or "##vso[" in line]
    assert sum("mine" in line for line in lines) == 3


def test_a_report_that_somebody_changed_is_not_touched(green, cli):
    Path("r.md").write_text("mine")
    Path("r.yaml").write_text("steps: [")
    assert cli("run", "r.yaml", "-o", "r.md", "-o", "r.json").code == 2
    assert Path("r.md").read_text() == "mine"
    assert json.loads(Path("r.json").read_text())["finished"] is False


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda: Path("t.csv").unlink(), 4),
        (lambda: Path("t.csv").write_text("sex,y\nF,1\n"), 4),
        (lambda: Path("r.yaml").write_text((RECIPE % "pred: p") + "nonsense: 1\n"), 2),
        (lambda: Path("r.yaml").write_text((RECIPE % "pred: p") + "requires: [absent]\n"), 3),
    ],
)
def test_reports_of_yesterday_say_that_todays_run_did_not_finish(green, cli, change, code):
    change()
    assert cli("run", "r.yaml").code == code
    assert said(green) == dict.fromkeys(NAMES, False)
    assert json.loads(Path("r.json").read_text())["exit_code"] == code


LISTS = {
    "a pattern that matches nothing": ["run", "r.yaml", "none/*.yaml"],
    "only a pattern that matches nothing": ["run", "none/*.yaml", *(f"-o{name}" for name in NAMES)],
    "a pattern that matches nothing, with a name for each": [
        "run",
        "none/*.yaml",
        "r.yaml",
        "-o",
        "{recipe}.xml",
    ],
    "two recipes that write one file": ["run", "r.yaml", "other.yaml"],
    "one file for two recipes": ["run", "r.yaml", "other.yaml", "-o", "r.md"],
    "two recipes of one name": ["run", "r.yaml", "below/r.yaml", "-o", "{recipe}.xml"],
    "a tag that nothing waits for": ["run", "r.yaml", "third.yaml", "--when", "never"],
}


@pytest.mark.parametrize("words", LISTS.values(), ids=LISTS)
def test_a_wrong_list_of_recipes_leaves_no_green_report(green, cli, words):
    Path("below").mkdir()
    recipe = RECIPE % "pred: p"
    Path("other.yaml").write_text(recipe)
    Path("third.yaml").write_text(recipe[: recipe.index("reports")])
    Path("below/r.yaml").write_text(Path("third.yaml").read_text().replace("t.csv", "../t.csv"))
    done = cli(*words)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert said(green) == dict.fromkeys(NAMES, False)


DIFF = ["diff", "t.csv", "--target", "y", "--pred", "p", "--groups", "sex", "--versus", "y", "-o", "r.xml"]


@pytest.mark.parametrize("words", [["run", "r.yaml"], ["check", "-o", "r.xml"], DIFF])
def test_a_wrong_word_of_fail_on_leaves_no_green_report_either(green, cli, words):
    done = cli(*words, "--fail-on", "all")
    assert (done.code, "--fail-on all" in done.err) == (2, True)
    assert said(green)["r.xml"] is False


def test_a_report_of_a_run_that_never_began_bears_the_time_of_its_end(green, cli):
    Path("r.yaml").write_text("steps: [")
    begun = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    assert cli("run", "r.yaml", "-o", "r.xml").code == 2
    told = datetime.fromisoformat(ET.fromstring(Path("r.xml").read_text()).find("testsuite").get("timestamp"))
    assert begun <= told <= datetime.now(UTC).replace(tzinfo=None)


def test_a_wrong_option_leaves_no_green_report_either(green, cli):
    done = cli("run", "r.yaml", "-o", "r.json", "--output=r.xml", "--nonsense")
    assert done.code == 2
    assert "--nonsense" in done.err
    assert {name: said(green)[name] for name in ("r.json", "r.xml")} == {"r.json": False, "r.xml": False}


def test_a_report_that_the_run_reads_stays(green, cli):
    before = Path("r.json").read_bytes()
    assert cli("run", "r.yaml", "--set", "data.path=r.json", "-o", "r.json").code in {2, 4}
    assert cli("audit", "r.json", "--target", "y", "-o", "r.json").code in {2, 4}
    assert Path("r.json").read_bytes() == before


def test_a_refused_run_writes_no_report_that_was_not_there(cli, tmp_path):
    Path("r.yaml").write_text(RECIPE % "pred: p")
    assert cli("run", "r.yaml").code == 4
    assert said(tmp_path) == {"r.sarif": None}
