"""The JSON Schema accepts what the loader accepts and refuses what it refuses."""

import jsonschema
import pytest

from auditkit.data.bundled.recipes import bundled_recipes
from auditkit.plugins.host import load_plugins
from auditkit.recipe.document import parse_document
from auditkit.recipe.schema import recipe_schema

VALIDATOR = jsonschema.Draft202012Validator(recipe_schema(load_plugins().steps))


@pytest.mark.parametrize("path", bundled_recipes(), ids=lambda path: path.stem)
def test_every_bundled_recipe_fits_the_schema(path):
    VALIDATOR.validate(parse_document(path.read_text()).value)


@pytest.mark.parametrize(
    "change",
    [
        {"sede": 1},
        {"steps": []},
        {"steps": [{"id": "a", "use": "no-such-step"}]},
        {"steps": [{"id": "a", "use": "minoria", "with": {"top": "five"}}]},
        {"steps": [{"id": "a", "use": "minoria", "with": {"topp": 5}}]},
        {"stats": {"confidence": 2}},
        {"data": {"path": "adult", "misssing": "drop"}},
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(change):
    good = {
        "name": "x",
        "data": {"path": "adult"},
        "steps": [{"id": "a", "use": "minoria", "with": {"top": 5}}],
    }
    VALIDATOR.validate(good)
    assert not VALIDATOR.is_valid({**good, **change})


def test_a_recipe_that_extends_another_may_leave_out_what_that_one_has():
    assert VALIDATOR.is_valid({"extends": "base.yaml", "name": "x"})
    assert not VALIDATOR.is_valid({"name": "x"})
    assert not VALIDATOR.is_valid({"extends": "base.yaml", "sede": 1})


@pytest.mark.parametrize(
    ("gate", "good"),
    [
        ({"metric": "tpr", "limit": 0.1}, True),
        ({"metric": "tpr", "compare": "to_rest", "fail_if": "lower_bound > 0.1"}, True),
        ({"metric": "equal_opportunity", "compare": "difference", "limit": 0.1}, True),
        (
            {"metric": "equal_opportunity", "limit": 0.1},
            False,
        ),  # to_rest, the default, is none of its comparisons
        ({"metric": "brier", "compare": "difference", "limit": 0.1}, False),
        ({"metric": "tpr", "limit": 0.1, "fail_if": "lower_bound > 0.1"}, False),
        ({"metric": "tpr"}, False),
    ],
)
def test_the_schema_offers_a_gate_only_what_its_metric_answers(gate, good):
    recipe = {"name": "x", "data": {"path": "adult"}, "steps": [{"id": "a", "use": "rates"}]}
    assert VALIDATOR.is_valid({**recipe, "gates": [{"id": "g", "on": "a", **gate}]}) == good
