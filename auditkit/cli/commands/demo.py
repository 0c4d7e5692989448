"""`auditkit demo`: the bundled census data end to end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from auditkit.cli.execute import Output, execute
from auditkit.cli.terminal import tell


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
    tell(f"\nThe verdict above would end a CI job with exit code {int(done.exit_code)}; a demo ends with 0.")
    tell(f"Open the report in a browser: {output.resolve()}")
