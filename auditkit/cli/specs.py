"""The recipe that options amount to, built as values: each spec is checked as one of a recipe file would be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from auditkit.errors import RecipeError, UsageError, nearest
from auditkit.recipe.document import Document
from auditkit.spec.consent import texts_in
from auditkit.spec.data import DataSpec
from auditkit.spec.declared import bare_type, parameters
from auditkit.spec.recipe import Recipe
from auditkit.spec.stats import Stats
from auditkit.spec.step import StepSpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditkit.recipe.document import Place
    from auditkit.recipe.named import Named
    from auditkit.spec.consent import Consent
    from auditkit.spec.declared import Parameter
    from auditkit.step.step import Step

T = TypeVar("T")


@dataclass(frozen=True)
class CommandLine(Document):
    """Options as a document: what is wrong in it is told by the option's name."""

    value: Any = None

    def error(self, place: Place, message: str) -> RecipeError:
        """Return an error that names the option at a place."""
        where = ".".join(map(str, place))
        said = message.removeprefix(f"{where}: ")
        return RecipeError(f"{option_name(str(place[0]))}: {said}" if place else said)


def option_name(field: str) -> str:
    """Return how a field is written on the command line."""
    return "DATA" if field == "path" else f"--{field.replace('_', '-')}"


def recipe_of(
    data: str, groups: str | None, *, steps: Sequence[type[Step[Any]]], given: Mapping[str, Any]
) -> Recipe:
    """Return the recipe of these steps on this data; `given` holds the options that were set, by field.

    A step's option of a field's name is the step's. Raises UsageError, or RecipeError that names the option.
    """
    from auditkit.recipe.groups import parse_groups

    of_steps = {p.name for step in steps for p in parameters(step.Params)}
    told = {name: value for name, value in given.items() if name not in of_steps}
    _refuse_strangers(told, of_steps)
    return Recipe(
        name=f"{Path(data).stem or data}: {', '.join(step.name for step in steps)}",
        data=spec_of(DataSpec, {**told, "path": data}),
        groups=parse_groups(groups) if groups else {},
        stats=spec_of(Stats, told),
        steps=tuple(
            StepSpec(id=step.name, use=step.name, with_=fields_given(step.Params, given)) for step in steps
        ),
    )


def told_by_options(recipe: Recipe, groups: str | None, *, consent: Consent) -> Named:
    """Return a recipe that options made: all that its data and its steps name was said on the command line."""
    from auditkit.recipe.groups import group_files
    from auditkit.recipe.named import Named
    from auditkit.recipe.write import recipe_document

    written = recipe_document(recipe)
    said = frozenset(texts_in([written["data"], written["steps"]]))
    document = CommandLine(read=group_files(groups or ""))
    return Named(recipe, document, Path("command line"), replace(consent, said=said))


def spec_of(kind: type[T], given: Mapping[str, Any]) -> T:
    """Return the spec that those of the options make that are its fields, or raise RecipeError."""
    from auditkit.recipe.validation import validate

    return validate(kind, CommandLine(fields_given(kind, given)))


def fields_given(kind: type[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that are fields of a dataclass, as a recipe would write them."""
    return {p.name: _written(p, given[p.name]) for p in parameters(kind) if p.name in given}


def _refuse_strangers(told: Mapping[str, Any], of_steps: set[str]) -> None:
    """Raise UsageError for an option of a step that --with does not name."""
    strangers = set(told) - {p.name for kind in (DataSpec, Stats) for p in parameters(kind)}
    if strangers:
        word = min(strangers)
        message = f"{option_name(word)} belongs to no step named by --with{nearest(word, of_steps)}"
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
