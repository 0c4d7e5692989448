"""The command line in an empty folder that holds a table whose one gate can be decided either way."""

import json
from pathlib import Path

import pytest
from command_line import caller

RECIPE = """version: 1
name: made
data: {path: t.csv, target: y, pred: p, positive: 1}
groups: {sex: {column: sex}}
steps: [{id: rates, use: rates}]
gates:
- {id: g, on: rates, metric: tpr, compare: to_rest, %s}
stats: {min_n: 10}
reports: [%s]
"""


@pytest.fixture
def cli(capfd, tmp_path, monkeypatch):
    monkeypatch.setenv("AUDITKIT_PLUGINS", "rates")
    return caller(capfd, tmp_path, monkeypatch)


def table(found_f, found_m, n=100):
    """Write t.csv: of n positives of each sex so many are found; 50 negatives each, none chosen."""
    rows = [f"{sex},1,{int(i < found)}" for sex, found in (("F", found_f), ("M", found_m)) for i in range(n)]
    rows += [f"{sex},0,0" for sex in "FM" for _ in range(50)]
    Path("t.csv").write_text("sex,y,p\n" + "\n".join(rows) + "\n")


def recipe(gate="limit: 0.2", reports="r.json", file="r.yaml"):
    Path(file).write_text(RECIPE % (gate, reports))


def report(name="r.json"):
    return json.loads(Path(name).read_text())


@pytest.fixture
def kept(cli):
    table(60, 60)
    recipe()
    assert cli("run", "r.yaml").code == 0
    return cli
