"""`auditkit mine`, `auditkit audit` and `auditkit repair`: one kind of step on one table, by options."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditkit.cli.execute import carry_out, leave, plan_of
from auditkit.cli.options import with_declared_options
from auditkit.cli.outputs import Output
from auditkit.cli.shared import (
    AllowCode,
    AllowPickle,
    AsJson,
    Backend,
    Data,
    DryRun,
    ExitZero,
    Files,
    Format,
    Groups,
    Jobs,
    Overwrite,
    Quiet,
    Redact,
    Resume,
    Verbose,
    With,
    joined,
)
from auditkit.cli.summaries import SUMMARIES
from auditkit.cli.unfinished import Reports
from auditkit.cli.words import step_names
from auditkit.recipe.options import beside, recipe_of, told_by_options
from auditkit.spec.consent import Consent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditkit.plugins.host import Host

SaveGroups = Annotated[
    Path | None, typer.Option("--save-groups", help="write the groups found to a .yaml that --groups reads")
]
ReferenceGroup = Annotated[
    list[str] | None,
    typer.Option(
        "--reference-group",
        help="the group of an attribute that the others are compared with: sex=Male,race=White",
    ),
]
AsRecipe = Annotated[Path | None, typer.Option("--as-recipe", help="write this run as a recipe, and run it")]
UNREAD = {
    "finder": frozenset({"reference_group", "limit"}),
    "audit": frozenset({"save_groups", "limit"}),
    "repair": frozenset({"reference_group", "save_groups"}),
}
"""Options that steps of a kind have no use for."""
Limit = Annotated[
    str | None,
    typer.Option(
        "--limit",
        help='what the chosen of several repairs must keep: "equalized_odds <= 0.05", chosen on validation rows and '
        "confirmed on held-out rows; also equalized_odds_mean, demographic_parity, equal_opportunity",
    ),
]
OWN = "Options below that start with a step's name are its parameters; --STEP.PARAMETER is for one of several steps."
DEFAULTS = {"finder": "minoria", "audit": "rates", "repair": "shasam"}


def step_command(kind: str, host: Host, called: Sequence[str]) -> Callable[..., Any]:
    """Return the command for one kind of step, with the options of the steps that were called."""
    names = called or (DEFAULTS[kind],)
    wanted = [host.steps[name] for name in names if name in host.steps and host.steps[name].kind == kind]

    def command(
        data: Data,
        with_: With = None,
        groups: Groups = None,
        reference_group: ReferenceGroup = None,
        limit: Limit = None,
        output: Files = None,
        format_: Format = None,
        as_json: AsJson = False,
        exit_zero: ExitZero = False,
        quiet: Quiet = False,
        verbose: Verbose = False,
        as_recipe: AsRecipe = None,
        save_groups: SaveGroups = None,
        redact: Redact = False,
        resume: Resume = False,
        jobs: Jobs = None,
        backend: Backend = "loky",
        allow_pickle: AllowPickle = False,
        allow_code: AllowCode = False,
        overwrite: Overwrite = False,
        dry_run: DryRun = False,
        **given: Any,
    ) -> None:
        from auditkit.recipe.groups import parse_groups, with_references

        chosen = [host.step(name, kind=kind) for name in step_names(with_ or ()) or (DEFAULTS[kind],)]
        target = Output(
            files=tuple(output or ()),
            form=format_,
            as_json=as_json,
            exit_zero=exit_zero,
            quiet=quiet,
            verbose=verbose,
            redact=redact,
            resume=resume,
            jobs=jobs,
            backend=backend,
            as_recipe=as_recipe,
            save_groups=save_groups,
            overwrite=overwrite,
        )
        cuts = joined(groups)
        consent = Consent(allow_pickle=allow_pickle, allow_code=allow_code, overwrite=overwrite)
        with Reports(target, host, name=data).told() as reports:
            reports.also((), read=(Path(data),))
            named = with_references(parse_groups(cuts), joined(reference_group))
            recipe = beside(recipe_of(data, named, steps=chosen, given=given), kind=kind, limit=limit)
            told = told_by_options(recipe, cuts, consent=consent)
            plan = plan_of(told, host)
            if dry_run:
                from auditkit.cli.runs.foresee import foresee

                foresee(plan, target, data)
                return
            done = carry_out(plan, target, reports)
        leave(done, target)

    command.__doc__ = f"{SUMMARIES[kind]}\n\n{OWN}"
    command.__signature__ = _without(command, UNREAD[kind])  # type: ignore[attr-defined]
    return with_declared_options(command, wanted)


def _without(command: Callable[..., Any], names: frozenset[str]) -> inspect.Signature:
    """Return the command's signature without parameters that have a default."""
    signature = inspect.signature(command, eval_str=True)
    kept = [parameter for parameter in signature.parameters.values() if parameter.name not in names]
    return signature.replace(parameters=kept)
