"""`auditkit run`: whole recipes, and the verdict as the exit code."""

from __future__ import annotations

from typing import Annotated

import typer

from auditkit.cli.outputs import Output
from auditkit.cli.shared import (
    AllowCode,
    AllowOutside,
    AllowPickle,
    AsJson,
    Backend,
    Changes,
    DryRun,
    ExitZero,
    FailOn,
    Files,
    Format,
    Jobs,
    Overwrite,
    Quiet,
    Redact,
    Resume,
    Tags,
    Verbose,
    check_fail_on,
)


def run(
    recipes: Annotated[
        list[str],
        typer.Argument(
            help="recipe files, patterns such as 'audits/*.yaml', or names from auditkit recipes",
            metavar="RECIPE...",
        ),
    ],
    output: Files = None,
    format_: Format = None,
    as_json: AsJson = False,
    exit_zero: ExitZero = False,
    fail_on: FailOn = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    change: Changes = None,
    when: Tags = None,
    redact: Redact = False,
    resume: Resume = False,
    jobs: Jobs = None,
    backend: Backend = "loky",
    allow_pickle: AllowPickle = False,
    allow_code: AllowCode = False,
    allow_outside: AllowOutside = False,
    overwrite: Overwrite = False,
    dry_run: DryRun = False,
) -> None:
    """Run recipes: their steps, their gates, their reports. The exit code is the verdict, of several the worst."""
    from auditkit.cli.runs.many import all_told, run_all
    from auditkit.cli.runs.one import Asked, run_one
    from auditkit.plugins.host import load_plugins
    from auditkit.spec.consent import Consent

    asked = Asked(
        output=Output(
            files=tuple(output or ()),
            form=format_,
            as_json=as_json,
            exit_zero=exit_zero,
            fail_on_warn=fail_on == "warn",
            quiet=quiet,
            verbose=verbose,
            redact=redact,
            resume=resume,
            jobs=jobs,
            backend=backend,
            overwrite=overwrite,
        ),
        changes=tuple(change or ()),
        when=tuple(when or ()),
        consent=Consent(
            allow_pickle=allow_pickle, allow_code=allow_code, allow_outside=allow_outside, overwrite=overwrite
        ),
        dry_run=dry_run,
    )
    host = load_plugins()
    with all_told(asked.words(recipes), asked, host):
        check_fail_on(fail_on)
        names = asked.names(recipes)
    raise typer.Exit(run_one(names[0], asked, host).code if len(names) == 1 else run_all(names, asked, host))
