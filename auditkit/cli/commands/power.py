"""`auditkit power`: the rows that a recipe's gates need of each group, or rates in general, or a step."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditkit.cli.console.progress import Progress
from auditkit.cli.console.terminal import print_whole, shown, tell, terminal_width
from auditkit.cli.execute import plan_of
from auditkit.cli.listing import AsJson
from auditkit.cli.options import with_declared_options
from auditkit.cli.shared import AllowCode, AllowOutside, AllowPickle, Changes, Groups, Tags, With, joined
from auditkit.cli.summaries import POWER
from auditkit.cli.words import step_names
from auditkit.errors import UsageError
from auditkit.recipe.options import option_name, recipe_of, told_by_options
from auditkit.spec.consent import Consent
from auditkit.values.shown.hidden import without_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditkit.plugins.host import Host
    from auditkit.running.power.answer import Answer
    from auditkit.step.step import Step
    from auditkit.values.shown.exhibit import Table

RECIPES = (".yaml", ".yml")
DataOrRecipe = Annotated[
    str | None,
    typer.Argument(
        help="a file, a bundled name such as adult, a loader's scheme, or a recipe's .yaml", metavar="DATA"
    ),
]
RecipeName = Annotated[
    str | None,
    typer.Option("--recipe", help="a recipe whose gates are to decide: a file, or a name", metavar="RECIPE"),
]
Gap = Annotated[
    float | None,
    typer.Option(
        "--gap",
        help="the true gap that should be found [default: 0.1; of a gate, 0.1 beyond its limit, or twice the limit "
        "where the number is no share]",
    ),
]


def power_command(host: Host, called: Sequence[str]) -> Callable[..., Any]:
    """Return the command, with the options of the steps that were called."""
    wanted = [host.steps[name] for name in called if name in host.steps]

    def command(
        data: DataOrRecipe = None,
        recipe: RecipeName = None,
        with_: With = None,
        groups: Groups = None,
        gap: Gap = None,
        change: Changes = None,
        when: Tags = None,
        as_json: AsJson = False,
        allow_pickle: AllowPickle = False,
        allow_code: AllowCode = False,
        allow_outside: AllowOutside = False,
        **given: Any,
    ) -> None:
        from auditkit.recipe.groups import parse_groups
        from auditkit.recipe.named import named_recipe
        from auditkit.running.power.answer import answer

        if recipe is None and data is not None and data.endswith(RECIPES):
            data, recipe = None, data
        consent = Consent(allow_pickle=allow_pickle, allow_code=allow_code, allow_outside=allow_outside)
        _check_gap(gap, highest=1.0 if recipe is None else math.inf)
        if recipe is not None:
            _refuse_beside_recipe(data=data, with_=with_, groups=groups, **given)
            found = named_recipe(recipe, host.recipes, changes=change or (), consent=consent)
            plan = plan_of(found, host, when=tuple(when or ()))
        else:
            _refuse_without_recipe(change=change, when=when)
            steps = _that_answer(data, [host.step(name) for name in step_names(with_ or ())])
            told = recipe_of(str(data), parse_groups(joined(groups)), steps=steps, given=given)
            plan = plan_of(told_by_options(told, joined(groups), consent=consent), host)
        _show(answer(plan, gap=gap, observer=Progress()), as_json=as_json)

    recipes = "With a recipe, for each of its gates and groups"
    command.__doc__ = f"{POWER}\n\n{recipes}; with --with, what that step needs instead."
    return with_declared_options(command, wanted)


def _check_gap(gap: float | None, *, highest: float) -> None:
    """Raise UsageError for a gap that no rate, or no number at all, can have."""
    if gap is not None and not 0 < gap < highest:
        where = f"between 0 and {highest:g}" if math.isfinite(highest) else "above 0"
        message = f"--gap {gap:g} must lie {where}"
        raise UsageError(message)


def _that_answer(data: str | None, steps: list[type[Step[Any]]]) -> list[type[Step[Any]]]:
    """Return the steps; raise UsageError where no data are named, or for a step that cannot say what it needs."""
    from auditkit.running.power.answer import answers, silent

    if data is None:
        message = "name the data, or a recipe whose gates are to decide"
        raise UsageError(message)
    for step in steps:
        if not answers(step):
            raise UsageError(silent(step.name))
    return steps


def _refuse_beside_recipe(**given: Any) -> None:
    """Raise UsageError for an option that says what the recipe says."""
    for name, value in given.items():
        if value is not None:
            word = option_name("path" if name == "data" else name.rstrip("_"))
            message = f"{word} stands beside a recipe, which says it already; change the recipe with --set"
            raise UsageError(message)


def _refuse_without_recipe(**given: Sequence[str] | None) -> None:
    """Raise UsageError for an option that only a recipe gives a meaning to."""
    words = {"change": "--set", "when": "--when"}
    for name, value in given.items():
        if value:
            message = f"{words[name]} needs a recipe: --recipe NAME"
            raise UsageError(message)


def _show(found: Answer, *, as_json: bool) -> None:
    if as_json:
        print_whole(_as_json(found))
        return
    print_whole(shown("\n".join(_as_text(table) for table in found.tables)))
    for note in found.notes:
        tell(f"{note[:1].upper()}{note[1:]}.")


def _as_json(found: Answer) -> str:
    from auditkit.values.report import SCHEMA_VERSION

    document = {
        "schema_version": SCHEMA_VERSION,
        "tables": [asdict(table) for table in found.tables],
        "notes": list(found.notes),
    }
    return without_marks(json.dumps(document, ensure_ascii=False, indent=1)) + "\n"


def _as_text(table: Table) -> str:
    from auditkit.render.text.listing import table as listing

    rows = [
        {name: _cell(value) for name, value in zip(table.columns, row, strict=True)} for row in table.rows
    ]
    caption = f"{table.caption}\n" if table.caption else ""
    return f"{table.title}\n\n{listing(rows, width=terminal_width())}\n{caption}"


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool() | str():
            return str(value)
        case int():
            return f"{value:,}"
        case _:
            return f"{value:.6g}"
