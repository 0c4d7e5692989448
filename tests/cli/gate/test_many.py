"""Several recipes in one command: one summary, the worst exit code, each with files of its own."""

import json
from pathlib import Path

import pytest
from cli.gate.conftest import recipe, table


@pytest.fixture
def two(cli):
    """A recipe that passes and one that fails, in a folder with waivers and groups."""
    Path("audits").mkdir()
    table(150, 180, n=200)
    Path("audits/t.csv").write_text(Path("t.csv").read_text())
    recipe("limit: 0.5", "r/good.json", "audits/good.yaml")
    recipe("limit: 0.01", "r/bad.json", "audits/bad.yaml")
    Path("audits/waivers.yaml").write_text("version: 1\nwaivers:\n")
    return cli


def test_all_run_and_the_worst_code_is_the_commands(two):
    done = two("run", "audits/*.yaml")
    assert done.code == 1
    assert [Path(f"audits/r/{name}.json").is_file() for name in ("good", "bad")] == [True, True]
    summary = done.out[done.out.index("2 recipes") :]
    assert "PASS" in summary
    assert "FAIL" in summary
    assert "waivers" not in summary


@pytest.mark.parametrize(
    ("text", "code"),
    [("steps: [", 2), ("extends: none.yaml", 2), ("extends: good.yaml\nrequires: [absent]", 3)],
)
def test_one_that_cannot_run_stops_none_of_the_others(two, text, code):
    Path("audits/a.yaml").write_text(text)
    done = two("run", "audits/a.yaml", "audits/good.yaml", "audits/bad.yaml", "-q")
    assert done.code == code
    assert "audits/a.yaml" in done.err
    assert Path("audits/r/bad.json").is_file()


def test_json_is_one_document_of_all(two):
    done = two("run", "audits/good.yaml", "audits/bad.yaml", "--json")
    told = json.loads(done.out)
    assert (done.code, told["exit_code"]) == (1, 1)
    assert [one["report"]["verdict"] for one in told["runs"]] == ["pass", "fail"]


def test_a_file_is_for_each_recipe_or_refused(two):
    assert two("run", "audits/*.yaml", "-o", "all.xml").code == 2
    assert two("run", "audits/*.yaml", "-o", "-", "--format", "text").code == 2
    assert two("run", "audits/*.yaml", "-o", "out/{recipe}.xml", "-q").code == 1
    assert {path.name for path in Path("out").iterdir()} == {"good.xml", "bad.xml"}
    recipe("limit: 0.5", "r/good.json", "audits/bad.yaml")
    done = two("run", "audits/*.yaml")
    assert done.code == 2
    assert "both write good.json" in done.err


def test_a_tag_is_unknown_only_where_no_recipe_has_it(two):
    text = Path("audits/good.yaml").read_text()
    tagged = text.replace("use: rates}]", "use: rates}, {id: more, use: rates, when: full}]")
    Path("audits/good.yaml").write_text(tagged)
    assert two("run", "audits/*.yaml", "--when", "full", "-q").code == 1
    assert two("run", "audits/*.yaml", "--when", "fulll", "-q").code == 2
    assert two("run", "audits/none*.yaml").code == 2


def test_paths_of_a_recipe_start_at_its_folder_and_those_of_options_where_one_stands(two):
    assert two("run", "audits/good.yaml", "-o", "here.json", "-q").code == 0
    assert Path("audits/r/good.json").is_file()
    assert Path("here.json").is_file()
    assert two("run", "ll144", "--set", "reports=[of-bundled.json]", "-q").code in {0, 1}
    assert Path("of-bundled.json").is_file()
