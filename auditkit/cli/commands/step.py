"""`auditkit mine`, `auditkit audit` and `auditkit repair`: one kind of step on one table, by options."""

from __future__ import annotations

import inspect
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditkit.cli.execute import Output, carry_out, leave, plan_of
from auditkit.cli.options import with_declared_options
from auditkit.cli.shared import AsJson, Data, ExitZero, Files, Groups, Quiet, Redact, Resume, With
from auditkit.cli.summaries import SUMMARIES
from auditkit.cli.terminal import say
from auditkit.cli.words import step_names
from auditkit.recipe.options import Options, recipe_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditkit.plugins.host import Host
    from auditkit.running.plan import Plan
    from auditkit.spec.recipe import Recipe
    from auditkit.values.report import Report

SaveGroups = Annotated[
    Path | None, typer.Option("--save-groups", help="write the groups found to a .yaml that --groups reads")
]
AsRecipe = Annotated[Path | None, typer.Option("--as-recipe", help="write this run as a recipe, and run it")]
DEFAULTS = {"finder": "minoria", "audit": "rates", "repair": "shasam"}


def step_command(kind: str, host: Host, called: Sequence[str]) -> Callable[..., Any]:
    """Return the command for one kind of step, with the options of the steps that were called."""
    names = called or (DEFAULTS[kind],)
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
        from auditkit.recipe.groups import parse_groups

        chosen = [host.step(name, kind=kind) for name in step_names(with_ or ()) or (DEFAULTS[kind],)]
        target = Output(
            files=tuple(output or ()),
            as_json=as_json,
            exit_zero=exit_zero,
            quiet=quiet,
            redact=redact,
            resume=resume,
        )
        recipe = recipe_of(data, parse_groups(groups or ""), steps=chosen, given=given)
        leave(_run(recipe, host, target, as_recipe=as_recipe, save_groups=save_groups), target)

    command.__doc__ = f"{SUMMARIES[kind]}\n\nOptions below that start with a step's name are its parameters."
    if kind != "finder":
        command.__signature__ = _without(command, "save_groups")  # type: ignore[attr-defined]
    return with_declared_options(command, wanted)


def _run(
    recipe: Recipe, host: Host, target: Output, *, as_recipe: Path | None, save_groups: Path | None
) -> Report:
    """Run a recipe that options made; write it, and the groups that it finds, where that was asked for."""
    _check_place_for_groups(save_groups)
    plan = plan_of(recipe, Options(), host, folder=Path())
    if as_recipe is not None:
        _write_recipe(as_recipe, plan)
    report = carry_out(plan, target)
    _save_groups(save_groups, report)
    return report


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
    say(f"wrote {path}: {saved} group{'' if saved == 1 else 's'}{left}")


def _write_recipe(path: Path, plan: Plan) -> None:
    """Write the recipe; files that were named from here are named from its folder, where a recipe's paths start.

    A guess is no declaration: its line is left to be filled in, and the recipe refuses to run before.
    """
    from auditkit.data.outcomes import with_blank
    from auditkit.recipe.write import recipe_text
    from auditkit.running.elsewhere import seen_from
    from auditkit.running.plan import load_subject
    from auditkit.store.files import write_whole

    recipe = seen_from(path.parent, plan)
    write_whole(path, recipe_text(replace(recipe, data=with_blank(recipe.data, load_subject(plan).outcome))))
    say(f"wrote {path}")
