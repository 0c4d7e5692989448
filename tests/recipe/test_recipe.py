"""Recipes: extends, variables, --set, and errors that point into the file."""

import textwrap

import pytest

from auditkit.errors import RecipeError, UsageError
from auditkit.recipe.read import find_recipe, load_recipe
from auditkit.spec.groups import GroupSpec

GOOD = """
version: 1
name: adult-income
data: {path: adult, target: income}
groups:
  sex: {column: sex}
  age: {column: age, bins: [0, 25, 120]}
  max_order: 3
  min_n: 50
stats: {seed: 7}
steps:
  - {id: rates, use: rates}
  - {id: hidden, use: minoria, with: {top: 5}}
gates:
  - {id: tpr, on: rates, metric: tpr, fail_if: "lower_bound > 0.10"}
"""


def write(folder, text, name="r.yaml"):
    path = folder / name
    path.write_text(textwrap.dedent(text).lstrip())
    return path


def refusal(folder, text, **options):
    with pytest.raises(UsageError) as caught:
        load_recipe(write(folder, text), **options)
    return str(caught.value).replace(str(folder), "")


def test_a_recipe_becomes_its_frozen_form(tmp_path):
    recipe, _ = load_recipe(write(tmp_path, GOOD))
    assert recipe.groups == {
        "sex": GroupSpec(column="sex"),
        "age": GroupSpec(column="age", bins=(0, 25, 120)),
    }
    assert (recipe.stats.max_order, recipe.stats.min_n, recipe.stats.seed) == (3, 50, 7)
    assert recipe.steps[1].with_ == {"top": 5}
    assert recipe.gates[0].compare == "to_rest"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("seed: 7", "sede: 7", "/r.yaml:9:9: unknown key 'sede' in stats; did you mean 'seed'?"),
        (
            "on: rates",
            "on: rats",
            "/r.yaml:14:15: gate 'tpr' is on 'rats', which is no step; did you mean 'rates'?",
        ),
        ("id: hidden", "id: rates", "/r.yaml:12:5: steps.1: id 'rates' appears twice"),
        ("version: 1", "version: 2", "/r.yaml:1:1: version: must be 1, got 2"),
        ("column: sex", "column: 3", "/r.yaml:5:9: groups.sex.column: must be a valid string, got 3"),
        ("min_n: 50", "min_n: 1", "/r.yaml:8:3: stats.min_n: must be greater than or equal to 2, got 1"),
    ],
)
def test_errors_point_at_line_and_column(tmp_path, old, new, says):
    assert refusal(tmp_path, GOOD.replace(old, new)) == says


def test_a_recipe_that_is_a_list_is_refused(tmp_path):
    assert "a recipe is a mapping" in refusal(tmp_path, "- a\n- b\n")


def test_a_recipe_without_steps_is_refused(tmp_path):
    assert "'steps' is required" in refusal(tmp_path, "name: x\ndata: {path: adult}\n")
    assert "steps" in refusal(tmp_path, "name: x\ndata: {path: adult}\nsteps: []\n")


def test_set_changes_keys_and_finds_steps_by_id(tmp_path):
    changes = ["steps.hidden.with.tail=0.01", "stats.seed=3", "gates.tpr.warn_if=lower_bound > 0.05"]
    recipe, _ = load_recipe(write(tmp_path, GOOD), changes=changes)
    assert recipe.steps[1].with_ == {"top": 5, "tail": 0.01}
    assert recipe.stats.seed == 3
    assert recipe.gates[0].warn_if == "lower_bound > 0.05"


def test_set_names_the_nearest_id(tmp_path):
    assert "did you mean 'hidden'" in refusal(tmp_path, GOOD, changes=["steps.hiden.with.top=3"])
    assert "write key.path=value" in refusal(tmp_path, GOOD, changes=["steps"])


def test_variables_keep_their_type_and_fill_text(tmp_path, monkeypatch):
    monkeypatch.setenv("AUDIT_DATA", "adult")
    text = GOOD.replace("version: 1", "version: 1\nvars: {top: 3, who: me}")
    text = text.replace("top: 5", 'top: "${vars.top}"').replace("name: adult-income", "name: for ${vars.who}")
    text = text.replace("path: adult", 'path: "${env.AUDIT_DATA}"')
    recipe, _ = load_recipe(write(tmp_path, text))
    assert (recipe.steps[1].with_, recipe.name, recipe.data.path) == ({"top": 3}, "for me", "adult")


def test_an_undefined_variable_is_named_with_its_place(tmp_path):
    text = GOOD.replace("top: 5", 'top: "${vars.tpo}"').replace("version: 1", "vars: {top: 3}\nversion: 1")
    assert refusal(tmp_path, text) == "/r.yaml:13:39: ${vars.tpo} is not defined; did you mean 'top'?"
    monkey = GOOD.replace("path: adult", 'path: "${env.AUDITKIT_NO_SUCH}"')
    assert "set it before the run" in refusal(tmp_path, monkey)


def test_extends_lays_one_recipe_over_another_by_id(tmp_path):
    write(tmp_path, GOOD, "base.yaml")
    child = "extends: base.yaml\nname: child\nsteps:\n  - {id: hidden, use: minoria.sweep}\n  - {id: new, use: rates}\n"
    recipe, _ = load_recipe(write(tmp_path, child))
    assert recipe.name == "child"
    assert [(s.id, s.use) for s in recipe.steps] == [
        ("rates", "rates"),
        ("hidden", "minoria.sweep"),
        ("new", "rates"),
    ]
    assert recipe.steps[1].with_ == {"top": 5}


def test_extends_in_a_circle_or_of_nothing_is_refused(tmp_path):
    write(tmp_path, "extends: r.yaml\n", "b.yaml")
    assert "extends this file in turn" in refusal(tmp_path, "extends: b.yaml\n")
    assert "there is no file 'none.yaml'" in refusal(tmp_path, "extends: none.yaml\n")


def test_a_recipe_is_found_by_path_or_name_else_the_nearest_is_named(tmp_path):
    path = write(tmp_path, GOOD, "adult.yaml")
    assert find_recipe(str(path), ()) == path
    assert find_recipe("adult", (path,)) == path
    with pytest.raises(UsageError, match="did you mean 'adult'"):
        find_recipe("adlut", (path,))
    with pytest.raises(UsageError, match="is a folder; name a file in it"):
        find_recipe(str(tmp_path), ())
    assert issubclass(RecipeError, UsageError)
