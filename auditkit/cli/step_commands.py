"""`auditkit mine`, `auditkit audit` and `auditkit repair`: one kind of step on one table, by options."""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditkit.cli.execute import Output, execute, leave
from auditkit.cli.options import fields_given, named_steps, with_declared_options
from auditkit.cli.shared import AsJson, ExitZero, Files, Quiet, Redact, Resume
from auditkit.cli.step_summaries import SUMMARIES
from auditkit.errors import UsageError, nearest
from auditkit.spec.data import DataSpec
from auditkit.spec.recipe import Recipe
from auditkit.spec.stats import Stats

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditkit.plugins.host import Host
    from auditkit.step.step import Step
    from auditkit.values.report import Report

Data = Annotated[
    str, typer.Argument(help="a file, a bundled name such as adult, or a loader's scheme", metavar="DATA")
]
With = Annotated[
    list[str] | None,
    typer.Option("--with", help="the step to run, may be repeated; see auditkit plugins list"),
]
Groups = Annotated[
    str | None,
    typer.Option("--groups", help="what cuts the rows: sex,race,age:0/25/40/60/120, or a groups.yaml"),
]
SaveGroups = Annotated[
    Path | None, typer.Option("--save-groups", help="write the groups found to a .yaml that --groups reads")
]
AsRecipe = Annotated[Path | None, typer.Option("--as-recipe", help="write this run as a recipe, and run it")]
DEFAULTS = {"finder": "minoria", "audit": "rates", "repair": "shasam"}


def step_command(kind: str, host: Host, arguments: Sequence[str]) -> Callable[..., Any]:
    """Return the command for one kind of step, with the options of the steps that the arguments name."""
    names = named_steps(arguments, DEFAULTS[kind])
    wanted = [host.steps[name] for name in names if name in host.steps and host.steps[name].kind == kind]

    def command(
        data: Data,
        with_: With = None,
        groups: Groups = None,
        output: Files = None,
        as_json: AsJson = False,
        exit_zero: ExitZero = False,
        quiet: Quiet = False,
        as_recipe: AsRecipe = None,
        save_groups: SaveGroups = None,
        redact: Redact = False,
        resume: Resume = False,
        **given: Any,
    ) -> None:
        chosen = [host.step(name, kind=kind) for name in _names(with_, DEFAULTS[kind])]
        _check_place_for_groups(save_groups)
        document = recipe_document(data, groups, chosen, given)
        if as_recipe is not None:
            _write_recipe(as_recipe, document)
        from auditkit.recipe.document import Document
        from auditkit.recipe.validation import validate

        source = Document(document)
        recipe = validate(Recipe, source)
        target = Output(
            files=tuple(output or ()),
            as_json=as_json,
            exit_zero=exit_zero,
            quiet=quiet,
            redact=redact,
            resume=resume,
        )
        report = execute(recipe, source, host, folder=Path(), output=target)
        _save_groups(save_groups, report)
        leave(report, target)

    command.__doc__ = f"{SUMMARIES[kind]}\n\nOptions below that start with a step's name are its parameters."
    command.__name__ = {"finder": "mine", "audit": "audit", "repair": "repair"}[kind]
    if kind != "finder":
        command.__signature__ = _without(command, "save_groups")  # type: ignore[attr-defined]
    return with_declared_options(command, wanted)


def _without(command: Callable[..., Any], name: str) -> inspect.Signature:
    """Return the command's signature without a parameter that has a default."""
    signature = inspect.signature(command, eval_str=True)
    kept = [parameter for parameter in signature.parameters.values() if parameter.name != name]
    return signature.replace(parameters=kept)


def _check_place_for_groups(path: Path | None) -> None:
    """Raise, before anything runs, unless groups can be saved there."""
    if path is None:
        return
    from auditkit.recipe.groups import check_extension
    from auditkit.store.files import check_writable

    check_extension(path)
    check_writable(path)


def _save_groups(path: Path | None, report: Report) -> None:
    """Write the groups that were found and held up, and say how many did not."""
    if path is None:
        return
    from auditkit.recipe.groups import groups_text, saved_groups
    from auditkit.store.files import write_whole

    saved, found = len(saved_groups(report)), sum(1 for entry in report.groups if entry.step)
    write_whole(path, groups_text(report))
    left = f"; {found - saved} not confirmed, left out" if found > saved else ""
    typer.echo(f"wrote {path}: {saved} group{'' if saved == 1 else 's'}{left}", err=True)


def _names(given: list[str] | None, default: str) -> list[str]:
    names = [name.strip() for item in given or [default] for name in item.split(",") if name.strip()]
    return list(dict.fromkeys(names)) or [default]


def recipe_document(
    data: str, groups: str | None, steps: list[type[Step[Any]]], given: dict[str, Any]
) -> dict[str, Any]:
    """Return the plain data of the recipe that these options amount to."""
    from auditkit.recipe.groups import as_plain, parse_groups

    known = {p for step in steps for p in fields_given(step.Params, given)}
    data_fields = {name: value for name, value in fields_given(DataSpec, given).items() if name not in known}
    strangers = set(given) - known - set(data_fields) - set(fields_given(Stats, given))
    if strangers:
        word = min(strangers)
        message = f"--{word.replace('_', '-')} belongs to no step named by --with{nearest(word, known)}"
        raise UsageError(message)
    grouping = as_plain(parse_groups(groups) if groups else {})
    document = {
        "version": 1,
        "name": f"{Path(data).stem or data}: {', '.join(step.name for step in steps)}",
        "data": {"path": data, **data_fields},
        "groups": grouping,
        "stats": fields_given(Stats, given),
        "steps": [{"id": s.name, "use": s.name, "with": fields_given(s.Params, given)} for s in steps],
    }
    return {key: value for key, value in document.items() if value not in ({}, [])}


def _write_recipe(path: Path, document: dict[str, Any]) -> None:
    """Write the recipe; files that were named from here are named from its folder, where a recipe's paths start."""
    from auditkit.recipe.scalars import yaml_text
    from auditkit.store.files import write_whole

    folder = path.parent
    moved = {
        "data": {key: _seen_from(folder, value) for key, value in document["data"].items()},
        "steps": [
            step | {"with": {key: _seen_from(folder, value) for key, value in step["with"].items()}}
            for step in document["steps"]
        ],
    }
    write_whole(path, yaml_text(document | moved))
    typer.echo(f"wrote {path}", err=True)


def _seen_from(folder: Path, value: Any) -> Any:
    """Return a relative path to a file as it is written in another folder; anything else as it is."""
    if isinstance(value, list):
        return [_seen_from(folder, item) for item in value]
    if not isinstance(value, str) or not value or Path(value).is_absolute() or not Path(value).is_file():
        return value
    return os.path.relpath(value, folder)
