"""The life of a gate in a repository, as `auditkit init` begins it."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml
from cli.gate.conftest import report, table
from cli.gate.test_waivers import TOMORROW, YESTERDAY, marks

from auditkit.spec.consent import texts_in

INIT = ["init", "t.csv", "--favourable", "1"]
RUN = ["run", "audit.yaml", "-o", "audit.json", "-o", "audit.xml", "-q"]


def git(*words):
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], check=True, capture_output=True
    )


@pytest.mark.parametrize("ci", ["github", "gitlab", "azure", "pre-commit"])
def test_init_reads_what_it_can_and_overwrites_nothing(cli, ci):
    table(150, 152, n=300)
    done = cli(*INIT, "--ci", ci)
    assert done.code == 0, done.err
    made = {str(path) for path in Path().rglob("*") if path.is_file() and ".auditkit" not in path.parts}
    assert {"audit.yaml", ".gitignore"} < made
    (pipeline,) = made - {"audit.yaml", ".gitignore", "t.csv"}
    assert "auditkit run audit.yaml" in Path(pipeline).read_text()
    lines = [line for line in texts_in(yaml.safe_load(Path(pipeline).read_text())) if "audit" in line]
    assert any("auditkit run audit.yaml" in line for line in lines)
    assert ci == "pre-commit" or any("finished" in line for line in lines)
    if ci == "github":
        assert "if: always()" in Path(pipeline).read_text()
    data = yaml.safe_load(Path("audit.yaml").read_text())["data"]
    assert data == {"path": "t.csv", "target": "y", "pred": "p", "favourable": "1"}
    assert cli("run", "audit.yaml", "-q").code == 0
    before = {name: Path(name).read_bytes() for name in made}
    assert cli(*INIT, "--ci", ci).code == 2
    assert cli(*INIT, "--ci", ci, "--recipe", "other.yaml").code == 0
    assert {name: Path(name).read_bytes() for name in made} == before


def test_the_limit_is_one_that_the_rows_can_decide(cli):
    limits = []
    for n in (100, 2000):
        table(n // 2, n // 2, n=n)
        Path("audit.yaml").unlink(missing_ok=True)
        assert cli(*INIT).code == 0
        limits.append([gate["limit"] for gate in yaml.safe_load(Path("audit.yaml").read_text())["gates"]])
        assert cli("run", "audit.yaml", "-q").code == 0
    assert all(few > many for few, many in zip(*limits, strict=True))


@pytest.mark.slow
def test_the_life_of_a_gate(cli):
    git("init", "-q")
    table(450, 452, n=900)
    assert cli(*INIT, "--ci", "github").code == 0
    git("add", "-A")
    git("commit", "-qm", "audit")
    assert cli(*RUN).code == 0
    assert (
        subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=no"], capture_output=True, check=True
        ).stdout
        == b""
    )

    table(200, 452, n=900)  # a worse model
    assert cli(*RUN).code == 1
    broken = {
        one["group"]
        for gate in report("audit.json")["gates"]
        for one in gate["comparisons"]
        if one["outcome"] == "breaks"
    }
    assert "sex=F" in broken

    for mark in marks(cli):  # accepted, until a day
        words = ("--owner", "ann", "--reason", "fixed in the next release", "--expires", TOMORROW)
        assert cli("waive", "add", mark, *words).code == 0
    assert cli(*RUN).code == 0
    assert cli("check", "audit.json", "-q").code == 0
    Path("waivers.yaml").write_text(Path("waivers.yaml").read_text().replace(TOMORROW, YESTERDAY))
    assert cli(*RUN).code == 1
    assert cli("check", "-q").code == 1
    assert cli("waive", "prune").code == 0

    Path("t.csv").write_text("sex,y,p\n")  # the step that makes the data crashed
    assert cli(*RUN).code == 4
    assert report("audit.json")["finished"] is False
    assert 'value="false"' in Path("audit.xml").read_text()

    table(450, 452, n=900)
    assert cli(*RUN).code == 0
    assert cli("run", "audit.yaml", "audit.yaml", "-q").code == 0
    verdicts = [row["verdict"] for row in json.loads(cli("runs", "list", "--json").out)]
    assert verdicts == ["PASS", "FAIL", "PASS", "FAIL", "PASS", "PASS"]


def test_a_group_without_enough_rows_is_accepted_by_name(cli):
    table(60, 60, n=70)
    Path("audit.yaml").write_text(
        "version: 1\nname: thin\ndata: {path: t.csv, target: y, pred: p, favourable: '1'}\n"
        "groups: {sex: {column: sex}}\nsteps: [{id: rates, use: rates}]\n"
        "gates: [{id: g, on: rates, metric: tpr, group: sex=F, limit: 0.01, insufficient: fail}]\n"
    )
    assert cli(*RUN).code == 1
    (mark,) = marks(cli, "not shown")
    assert cli("waive", "add", mark, "--owner", "bo", "--reason", "few", "--expires", TOMORROW).code == 0
    assert cli(*RUN).code == 0
    assert "not decided; accepted by bo" in Path("audit.json").read_text()
