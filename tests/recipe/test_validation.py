"""Plain data becomes frozen dataclasses, or an error that points into the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Annotated, Any, Literal

import pytest
from annotated_doc import Doc
from annotated_types import Gt, Lt

from auditkit.errors import RecipeError
from auditkit.recipe.document import Document, parse_document
from auditkit.recipe.validation import validate
from auditkit.spec.declared import OpenEnded, parameters


@dataclass(frozen=True, kw_only=True)
class Inner:
    size: Annotated[float, Gt(0), Lt(1), Doc("a share")] = 0.5
    with_: Annotated[Mapping[str, int], Doc("more")] = None  # type: ignore[assignment]


@dataclass(frozen=True, kw_only=True)
class Outer:
    name: str
    kind: Literal["holm", "none"] = "holm"
    inners: tuple[Inner, ...] = ()
    by_name: Mapping[str, Inner] = None  # type: ignore[assignment]
    bins: tuple[float, ...] | None = None
    open: Annotated[tuple[float, ...] | None, OpenEnded(), Doc("edges")] = None
    anything: Mapping[str, Any] = None  # type: ignore[assignment]
    version: Literal[1] = 1


def refusal(text: str) -> str:
    with pytest.raises(RecipeError) as caught:
        validate(Outer, parse_document(text, file="r.yaml"))
    return str(caught.value)


def test_nested_data_becomes_frozen_values_with_tuples():
    text = "name: x\ninners: [{size: 0.25, with: {a: 1}}]\nby_name: {k: {size: 0.1}}\nbins: [0, 1.5]"
    made = validate(Outer, parse_document(text))
    expected = Outer(
        name="x", inners=(Inner(size=0.25, with_={"a": 1}),), by_name={"k": Inner(size=0.1)}, bins=(0.0, 1.5)
    )
    assert made == expected


def test_an_unknown_key_names_the_nearest_one_and_its_place():
    assert refusal("name: x\ninners:\n- {sise: 1}") == (
        "r.yaml:3:4: unknown key 'sise' in inners.0; did you mean 'size'?"
    )
    assert "unknown key 'sise' in by_name.k" in refusal("name: x\nby_name: {k: {sise: 1}}")


def test_a_missing_key_is_named():
    assert refusal("kind: holm") == "r.yaml:1:1: name: 'name' is required"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: 3", "valid string, got 3"),
        ("name: x\ninners: [{size: true}]", "valid number, got True"),
        ("name: x\ninners: [{size: '0.5'}]", "valid number, got '0.5'"),
        ("name: x\ninners: [{size: 1}]", "must be less than 1, got 1"),
        ("name: x\nkind: hlm", "'holm' or 'none', got 'hlm'; did you mean 'holm'?"),
        ("name: x\ninners: {size: 1}", "got {'size': 1}"),
        ("name: x\ninners: [5]", "expected keys and values, got 5"),
        ("name: x\nbins: [.inf]", "r.yaml:2:8: bins.0: must be a finite number, got inf"),
        ("name: x\ninners: [{size: 0.5}, {size: .nan}]", "r.yaml:2:24: inners.1.size: must be a finite"),
        ("name: x\nopen: [0, .nan]", "r.yaml:2:11: open.1: must be a finite number, got nan"),
        ("name: x\nanything: {a: {b: [1, -.inf]}}", "r.yaml:2:23: anything.a.b.1: must be a finite"),
        ("name: x\nversion: '1'", "r.yaml:2:1: version: must be 1, got '1'"),
    ],
)
def test_wrong_types_and_values_are_refused_in_words(text, says):
    assert says in refusal(text)


def test_an_open_ended_field_takes_infinite_numbers():
    assert validate(Outer, parse_document("name: x\nopen: [-.inf, 0, .inf]")).open == (-inf, 0, inf)


def test_a_word_that_is_known_is_not_offered_as_its_own_correction():
    assert "did you mean" not in refusal("name: x\nversion: '1'")
    assert "known" not in refusal("name: x\nversion: '1'")


def test_text_that_utf8_cannot_hold_is_refused():
    with pytest.raises(RecipeError, match=r"^name: 'a\\udcff' is not UTF-8 text$"):
        validate(Outer, Document({"name": "a\udcff"}))


def test_a_value_without_a_file_is_refused_without_a_place():
    with pytest.raises(RecipeError, match=r"^size: must be greater than 0, got -1$"):
        validate(Inner, Document({"size": -1}))


def test_parameters_carry_type_help_default_and_bounds():
    first = parameters(Inner)[0]
    assert (first.name, first.type, first.help, first.default) == ("size", float, "a share", 0.5)
    assert len(first.bounds) == 2
    assert parameters(Inner)[1].name == "with"
