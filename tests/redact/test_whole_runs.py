"""Every way out of a redacted run: what is kept, printed and exported, of one that breaks and of one with waivers."""

import json
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from command_line import caller

RECIPE = """version: 1
name: made
data: {path: t.csv, target: y, pred: p, positive: 1}
groups: {sex: {column: sex}%s}
steps: [{id: rates, use: rates}%s]
gates: [{id: g, on: rates, metric: accuracy, compare: to_rest, limit: 0.1}]
stats: {min_n: 2, max_order: 1}
"""
BREAKS = """
import auditkit
class Breaks(auditkit.Audit):
    name, title, method = "breaks", "t", "m"
    def run(self, subject, params, context):
        raise ValueError("cannot read " + subject.table["name"][3])
@auditkit.hookimpl
def auditkit_audits():
    return [Breaks]
"""
RULE = "name == 'CANARY-name-3'"
ALONE = r"(?<![\w.#&;-])(%s)(?![\w.%%;-])"
"""A number that is a word of its own, not a part of a hash, a colour or a length of the page."""
ENDS = ("html", "json", "md", "txt", "sarif", "xml", "github", "azure", "gitlab.json")
OUTPUTS = [word for end in ENDS for word in ("-o", f"r.{end}")]


@pytest.fixture
def cli(capfd, tmp_path, monkeypatch):
    """A table of 148, 149 and 3 rows, and a plugin whose step breaks over what stands in a cell."""
    rows = [
        f"{s},{i % 2},{i // 2 % 2},CANARY-name-{i}" for i, s in enumerate("F" * 148 + "M" * 149 + "T" * 3)
    ]
    (tmp_path / "t.csv").write_text("sex,y,p,name\n" + "\n".join(rows) + "\n")
    info = tmp_path / "site" / "breaks-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: breaks\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[auditkit]\nbreaks = breaks\n")
    (info.parent / "breaks.py").write_text(BREAKS)
    monkeypatch.syspath_prepend(info.parent)
    monkeypatch.setenv("AUDITKIT_PLUGINS", "rates,breaks")
    return caller(capfd, tmp_path, monkeypatch)


def recipe(groups="", steps="", name="r.yaml"):
    Path(name).write_text(RECIPE % (groups, steps))


def left(*patterns):
    """Return the text of every file that a run left, by its name."""
    return {str(path): path.read_text() for pattern in patterns for path in Path().glob(pattern)}


def assert_hidden(texts):
    """Hold that nothing names a row, or says how many rows there are of F, from which the three of T follow."""
    for name, text in texts.items():
        assert "CANARY" not in text, name
        assert not re.search(ALONE % 148, text), name


def test_a_redacted_run_that_breaks_is_redacted_wherever_it_is_told(cli):
    recipe(steps=", {id: again, use: breaks}")
    done = cli("run", "r.yaml", "--redact", "--json", *OUTPUTS)
    assert done.code == 3
    texts = left("r.[!y]*", ".auditkit/runs/*/report.json")
    assert len(texts) == len(ENDS) + 1
    assert_hidden({**texts, "standard output": done.out})
    assert done.report["failure"]["step"] == "again"
    assert {one["n"] for one in done.report["findings"] if one["group"] == "sex=M"} == {149}


def test_several_redacted_recipes_are_redacted_in_their_one_document(cli):
    recipe(steps=", {id: again, use: breaks}")
    recipe(name="other.yaml")
    done = cli("run", "r.yaml", "other.yaml", "--redact", "--json")
    assert [one["exit_code"] for one in done.report["runs"]] == [3, 5]
    assert_hidden({"standard output": done.out, **left(".auditkit/runs/*/report.json")})


@pytest.mark.parametrize("words", [["--redact"], []])
def test_a_rule_that_the_command_line_gives_is_not_told_by_the_command(cli, words, monkeypatch):
    recipe(groups=", tiny: {where: y == 7}")
    told = ["run", "r.yaml", "--set", f"groups.tiny.where={RULE}", "--exit-zero", *words, *OUTPUTS]
    monkeypatch.setattr("sys.argv", ["auditkit", *told])
    assert cli(*told).code == 0
    texts = left("r.[!y]*", ".auditkit/runs/*/report.json")
    if words:
        assert_hidden(texts)
    else:
        assert "CANARY" in texts["r.json"]  # where nothing is redacted it is told


def test_a_waiver_of_a_hidden_group_gives_neither_its_name_nor_its_mark_away(cli):
    recipe()
    assert cli("run", "r.yaml", "-o", "full.json", "--set", "gates.g.limit=0.001", "--exit-zero").code == 0
    marks = {
        one["group"]: one["fingerprint"]
        for one in json.loads(Path("full.json").read_text())["gates"][0]["comparisons"]
    }
    words = ["--owner", "me", "--reason", "of 148", "--expires", "2999-01-01"]
    assert cli("waive", "add", marks["sex=T"], *words).code == 0
    done = cli("run", "r.yaml", "--redact", "--exit-zero", "--set", "gates.g.limit=0.001", *OUTPUTS)
    texts = left("r.[!y]*")
    assert [one["state"] for one in json.loads(texts["r.json"])["waivers"]] == ["used"]
    assert_hidden({**texts, "standard output": done.out})
    assert not [name for name, text in texts.items() if marks["sex=T"] in text]
    checked = cli("check", "full.json", "--redact", "--json", "--exit-zero")
    assert marks["sex=T"] not in checked.out
    assert_hidden({"standard output": checked.out})


def test_evidence_is_exported_redacted_where_that_is_asked_for(cli):
    recipe(groups=f', tiny: {{where: "{RULE}"}}')
    assert cli("run", "r.yaml", "--exit-zero").code == 0
    assert cli("runs", "export", "--redact", "-o", "e.zip").code == 0
    assert cli("runs", "export", "-o", "whole.zip").code == 0
    with zipfile.ZipFile("e.zip") as archive:
        assert_hidden({name: archive.read(name).decode() for name in archive.namelist()})
    with zipfile.ZipFile("whole.zip") as archive:
        assert b"CANARY-name-3" in archive.read("recipe.yaml")


@pytest.mark.parametrize(("dropped", "rows_of_f"), [(slice(0, 0), 148), (slice(0, 3), 145)])
def test_a_redacted_change_tells_the_rows_of_the_table_or_those_that_are_compared(cli, dropped, rows_of_f):
    table = pd.read_csv("t.csv").assign(id=range(300))
    table.to_csv("new.csv", index=False)
    table.drop(range(300)[dropped]).assign(p=1).to_csv("old.csv", index=False)
    data = ("old.csv", "new.csv", "--target", "y", "--pred", "p", "--positive", "1")
    done = cli("diff", *data, "--groups", "sex", "--id", "id", "--min-n", "2", "--redact", "--json", *OUTPUTS)
    assert done.code == 0, done.err
    texts = {**left("r.[!y]*", ".auditkit/runs/*/report.json"), "standard output": done.out}
    told = {int(n) for text in texts.values() for n in re.findall(ALONE % r"(?:\d+)", text)}
    assert len(told & {297, 300}) <= 1
    assert rows_of_f not in told
