"""Bounds that make no sense are the plugin's fault, told as it loads and not when somebody runs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from annotated_doc import Doc
from annotated_types import Ge, Gt, Interval, Le, Len, Lt, MaxLen, MinLen, MultipleOf

from auditkit import Audit, PluginError
from auditkit.plugins.host import load_plugins
from auditkit.plugins.offers import handed_over

NOTE = Doc("a parameter")


def step_with(hint, *default):
    """Return an audit with one parameter of this type and default."""
    body = {"__annotations__": {"top": hint}, **({"top": default[0]} if default else {})}
    params = dataclass(frozen=True)(type("Made", (), body))
    words = {"name": "made", "title": "t", "method": "m", "Params": params, "run": lambda *_: ()}
    return type("MadeStep", (Audit,), words)


WRONG = {
    "the wrong way round": (Annotated[int, Ge(5), Le(3), NOTE], 4, "has bounds that nothing keeps"),
    "nothing between": (Annotated[float, Gt(0), Lt(0), NOTE], 0.0, "has bounds that nothing keeps"),
    "one end open": (Annotated[float, Gt(1), Le(1), NOTE], 1.0, "has bounds that nothing keeps"),
    "an interval": (Annotated[float, Interval(ge=1, le=0), NOTE], 1.0, "has bounds that nothing keeps"),
    "lengths": (Annotated[str, MinLen(3), MaxLen(2), NOTE], "abc", "has bounds that nothing keeps"),
    "a negative length": (Annotated[str, MaxLen(-1), NOTE], "", "has bounds that nothing keeps"),
    "a word": (Annotated[int, Ge("low"), NOTE], 1, "has a bound that is no number: ge 'low'"),
    "not a number": (Annotated[float, Le(float("nan")), NOTE], 1.0, "has a bound that is no number: le nan"),
    "of text": (Annotated[str, Ge(1), NOTE], "a", "has bounds of a number, and is str"),
    "of a switch": (Annotated[bool, Le(1), NOTE], True, "has bounds of a number, and is bool"),
    "of a list": (Annotated[tuple[int, ...], Ge(1), NOTE], (1,), "has bounds of a number"),
    "the length of a number": (Annotated[int, MinLen(1), NOTE], 1, "has bounds of a length, and is int"),
    "a default below": (Annotated[int, Ge(1), NOTE], 0, "has the default 0, which its bounds refuse"),
    "a default at an open end": (Annotated[float, Lt(1), NOTE], 1.0, "has the default 1.0, which its"),
    "a default of another type": (Annotated[int, Ge(1), NOTE], "1", "has the default '1', which its bounds"),
    "a default too short": (Annotated[tuple[str, ...], MinLen(1), NOTE], (), "has the default (), which its"),
    "a default of no word": (
        Annotated[Literal["a", "b"], NOTE],
        "c",
        "has the default 'c', which is none of",
    ),
    "multiples of nothing": (
        Annotated[int, MultipleOf(0), NOTE],
        1,
        "must be a multiple of a number above 0",
    ),
    "a type of its own": (Annotated[Audit, NOTE], None, "is of type Audit, which no recipe can write"),
    "a path": (Annotated[Path, NOTE], None, "is of type Path, which no recipe can write"),
    "a path or nothing": (Annotated[Path | None, NOTE], None, "is of type Path, which no recipe can write"),
    "a set": (Annotated[set[str], NOTE], None, "is of type set, which no recipe can write"),
    "complex numbers": (Annotated[tuple[complex, ...], NOTE], (), "is of type complex, which no recipe"),
    "no multiple": (Annotated[int, MultipleOf(2), NOTE], 3, "has the default 3, which its bounds refuse"),
}


@pytest.mark.parametrize("case", WRONG)
def test_bounds_that_make_no_sense_are_told_as_the_plugin_loads(case):
    hint, default, words = WRONG[case]
    with pytest.raises(PluginError) as caught:
        handed_over("audits", [step_with(hint, default)])
    assert f"step made: parameter 'top' {words}" in str(caught.value)


@pytest.mark.parametrize(
    ("hint", "default"),
    [
        (Annotated[int, Ge(3), Le(3), NOTE], 3),
        (Annotated[float | None, Gt(0), Lt(1), NOTE], None),
        (Annotated[str, Len(1, 3), NOTE], "ab"),
        (Annotated[tuple[int, ...], MinLen(1), MaxLen(4), NOTE], (1, 2)),
        (Annotated[int, MultipleOf(2), NOTE], 4),
        (Annotated[Literal["a", "b"], NOTE], "b"),
        (Annotated[bool, NOTE], False),
        (Annotated[Any, NOTE], None),
        (Annotated[tuple[Annotated[str, MinLen(1)], ...] | None, NOTE], None),
        (Annotated[Mapping[str, float | str] | None, NOTE], None),
        (Annotated[int | Literal["auto"], NOTE], "auto"),
    ],
)
def test_bounds_that_make_sense_are_kept(hint, default):
    assert handed_over("audits", [step_with(hint, default)])
    assert handed_over("audits", [step_with(hint)])


def test_a_default_that_is_made_anew_is_looked_at_too():
    @dataclass(frozen=True)
    class Made:
        top: Annotated[tuple[int, ...], MinLen(1), NOTE] = field(default_factory=tuple)

    with pytest.raises(PluginError, match="which its bounds refuse"):
        handed_over("audits", [type("S", (step_with(Annotated[int, NOTE], 1),), {"Params": Made})])


def test_every_plugin_that_comes_along_has_bounds_that_make_sense():
    assert not load_plugins().set_aside
