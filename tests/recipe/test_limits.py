"""Counts, seeds, thresholds and names have limits that a recipe's line, or an option, is held against."""

import pytest

from auditkit.errors import RecipeError, UsageError
from auditkit.recipe.read import load_recipe

RECIPE = """\
name: a
data: {path: adult}
stats: {bootstrap: 2000, seed: 0, min_n: 30, max_order: 2, confidence: 0.95}
steps: [{id: r, use: rates}]
gates: [{id: g, on: r, metric: tpr, limit: 0.1}]
"""
N = "n" * 201
BEYOND = [
    ("bootstrap: 2000", "bootstrap: 1000001", "stats.bootstrap: must be less than or equal to 1000000"),
    (
        "bootstrap: 2000",
        "bootstrap: 10000000000000",
        "stats.bootstrap: must be less than or equal to 1000000",
    ),
    ("bootstrap: 2000", "bootstrap: 1e5", "stats.bootstrap: must be a valid integer"),
    ("bootstrap: 2000", "bootstrap: 1e30", "stats.bootstrap: must be a valid integer"),
    ("bootstrap: 2000", "bootstrap: 1" + "0" * 40, "is too large a number"),
    ("seed: 0", "seed: 4294967296", "stats.seed: must be less than or equal to 4294967295"),
    ("seed: 0", "seed: -1", "stats.seed: must be greater than or equal to 0"),
    ("min_n: 30", "min_n: 1000001", "stats.min_n: must be less than or equal to 1000000"),
    ("max_order: 2", "max_order: 11", "stats.max_order: must be less than or equal to 10"),
    ("confidence: 0.95", "confidence: .nan", "stats.confidence: must be a finite number, got nan"),
    ("confidence: 0.95", "confidence: 1", "stats.confidence: must be less than 1"),
    ("limit: 0.1", "limit: .inf", "gates.0.limit: must be a finite number, got inf"),
    ("limit: 0.1", "limit: 1e999", "1e999 is too large a number"),
    ("id: r,", f"id: {N},", "steps.0.id: string should have at most 200 characters"),
    ("id: g,", f"id: {N},", "gates.0.id: string should have at most 200 characters"),
    ("name: a", f"name: {'n' * 1001}", "name: string should have at most 1000 characters"),
    ("name: a", "name: ''", "name: string should have at least 1 character"),
]


@pytest.mark.parametrize(("old", "new", "words"), BEYOND)
def test_what_passes_a_limit_is_refused_at_its_line(tmp_path, old, new, words):
    assert old in RECIPE
    path = tmp_path / "r.yaml"
    path.write_text(RECIPE.replace(old, new))
    line = RECIPE[: RECIPE.index(old)].count("\n") + 1
    with pytest.raises(RecipeError) as caught:
        load_recipe(path)
    assert str(caught.value).startswith(f"{path}:{line}:")
    assert words in str(caught.value)


@pytest.mark.parametrize("parts", [51, 300, 5000, 100_000])
def test_a_key_of_set_has_as_many_parts_as_a_recipe_has_levels(tmp_path, parts):
    path = tmp_path / "r.yaml"
    path.write_text(RECIPE)
    with pytest.raises(UsageError, match="at most 50 parts"):
        load_recipe(path, changes=[".".join(["steps", *["a"] * (parts - 1)]) + "=1"])


@pytest.mark.parametrize("depth", [60, 300, 5000])
def test_a_value_of_set_is_as_deep_as_a_recipe_may_be(tmp_path, depth):
    path = tmp_path / "r.yaml"
    path.write_text(RECIPE)
    with pytest.raises(RecipeError, match="nested more than 50 deep"):
        load_recipe(path, changes=["steps.r.with=" + "[" * depth + "]" * depth])
