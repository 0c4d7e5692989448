"""What the program says about itself: `auditkit schema`, `auditkit explain` and `auditkit doctor`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from auditkit.values.exit_code import ExitCode


def schema() -> None:
    """Print the JSON Schema of recipes, with every installed step's parameters, for editors."""
    from auditkit.plugins.host import load_plugins
    from auditkit.recipe.schema import recipe_schema

    typer.echo(json.dumps(recipe_schema(load_plugins().steps), indent=1, ensure_ascii=False))


def explain(
    name: Annotated[str, typer.Argument(help="a step, a metric or an exit code", metavar="ID")],
) -> None:
    """Explain a step, a metric or an exit code: what it computes, its formula and its source."""
    from auditkit.plugins.host import load_plugins
    from auditkit.render.text.explanations import explain as explanation

    typer.echo(explanation(name, load_plugins().steps))


def doctor() -> None:
    """Check the installation: versions, plugins, bundled data, and clashes with other packages."""
    from auditkit.plugins.host import load_plugins
    from auditkit.running.diagnosis import diagnose

    checks = diagnose(load_plugins())
    for check in checks:
        typer.echo(f"{'ok  ' if check.good else 'BAD '} {check.what}: {check.finding}")
    if not all(check.good for check in checks):
        raise typer.Exit(int(ExitCode.INTERNAL))
