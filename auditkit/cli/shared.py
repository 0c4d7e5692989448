"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Files = Annotated[
    list[Path] | None,
    typer.Option(
        "-o",
        "--output",
        help="also write a report (.html, .md, .json, .txt, .sarif, .xml for JUnit) or a repair's table "
        "(.csv, .parquet, .jsonl); repeatable",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document instead of text")]
ExitZero = Annotated[
    bool, typer.Option("--exit-zero", help="exit 0 although a gate failed or nothing was decided")
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume", help="go on where an interrupted run of the same recipe on the same data stopped"
    ),
]
Redact = Annotated[
    bool,
    typer.Option(
        "--redact", help="leave out tables of single rows, and suppress numbers about fewer than 10 rows"
    ),
]
