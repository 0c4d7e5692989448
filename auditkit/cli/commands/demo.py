"""`auditkit demo`: the bundled census data end to end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from auditkit.cli.console.terminal import tell
from auditkit.cli.execute import carry_out, plan_of
from auditkit.cli.outputs import Output
from auditkit.cli.shared import Overwrite
from auditkit.cli.unfinished import Reports
from auditkit.spec.consent import Consent


def demo(
    output: Annotated[Path, typer.Option("-o", "--output", help="the HTML report")] = Path(
        "auditkit-demo.html"
    ),
    overwrite: Overwrite = False,
) -> None:
    """Audit the bundled census data end to end and write an HTML report. Exits 0 whatever the gates say."""
    from auditkit.plugins.host import load_plugins
    from auditkit.recipe.named import named_recipe

    found = named_recipe("adult", (), changes=["reports=[]"], consent=Consent(overwrite=overwrite))
    target, host = Output(files=(output,), overwrite=overwrite), load_plugins()
    with Reports(target, host, name="demo").told() as reports:
        done = carry_out(plan_of(found, host), target, reports)
    tell(f"\nThe verdict above would end a CI job with exit code {int(done.exit_code)}; a demo ends with 0.")
    tell(f"Open the report in a browser: {output.resolve()}")
