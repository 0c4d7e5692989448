"""Options build the recipe as values; its YAML is written from them and reads as the same recipe."""

from pathlib import Path

import pandas as pd
import pytest

from auditkit.cli.options import with_declared_options
from auditkit.cli.words import Called, read_words
from auditkit.errors import RecipeError, UsageError
from auditkit.plugins.host import load_plugins
from auditkit.recipe.groups import parse_groups
from auditkit.recipe.options import recipe_of
from auditkit.recipe.read import load_recipe
from auditkit.recipe.write import recipe_text
from auditkit.spec.groups import GroupSpec
from auditkit.values.exit_code import ExitCode


@pytest.fixture(scope="module")
def steps():
    return load_plugins().steps


def test_options_become_specs(steps):
    given = {"target": "y", "features": "a, b", "confidence": 0.9, "tail": 0.1, "missing": "drop"}
    recipe = recipe_of("t.csv", parse_groups("sex,age:0/25.5"), steps=[steps["minoria"]], given=given)
    assert (recipe.data.path, recipe.data.target, recipe.data.features) == ("t.csv", "y", ("a", "b"))
    assert (recipe.data.missing, recipe.stats.confidence, recipe.name) == ("drop", 0.9, "t: minoria")
    assert recipe.groups == {"sex": GroupSpec(column="sex"), "age": GroupSpec(column="age", bins=(0.0, 25.5))}
    assert [(s.id, s.use, s.with_) for s in recipe.steps] == [("minoria", "minoria", {"tail": 0.1})]


def test_the_yaml_of_a_recipe_reads_as_the_same_recipe(steps, tmp_path):
    given = {"target": "y", "positive": "01", "metrics": "tpr,fpr", "seed": 3, "sensitive": "sex"}
    recipe = recipe_of("t.csv", parse_groups("sex,age:0/25"), steps=[steps["rates"]], given=given)
    (tmp_path / "r.yaml").write_text(recipe_text(recipe), encoding="utf-8")
    assert load_recipe(tmp_path / "r.yaml")[0] == recipe


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"confidence": 2.0}, "--confidence: must be less than 1"),
        ({"min_n": 1}, "--min-n: must be greater than or equal to 2"),
        ({"seed": -1}, "--seed: must be greater than or equal to 0"),
        ({"confidence": float("nan")}, "--confidence: must be a finite number"),
        ({"epochs": 3}, "--epochs belongs to no step named by --with"),
    ],
)
def test_a_wrong_value_names_its_option(steps, given, message):
    with pytest.raises(UsageError, match=f"^{message}"):
        recipe_of("t.csv", {}, steps=[steps["minoria"]], given=given)


def test_no_data_is_told_by_its_word(steps):
    with pytest.raises(RecipeError, match=r"^DATA: "):
        recipe_of("", {}, steps=[steps["rates"]], given={})


@pytest.mark.parametrize("edge", ["nan", "NaN", "x", ""])
def test_a_bin_edge_is_a_number(steps, edge):
    with pytest.raises(UsageError, match="bin edge that is neither a number nor a date"):
        recipe_of("t.csv", parse_groups(f"age:0/{edge}"), steps=[steps["rates"]], given={})


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--tail", "0.9"], "auditkit: --tail: must be less than"),
        (["--tail", "inf"], "auditkit: --tail: must be a finite number"),
        (["--bootstrap", "7"], "auditkit: --bootstrap: must be greater than or equal to 100"),
    ],
)
def test_a_wrong_option_is_one_sentence_and_nothing_is_written(cli, words, message):
    done = cli("mine", "german_credit", *words, "--as-recipe", "r.yaml")
    assert (done.code, done.out) == (ExitCode.USAGE, "")
    assert done.err.startswith(message)
    assert len(done.err.strip().splitlines()) == 1
    assert not Path("r.yaml").exists()


@pytest.mark.parametrize(
    ("words", "called"),
    [
        ([], Called()),
        (["--help"], Called()),
        (["mine", "--with", "a,b", "--with=b, c"], Called("mine", ("a", "b", "c"))),
        (["power", "t.csv"], Called("power")),
        (["audit", "t.csv", "--with"], Called("audit")),
        (["audit", "--", "--with", "a"], Called("audit")),
    ],
)
def test_the_raw_words_say_which_steps_bring_options(words, called):
    assert read_words(words) == called


def test_a_written_recipe_finds_the_same_files_from_its_folder(cli):
    """A prediction file moves with it; a column and a data set's name do not, though files are called so too."""
    table = pd.DataFrame({"x": range(60), "g": ["a", "b"] * 30, "y": [0, 1, 1] * 20})
    table.to_csv("t.csv", index=False)
    pd.DataFrame({"p": [0, 1] * 30}).to_csv("p.csv", index=False)
    for name in ("y", "g", "x"):
        Path(name).write_text("no table")
    Path("sub").mkdir()
    done = cli(
        "audit", "t.csv", "--target", "y", "--positive", "1", "--pred", "p.csv", "--groups", "g", "--features", "x",
        "--as-recipe", "sub/r.yaml", "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    written, _ = load_recipe(Path("sub/r.yaml"))
    assert (written.data.path, written.data.pred) == ("../t.csv", "../p.csv")
    assert (written.data.target, written.data.features) == ("y", ("x",))
    again = cli("run", "sub/r.yaml", "--json")
    assert again.report["findings"] == done.report["findings"]


def test_a_written_recipe_keeps_the_names_of_data_sets(cli):
    Path("german_credit").mkdir()
    Path("sub").mkdir()
    assert cli("audit", "german_credit", "--groups", "sex", "--as-recipe", "sub/r.yaml").code == 0
    assert load_recipe(Path("sub/r.yaml"))[0].data.path == "german_credit"


def test_open_ended_bins_are_written_and_read(cli):
    done = cli("audit", "german_credit", "--groups", "age:-inf/30/inf", "--as-recipe", "r.yaml", "--json")
    assert done.code == 0, done.err
    assert cli("run", "r.yaml", "--json").report["findings"] == done.report["findings"]


@pytest.mark.parametrize(
    ("seeds", "message"),
    [
        ("1,x", "auditkit: --seeds: 'x' is not a number"),
        ("1,nan", "auditkit: --seeds: must be a finite number"),
    ],
)
def test_a_list_of_numbers_holds_finite_numbers(cli, seeds, message):
    done = cli("audit", "german_credit", "--with", "mime", "--seeds", seeds)
    assert done.code == ExitCode.USAGE
    assert done.err.startswith(message)


def test_no_step_calls_a_parameter_as_an_option_of_auditkit_itself(steps):
    def command(**given):
        return given

    for step in steps.values():
        assert callable(with_declared_options(command, [step]))


@pytest.mark.parametrize("kind", ["finder", "audit", "repair"])
def test_all_steps_of_a_kind_can_be_named_together(cli, kind):
    """Each option has a name of Python's own, whatever its step is called."""
    from auditkit.plugins.host import load_plugins

    command = {"finder": "mine", "audit": "audit", "repair": "repair"}[kind]
    names = [name for name, step in load_plugins().steps.items() if step.kind == kind]
    done = cli(command, "--with", ",".join(names), "--help")
    assert (done.code, done.err) == (0, "")
    if kind == "audit":
        done = cli(command, "t.csv", "--with", "rates,four-fifths", "--four-fifths.bar", "x")
        assert (done.code, "--four-fifths.bar" in done.err) == (2, True)
