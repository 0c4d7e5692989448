"""Running a recipe from Python gives what the command line gives."""

import json
import textwrap

import pytest

from auditkit import UsageError, run_recipe

RECIPE = """
    version: 1
    name: german
    data: {path: german_credit}
    groups: {sex: {column: sex}}
    steps: [{id: rates, use: rates, with: {metrics: [accuracy]}}]
    gates: [{id: g, on: rates, metric: accuracy, fail_if: "lower_bound > 0.5"}]
"""


def test_a_recipe_run_from_python_reports_what_the_command_line_does(cli, tmp_path):
    (tmp_path / "r.yaml").write_text(textwrap.dedent(RECIPE))
    report = run_recipe(tmp_path / "r.yaml", changes=["stats.seed=3"])
    told = json.loads(cli("run", "r.yaml", "--set", "stats.seed=3", "--json").out)
    assert (report.verdict, report.provenance["seed"]) == (told["verdict"], 3)
    assert [(f.metric, f.group, f.value) for f in report.findings] == [
        (f["metric"], f["group"], f["value"]) for f in told["findings"]
    ]


def test_an_unknown_recipe_names_the_nearest():
    with pytest.raises(UsageError, match="adult"):
        run_recipe("adlut")
