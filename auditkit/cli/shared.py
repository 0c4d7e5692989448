"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from auditkit.cli.tables import FORMATS as TABLES
from auditkit.errors import UsageError
from auditkit.render.formats import FORMATS


def endings() -> str:
    """Return the endings of the report formats that come with auditkit, with the format where it has another name."""
    return ", ".join(
        end if end == f".{name}" else f"{end} for {name}" for name, _, ends in FORMATS for end in ends
    )


Data = Annotated[
    str, typer.Argument(help="a file, a bundled name such as adult, or a loader's scheme", metavar="DATA")
]
With = Annotated[
    list[str] | None,
    typer.Option("--with", help="the step to run, may be repeated; see auditkit plugins list"),
]
Groups = Annotated[
    list[str] | None,
    typer.Option(
        "--groups",
        help="what cuts the rows: sex,race,age:0/25/40/60/120,state:category,hired:year, or a groups.yaml; may be "
        "repeated",
    ),
]
Files = Annotated[
    list[Path] | None,
    typer.Option(
        "-o",
        "--output",
        help=f"also write a report ({endings()}) or a repair's table ({', '.join(TABLES)}); repeatable",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document instead of text")]
ExitZero = Annotated[
    bool, typer.Option("--exit-zero", help="exit 0 although a gate failed or nothing was decided")
]
FailOn = Annotated[
    str | None,
    typer.Option(
        "--fail-on", help="warn: exit 1 also when a gate warns or is not shown to hold", metavar="warn"
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="how to write an output whose name does not say it: -o - for standard output, $GITHUB_STEP_SUMMARY",
        metavar="|".join(name for name, _, _ in FORMATS),
    ),
]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="also print every table")]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="print the verdict only, in one line")]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume", help="go on where an interrupted run of the same recipe on the same data stopped"
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "-j",
        "--jobs",
        help="processes that train or search at once; -1 for all cores; default: all cores for work of which each part "
        "is expected to take over 2 s; no number depends on it",
    ),
]
Backend = Annotated[
    Literal["loky", "dask"],
    typer.Option("--backend", help="whose processes: of this machine, or of the Dask --scheduler"),
]
Redact = Annotated[
    bool,
    typer.Option(
        "--redact",
        help="suppress what a count of fewer than 10 rows follows from, also in the run that is kept",
    ),
]


AllowPickle = Annotated[
    bool, typer.Option("--allow-pickle", help="read pickled models, which run the code they hold")
]
AllowCode = Annotated[
    bool,
    typer.Option(
        "--allow-code",
        help="import the code that a recipe or a model's folder names; what is named here needs no leave",
    ),
]
AllowOutside = Annotated[
    bool,
    typer.Option(
        "--allow-outside", help="let the recipe name files outside its own folder and the working folder"
    ),
]
Overwrite = Annotated[
    bool,
    typer.Option(
        "--overwrite", help="replace files that auditkit did not write, or that were changed since it did"
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="check what was asked, say what it is expected to take; run nothing")
]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", help="change one key: steps.hidden.with.top=3, may be repeated"),
]
Tags = Annotated[list[str] | None, typer.Option("--when", help="also run the steps with this tag")]


def check_fail_on(value: str | None) -> None:
    """Raise UsageError for another word than warn; where reports are named, within what tells them of an error."""
    if value not in {None, "warn"}:
        message = f"--fail-on {value}: the only word is warn; a gate that fails always exits 1"
        raise UsageError(message)


def joined(groups: list[str] | None) -> str:
    """Return what cuts the rows, however often --groups was given, as one text."""
    return ",".join(groups or ())
