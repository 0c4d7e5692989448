"""`auditkit runs`: the runs that were kept, as evidence: listed, verified, run again, exported, pruned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditkit.cli.commands.stored.check import home_of, untouched
from auditkit.cli.console.terminal import say, tell
from auditkit.cli.listing import AsJson, installed, show_rows
from auditkit.cli.shared import AllowCode, AllowOutside, AllowPickle, Overwrite, Redact
from auditkit.errors import UsageError
from auditkit.values.shown.hidden import without_marks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditkit.running.kept.evidence import Proof
    from auditkit.values.report import Report

Name = Annotated[str, typer.Argument(help="a run's id, last, or a JSON report", metavar="RUN")]
DAYS = 100_000
"""Older than that is no run: some days more, and there would be no such date."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that one run gives one archive."""


def runs_list(as_json: AsJson = False) -> None:
    """List the runs that are kept, the one that ended last at the end."""
    from auditkit.store.runs import runs, runs_folder

    show_rows([_row(name) for name in runs(runs_folder())], as_json=as_json)


def runs_show(name: Name = "last", as_json: AsJson = False) -> None:
    """Show where a run comes from: data, versions, commit, command, the hash of its findings."""
    from auditkit.render import verdicts, words

    report = untouched(name)
    facts = {"verdict": verdicts.verdict(report), "exit code": str(int(report.exit_code))}
    facts |= {key: words.plain(value, 300) for key, value in words.flatten(report.provenance)}
    show_rows([{"what": key, "value": value} for key, value in facts.items()], as_json=as_json)


def runs_verify(
    name: Name = "last",
    allow_pickle: AllowPickle = False,
    allow_code: AllowCode = False,
    allow_outside: AllowOutside = False,
    as_json: AsJson = False,
) -> None:
    """Hash a run's findings and all that it read again; exit 1 where something differs."""
    from auditkit.running.kept.evidence import plan_of_run, verified
    from auditkit.spec.consent import Consent

    report = _found(name)
    consent = Consent(allow_pickle=allow_pickle, allow_code=allow_code, allow_outside=allow_outside)
    folder = home_of(report, instead="--allow-outside", outside=allow_outside)
    plan = plan_of_run(report, installed(), folder=folder, consent=consent)
    _compared(verified(report, plan), as_json=as_json)


def runs_rerun(
    name: Name = "last",
    allow_pickle: AllowPickle = False,
    allow_code: AllowCode = False,
    allow_outside: AllowOutside = False,
    as_json: AsJson = False,
) -> None:
    """Run a run's recipe again and compare the findings; exit 1 where they differ. Writes no report."""
    from auditkit.running.kept.evidence import plan_of_run, repeated
    from auditkit.spec.consent import Consent

    report = untouched(name)
    consent = Consent(allow_pickle=allow_pickle, allow_code=allow_code, allow_outside=allow_outside)
    folder = home_of(report, instead="--allow-outside", outside=allow_outside)
    plan = plan_of_run(report, installed(), folder=folder, consent=consent)
    _compared(repeated(report, plan), as_json=as_json, only="findings")


def runs_export(
    name: Name = "last",
    output: Annotated[Path, typer.Option("-o", "--output", help="the archive, a .zip")] = Path(
        "evidence.zip"
    ),
    redact: Redact = False,
    overwrite: Overwrite = False,
) -> None:
    """Write a run as one archive of evidence: report, recipe, page, and a manifest of their hashes."""
    from auditkit.redact.report import redacted
    from auditkit.store.outputs import write_output

    if output.suffix.lower() != ".zip":
        message = f"cannot write {output}: an archive's name ends in .zip"
        raise UsageError(message)
    report = untouched(name)
    write_output(output, _archive(redacted(report) if redact else report), overwrite=overwrite)
    say(f"wrote {output}")


def runs_prune(
    keep: Annotated[int | None, typer.Option("--keep", help="keep this many, the latest", min=0)] = None,
    older_than: Annotated[
        int | None,
        typer.Option("--older-than", help="remove only what is older than this many days", min=0, max=DAYS),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would go; remove nothing")] = False,
) -> None:
    """Remove runs by number and age."""
    from auditkit.store.runs import is_ours, remove, runs, runs_folder

    if keep is None and older_than is None:
        message = "say which runs may go: --keep 20, --older-than 90 (days), or both"
        raise UsageError(message)
    every = runs(runs_folder())
    named = every[: max(len(every) - keep, 0)] if keep is not None else every
    limit = datetime.now(UTC) - timedelta(days=older_than or 0)
    old = [name for name in named if older_than is None or name < limit.strftime("%Y-%m-%dT%H-%M-%S")]
    gone = [name for name in old if is_ours(name, runs_folder())]
    for name in sorted({*old} - {*gone}):
        say(f"auditkit: {name} stays: it is no folder of a run alone, as auditkit makes them")
    for name in gone:
        if not dry_run:
            remove(name, runs_folder())
        tell(name)
    say(f"{len(gone):,} of {len(every):,} runs {'would be ' if dry_run else ''}removed")


def _found(name: str) -> Report:
    from auditkit.store.runs import find_run, runs_folder

    return find_run(name, runs_folder())


def _row(name: str) -> dict[str, str]:
    from auditkit.errors import AuditkitError
    from auditkit.render import verdicts, words
    from auditkit.store.runs import headline, runs_folder

    try:
        kept = headline(name, runs_folder())
    except AuditkitError as error:  # of another version, or torn
        return {"run": name, "verdict": "unreadable", "exit code": "", "recipe": str(error), "findings": ""}
    return {
        "run": name,
        "verdict": verdicts.OUTCOMES[kept.verdict],
        "exit code": str(kept.exit_code),
        "recipe": words.visible(kept.name, limit=60),
        "findings": kept.findings_sha256[:12],
    }


def _compared(proofs: Iterable[Proof], *, as_json: bool, only: str = "") -> None:
    """Print what was compared, and exit 1 where something differs; `only` that counts, if one is named."""
    done = list(proofs)
    rows = [
        {"what": one.what, "same": "yes" if one.same else "no", "then": one.then, "now": one.now}
        for one in done
    ]
    show_rows(rows, as_json=as_json)
    differs = any(not one.same and only in {"", one.what} for one in done)
    raise typer.Exit(1 if differs else 0)


def _archive(report: Report) -> bytes:
    """Return the bytes of an archive: the same for the same report."""
    import io
    import json
    import zipfile

    from auditkit.recipe.scalars import yaml_text
    from auditkit.render.machine import json_document
    from auditkit.render.page import html

    files = {
        "report.json": json_document.render(report),
        "report.html": html.render(report),
        "recipe.yaml": yaml_text(dict(report.recipe)),
    }
    manifest = {
        "name": report.name,
        "verdict": report.verdict,
        "exit_code": int(report.exit_code),
        "findings_sha256": report.provenance.get("findings_sha256"),
        "inputs": report.provenance.get("inputs"),
        "git_commit": report.provenance.get("git_commit"),
        "files": {name: sha256(text.encode()).hexdigest() for name, text in files.items()},
    }
    files["manifest.json"] = without_marks(json.dumps(manifest, indent=1, ensure_ascii=False)) + "\n"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), text.encode())
    return held.getvalue()
