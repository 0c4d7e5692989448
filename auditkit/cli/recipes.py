"""`auditkit run`, `auditkit report` and `auditkit demo`: whole recipes and the runs they leave behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from auditkit.cli.execute import Output, execute, leave, show
from auditkit.cli.shared import AsJson, ExitZero, FailOn, Files, Quiet, Redact, Resume, check_fail_on


def run(
    recipe: Annotated[str, typer.Argument(help="a recipe file, or a name from auditkit recipes")],
    output: Files = None,
    as_json: AsJson = False,
    exit_zero: ExitZero = False,
    fail_on: FailOn = None,
    quiet: Quiet = False,
    change: Annotated[
        list[str] | None,
        typer.Option("--set", help="change one key: steps.hidden.with.top=3, may be repeated"),
    ] = None,
    when: Annotated[list[str] | None, typer.Option("--when", help="also run the steps with this tag")] = None,
    redact: Redact = False,
    resume: Resume = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="check recipe, data and plugins; run nothing")
    ] = False,
) -> None:
    """Run a recipe: its steps, its gates, its reports. The exit code is the verdict."""
    from auditkit.plugins.host import load_plugins
    from auditkit.recipe.files import bundled_recipes
    from auditkit.recipe.read import find_recipe, load_recipe

    host = load_plugins()
    path = find_recipe(recipe, (*bundled_recipes(), *host.recipes))
    chosen, document = load_recipe(path, changes=change or ())
    tags = tuple(when or ())
    if dry_run:
        from auditkit.running.plan import foreseen, load_subject, make_plan

        plan = make_plan(chosen, document, host, folder=path.parent, when=tags)
        subject = load_subject(plan)
        typer.echo(f"{path}: good; {len(subject):,} rows, {len(plan.steps)} steps, {len(chosen.gates)} gates")
        for sentence in foreseen(plan, subject):
            typer.echo(sentence)
        return
    files = (*(output or ()), *(Path(name) for name in chosen.reports))
    target = Output(
        files=tuple(dict.fromkeys(files)),
        as_json=as_json,
        exit_zero=exit_zero,
        fail_on_warn=check_fail_on(fail_on),
        quiet=quiet,
        redact=redact,
        resume=resume,
    )
    leave(execute(chosen, document, host, folder=path.parent, output=target, when=tags), target)


def report(
    name: Annotated[str, typer.Argument(help="a run's id, last, or a JSON report", metavar="RUN")] = "last",
    output: Files = None,
    as_json: AsJson = False,
    redact: Redact = False,
) -> None:
    """Show a stored run again, or write it in another format. The exit code is the run's own."""
    from auditkit.plugins.host import load_plugins
    from auditkit.store.runs import find_run, runs_folder

    target = Output(files=tuple(output or ()), as_json=as_json, redact=redact)
    stored = find_run(name, runs_folder())
    show(stored, target, load_plugins())
    leave(stored, target)


def demo(
    output: Annotated[Path, typer.Option("-o", "--output", help="the HTML report")] = Path(
        "auditkit-demo.html"
    ),
) -> None:
    """Audit the bundled census data end to end and write an HTML report. Exits 0 whatever the gates say."""
    from auditkit.plugins.host import load_plugins
    from auditkit.recipe.files import bundled_recipes
    from auditkit.recipe.read import find_recipe, load_recipe

    path = find_recipe("adult", bundled_recipes())
    chosen, document = load_recipe(path)
    target = Output(files=(output,))
    done = execute(replace(chosen, reports=()), document, load_plugins(), folder=path.parent, output=target)
    typer.echo(
        f"\nThe verdict above would end a CI job with exit code {int(done.exit_code)}; a demo ends with 0."
    )
    typer.echo(f"Open the report in a browser: {output.resolve()}")
