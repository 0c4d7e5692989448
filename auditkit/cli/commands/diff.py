"""`auditkit diff`: what changed for each group between two models, two tables, two columns or two stored runs."""

from __future__ import annotations

from dataclasses import replace
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
    ExitZero,
    FailOn,
    Files,
    Format,
    Groups,
    Overwrite,
    Quiet,
    Redact,
    Verbose,
    check_fail_on,
    joined,
)
from auditkit.cli.summaries import DIFF
from auditkit.cli.unfinished import Reports
from auditkit.errors import UsageError
from auditkit.recipe.named import named_in
from auditkit.recipe.options import recipe_of, told_by_options
from auditkit.spec.consent import Consent, texts_in
from auditkit.spec.gate import GateSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from auditkit.plugins.host import Host
    from auditkit.spec.recipe import Recipe

STEP = "diff"
"""The audit that the command runs."""
GATED = ("selection_rate", "tpr", "accuracy")
"""What --margin is about where no metric is named: as far as the target has them."""

Old = Annotated[
    str,
    typer.Argument(
        help="what was accepted: a table, predictions, a model or a stored run; alone: the table, beside --versus",
        metavar="OLD",
    ),
]
New = Annotated[
    str | None, typer.Argument(help="the table with the new predictions, or a stored run", metavar="NEW")
]
Margin = Annotated[
    float | None,
    typer.Option(
        "--margin",
        help="fail where a group got worse by more than this, and pass where that is excluded for all",
    ),
]
AsRecipe = Annotated[
    Path | None,
    typer.Option("--as-recipe", help="write this run as a recipe with OLD's hash pinned, and run it"),
]


def diff_command(host: Host) -> Callable[..., Any]:
    """Return the command, with the options of the data, the statistics and the step."""

    def command(
        old: Old,
        new: New = None,
        groups: Groups = None,
        margin: Margin = None,
        output: Files = None,
        format_: Format = None,
        as_json: AsJson = False,
        exit_zero: ExitZero = False,
        fail_on: FailOn = None,
        quiet: Quiet = False,
        verbose: Verbose = False,
        as_recipe: AsRecipe = None,
        redact: Redact = False,
        allow_pickle: AllowPickle = False,
        allow_code: AllowCode = False,
        overwrite: Overwrite = False,
        **given: Any,
    ) -> None:
        target = Output(
            files=tuple(output or ()),
            form=format_,
            as_json=as_json,
            exit_zero=exit_zero,
            fail_on_warn=fail_on == "warn",
            quiet=quiet,
            verbose=verbose,
            redact=redact,
            as_recipe=as_recipe,
            overwrite=overwrite,
        )
        consent = Consent(allow_pickle=allow_pickle, allow_code=allow_code, overwrite=overwrite)
        with Reports(target, host, name=new or old).told() as reports:
            reports.also((), read=named_in(texts_in((old, new, joined(groups).split(","), given))))
            check_fail_on(fail_on)
            recipe = _recipe(host, old, new, cuts=joined(groups), margin=margin, given=given)
            told = told_by_options(recipe, joined(groups), consent=consent)
            done = carry_out(plan_of(told, host), target, reports)
        leave(done, target)

    command.__doc__ = (
        f"{DIFF}\n\nWithout --margin or a recipe's gates nothing is judged, and the exit code is 0."
    )
    return with_declared_options(command, [host.step(STEP, kind="audit")])


def _recipe(
    host: Host, old: str, new: str | None, *, cuts: str, margin: float | None, given: Mapping[str, Any]
) -> Recipe:
    """Return the run as a recipe: NEW is the data, and OLD what they are compared with."""
    from auditkit.recipe.groups import parse_groups

    told = dict(given)
    if new is None:
        if "versus" not in told:
            message = (
                "name two things to compare: OLD NEW, or one table and --versus with the accepted predictions"
            )
            raise UsageError(message)
        data = old
    else:
        if "versus" in told:
            message = "OLD is what NEW is compared with: leave out --versus, or name one table"
            raise UsageError(message)
        data, told["versus"] = new, old
    named = f"{Path(data).stem}, {told.get('pred')} against {told['versus']}" if new is None else ""
    named = named or f"{Path(data).stem} against {Path(old).stem}"
    recipe = recipe_of(data, parse_groups(cuts), steps=[host.step(STEP, kind="audit")], given=told)
    gates = () if margin is None else _gates(recipe, told.get("metrics"), margin)
    return replace(recipe, name=named, gates=gates)


def _gates(recipe: Recipe, metrics: str | None, margin: float) -> tuple[GateSpec, ...]:
    """Return a gate for each metric: no group got worse by more than the margin."""
    from auditkit.running.versus.stored import stored_run
    from auditkit.store.runs import read_report

    names: Sequence[str] = [name.strip() for name in (metrics or "").split(",") if name.strip()]
    run = None if recipe.data.target is not None else stored_run(recipe.data.path, Path())
    if run is not None:
        there = {one.metric for one in read_report(run).findings}
        names = names or [name for name in GATED if name in there]
    if not names:
        names = GATED if recipe.data.target is not None else GATED[:1]
    return tuple(
        GateSpec(id=f"{name} no worse", on=STEP, metric=name, compare="change", margin=margin)
        for name in names
    )
