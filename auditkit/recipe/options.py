"""The recipe that options amount to, built as values: each spec is checked as one of a recipe file would be."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from auditkit.errors import RecipeError, UsageError, nearest
from auditkit.recipe.document import Document
from auditkit.spec.alternatives import AlternativesSpec
from auditkit.spec.consent import texts_in
from auditkit.spec.data import DataSpec
from auditkit.spec.declared import bare_type, parameters
from auditkit.spec.recipe import Recipe
from auditkit.spec.stats import Stats
from auditkit.spec.step import StepSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from auditkit.recipe.document import Place
    from auditkit.recipe.named import Named
    from auditkit.spec.consent import Consent
    from auditkit.spec.declared import Parameter
    from auditkit.spec.groups import GroupSpec
    from auditkit.step.step import Step

T = TypeVar("T")
_GATE = re.compile(r"\Agate '.*?': ", re.DOTALL)
_KEY = re.compile(r"data\.(\w+):( \S+(?= if))?")
"""A key of recipes within a sentence, with its value where one is proposed: `data.favourable: 1 if`."""


def option_name(field: str) -> str:
    """Return how a field is written on the command line."""
    return "DATA" if field == "path" else f"--{field.replace('_', '-')}"


@dataclass(frozen=True)
class Options(Document):
    """Options as a document: what is wrong in it is told by the option's name, as `word` writes it."""

    value: Any = None
    word: Callable[[str], str] = option_name

    def error(self, place: Place, message: str) -> RecipeError:
        """Return an error that names the option at a place."""
        where = ".".join(map(str, place))
        said = message.removeprefix(f"{where}: ")
        match place:
            case ("gates", int(), str() as key):
                return self._of_gate(key, _GATE.sub("", said))
            case ("data", str() as field) | ("steps", int(), "with", str() as field) | (str() as field, *_):
                return RecipeError(f"{self.word(field)}: {said}")
        return RecipeError(said)

    def _of_gate(self, key: str, said: str) -> RecipeError:
        """Return an error of a gate that --margin made: it has no line, and its metrics are named by --metrics."""
        told = _KEY.sub(lambda found: f"{self.word(found[1])}{found[2] or ''}", said)
        option = "metrics" if key == "metric" and told == said else "margin"
        return RecipeError(f"{self.word(option)}: {told}")


def recipe_of(
    data: str,
    groups: Mapping[str, GroupSpec],
    *,
    steps: Sequence[type[Step[Any]]],
    given: Mapping[str, Any],
    word: Callable[[str], str] = option_name,
) -> Recipe:
    """Return the recipe of these steps on this data; `given` holds the options that were set, by field.

    A step's option of a field's name is the step's. Raises UsageError, or RecipeError that names the option as `word`
    writes it.
    """
    of_steps = {p.name for step in steps for p in parameters(step.Params)}
    of_steps |= {f"{step.name}.{p.name}" for step in steps for p in parameters(step.Params)}
    told = {name: value for name, value in given.items() if name not in of_steps}
    _refuse_strangers(told, of_steps, word)
    return Recipe(
        name=f"{Path(data).stem or data}: {', '.join(step.name for step in steps)}",
        data=spec_of(DataSpec, {**told, "path": data}, word=word),
        groups=groups,
        stats=spec_of(Stats, told, word=word),
        steps=tuple(
            StepSpec(id=step.name, use=step.name, with_=fields_given(step.Params, _for(step, given)))
            for step in steps
        ),
    )


def beside(recipe: Recipe, *, kind: str, limit: str | None = None) -> Recipe:
    """Return the recipe of options with its repairs as alternatives, where there are several or a limit chooses."""
    if kind != "repair" or (len(recipe.steps) < 2 and limit is None):
        return recipe
    held_out = next((step.with_["held_out"] for step in recipe.steps if "held_out" in step.with_), None)
    spec = AlternativesSpec(limit=limit)
    return replace(recipe, alternatives=spec if held_out is None else replace(spec, held_out=held_out))


def _for(step: type[Step[Any]], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options as one step reads them: what is given as STEP.PARAMETER is for it alone."""
    own = f"{step.name}."
    return {
        **given,
        **{name.removeprefix(own): value for name, value in given.items() if name.startswith(own)},
    }


def told_by_options(
    recipe: Recipe, groups: str | None, *, consent: Consent, word: Callable[[str], str] = option_name
) -> Named:
    """Return a recipe that options made: all that its data and its steps name was said by who gave them."""
    from auditkit.recipe.groups import group_files
    from auditkit.recipe.named import Named
    from auditkit.recipe.write import recipe_document

    written = recipe_document(recipe)
    said = frozenset(texts_in([written["data"], written.get("steps")]))
    document = Options(read=group_files(groups or ""), word=word)
    return Named(recipe, document, Path("options"), replace(consent, said=said), Path(), Path())


def spec_of(kind: type[T], given: Mapping[str, Any], *, word: Callable[[str], str] = option_name) -> T:
    """Return the spec that those of the options make that are its fields, or raise RecipeError."""
    from auditkit.recipe.validation import validate

    return validate(kind, Options(fields_given(kind, given), word=word))


def fields_given(kind: type[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that are fields of a dataclass, as a recipe would write them."""
    return {p.name: _written(p, given[p.name]) for p in parameters(kind) if p.name in given}


def _refuse_strangers(told: Mapping[str, Any], of_steps: set[str], word: Callable[[str], str]) -> None:
    """Raise UsageError for an option of a step that was not named."""
    strangers = set(told) - {p.name for kind in (DataSpec, Stats) for p in parameters(kind)}
    if strangers:
        name = min(strangers)
        message = f"{word(name)} belongs to no step named by {word('with')}{nearest(name, of_steps)}"
        raise UsageError(message)


def _written(parameter: Parameter, value: Any) -> Any:
    """Return an option's text as the list that its field declares."""
    kind = bare_type(parameter.type)
    if get_origin(kind) is tuple and isinstance(value, str):
        inner = get_args(kind)[0]
        items = [item.strip() for item in value.split(",") if item.strip()]
        return [_number(item, parameter.name) for item in items] if inner in {int, float} else items
    return value


def _number(text: str, name: str) -> int | float:
    try:
        return int(text) if text.lstrip("+-").isdigit() else float(text)
    except ValueError as error:
        message = f"{option_name(name)}: '{text}' is not a number"
        raise UsageError(message) from error
