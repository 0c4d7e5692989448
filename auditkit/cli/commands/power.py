"""`auditkit power`: rows that each group needs before a gate can decide, or what a step says it needs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditkit.cli.execute import warn_of_broken
from auditkit.cli.listing import AsJson
from auditkit.cli.options import with_declared_options
from auditkit.cli.shared import Data, Groups, With
from auditkit.cli.specs import fields_given, recipe_of
from auditkit.cli.summaries import POWER
from auditkit.cli.terminal import terminal_width
from auditkit.cli.words import step_names
from auditkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditkit.plugins.host import Host
    from auditkit.spec.recipe import Recipe
    from auditkit.step.step import Step
    from auditkit.values.exhibit import Table

Gap = Annotated[
    float, typer.Option("--gap", help="the gap that should be found, a share above 0 and below 1")
]


def power_command(host: Host, called: Sequence[str]) -> Callable[..., Any]:
    """Return the command, with the options of the steps that the arguments name."""
    wanted = [host.steps[name] for name in called if name in host.steps]

    def command(
        data: Data,
        with_: With = None,
        groups: Groups = None,
        gap: Gap = 0.1,
        as_json: AsJson = False,
        **given: Any,
    ) -> None:
        if not 0 < gap < 1:
            message = f"--gap {gap:g} must lie between 0 and 1"
            raise UsageError(message)
        warn_of_broken(host)
        steps = [host.step(name) for name in step_names(with_ or ())]
        recipe = recipe_of(data, groups, steps=steps, given=given)
        tables = _tables(recipe, steps, host, gap=gap, given=given)
        typer.echo(_as_json(tables) if as_json else "\n".join(_as_text(table) for table in tables), nl=False)

    command.__doc__ = f"{POWER}\n\nWith --with, what that step needs instead."
    command.__name__ = "power"
    return with_declared_options(command, wanted)


def _tables(
    recipe: Recipe,
    steps: Sequence[type[Step[Any]]],
    host: Host,
    *,
    gap: float,
    given: dict[str, Any],
) -> list[Table]:
    """Return the general table, or one for each step that was named."""
    from auditkit.data.subjects import load
    from auditkit.groups.cut import group_by
    from auditkit.running.power import power_table

    subject = load(
        recipe.data, datasets=host.datasets, loaders=host.loaders, models=host.models, folder=Path()
    )
    subject, stats = group_by(subject, recipe.groups), recipe.stats
    if not steps:
        return [power_table(subject, stats, gap=gap)]
    return [_of_step(step, subject, stats, gap=gap, given=given) for step in steps]


def _of_step(step: type[Step[Any]], subject: Any, stats: Any, *, gap: float, given: dict[str, Any]) -> Table:
    from tempfile import TemporaryDirectory

    from auditkit.recipe.document import Document
    from auditkit.recipe.validation import validate
    from auditkit.running.context import RunContext
    from auditkit.running.ledger import Ledger, Observer
    from auditkit.running.parameter_files import with_paths

    told: Any = validate(step.Params, Document(fields_given(step.Params, given)))
    params = with_paths(told, folder=Path(), step=step.name)
    with TemporaryDirectory(prefix="auditkit-") as folder:
        context = RunContext(stats, step.name, Ledger(), Observer(), Path(folder))
        table = step().power(subject, params, context, gap=gap)
    if table is None:
        message = f"{step.name} does not say how many rows it needs; without --with, power answers for rates"
        raise UsageError(message)
    return table


def _as_json(tables: Sequence[Table]) -> str:
    from auditkit.values.report import SCHEMA_VERSION

    document = {"schema_version": SCHEMA_VERSION, "tables": [asdict(table) for table in tables]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


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
