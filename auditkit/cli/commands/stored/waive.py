"""`auditkit waive`: findings that somebody accepts, with an owner, a reason and an end."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditkit.cli.commands.stored.check import home_of, untouched
from auditkit.cli.console.terminal import say, tell
from auditkit.cli.listing import AsJson, show_rows
from auditkit.errors import UsageError, nearest

if TYPE_CHECKING:
    from auditkit.spec.waiver import Waiver
    from auditkit.values.gate import GateComparison, GateResult
    from auditkit.values.report import Accepted, Report

OPEN = ("breaks", "absent", "not_shown", "too_few")
STALE = ("expired", "lapsed", "unused")
File = Annotated[
    Path | None, typer.Option("--file", help="the waivers [default: waivers.yaml beside the run's recipe]")
]
Run = Annotated[str, typer.Option("--run", help="a run's id, last, or a JSON report")]


def waive_add(
    mark: Annotated[
        str, typer.Argument(help="of a comparison; see auditkit waive list", metavar="FINGERPRINT")
    ],
    owner: Annotated[str, typer.Option("--owner", help="who answers for it")],
    reason: Annotated[str, typer.Option("--reason", help="why it is accepted")],
    expires: Annotated[str, typer.Option("--expires", help="last day on which it holds, such as 2027-01-31")],
    limit: Annotated[
        float | None,
        typer.Option("--limit", help="it lapses where the corrected bound shows more harm than this"),
    ] = None,
    run: Run = "last",
    file: File = None,
) -> None:
    """Accept what a run found; what was undecided is accepted as undecided only."""
    from auditkit.recipe.waivers import with_waiver
    from auditkit.spec.waiver import Waiver
    from auditkit.store.outputs import write_output

    report, path = _run_and_file(run, file)
    _check_new(mark, path)
    gate, one = _named(report, mark, path)
    _check_day(expires)
    if limit is not None:
        _check_limit(limit, gate, one)
    for word, text in (("--owner", owner), ("--reason", reason)):
        if not text.strip():
            message = f"{word} is empty; a waiver says who answers for it and why"
            raise UsageError(message)
    waiver = Waiver(
        fingerprint=mark,
        owner=owner,
        reason=reason,
        expires=expires,
        accepts="broken" if one.outcome == "breaks" else "undecided",
        limit=limit,
        recipe=report.name,
        gate=gate.id,
        group=one.group,
    )
    write_output(path, with_waiver(path, waiver).encode(), overwrite=True)
    say(f"wrote {path}: {gate.id}, {one.group or 'all rows'}, until {expires}")


def waive_list(run: Run = "last", file: File = None, as_json: AsJson = False) -> None:
    """List what is accepted, and what a run found that could be."""
    report, path = _run_and_file(run, file)
    today = _today(report, path)
    known = {one.fingerprint for one in today.waivers}
    rows = [_row_of(one) for one in today.waivers]
    rows += [
        _row(one.fingerprint, gate.id, one.group, one.outcome.replace("_", " "))
        for gate in today.gates
        for one in gate.comparisons
        if one.outcome in OPEN and one.fingerprint and one.fingerprint not in known
    ]
    show_rows(rows, as_json=as_json)


def waive_check(run: Run = "last", file: File = None, as_json: AsJson = False) -> None:
    """Exit 1 if a waiver has expired, lapsed, or accepts what no gate finds any more."""
    report, path = _run_and_file(run, file)
    stale = [one for one in _today(report, path).waivers if one.state in STALE]
    show_rows([_row_of(one) for one in stale], as_json=as_json)
    if not stale and not as_json:
        tell(f"{path}: every waiver is in use")
    raise typer.Exit(1 if stale else 0)


def waive_prune(run: Run = "last", file: File = None) -> None:
    """Remove the waivers that have expired or accept what no gate finds any more."""
    from auditkit.recipe.waivers import without_waivers
    from auditkit.store.outputs import write_output

    report, path = _run_and_file(run, file)
    gone = {one.fingerprint for one in _today(report, path).waivers if one.state in {"expired", "unused"}}
    if not gone:
        tell(f"{path}: nothing to remove")
        return
    write_output(path, without_waivers(path, gone).encode(), overwrite=True)
    say(f"wrote {path}: {len(gone)} removed ({', '.join(sorted(gone))})")


def _run_and_file(run: str, file: Path | None) -> tuple[Report, Path]:
    from auditkit.recipe.waivers import waivers_beside

    report = untouched(run)
    return report, file or waivers_beside(home_of(report, instead="name the waivers with --file"))


def _known(path: Path) -> tuple[Waiver, ...]:
    from auditkit.recipe.waivers import read_waivers

    return read_waivers(path)


def _today(report: Report, path: Path) -> Report:
    """Return a run with its gates decided by what is accepted today."""
    from auditkit.running.kept.again import decided_again
    from auditkit.running.reach.intact import recipe_of

    today = datetime.now(UTC).date()
    return decided_again(report, recipe_of(report), _known(path), today=today, own=True)


def _named(report: Report, mark: str, path: Path) -> tuple[GateResult, GateComparison]:
    """Return what a fingerprint names in a run, as it is without what the run accepted and the file no longer holds."""
    known = _by_mark(report)
    if mark not in known:
        message = (
            f"run '{report.name}' made no comparison {mark}{nearest(mark, known)}; see auditkit waive list"
        )
        raise UsageError(message)
    gate, one = known[mark]
    if one.outcome == "waived":
        gate, one = _by_mark(_today(report, path))[mark]
    if one.outcome == "holds":
        message = f"{gate.id}, {one.group or 'all rows'}: holds, so that there is nothing to accept"
        raise UsageError(message)
    return gate, one


def _by_mark(report: Report) -> dict[str, tuple[GateResult, GateComparison]]:
    return {
        one.fingerprint: (gate, one) for gate in report.gates for one in gate.comparisons if one.fingerprint
    }


def _check_new(mark: str, path: Path) -> None:
    """Raise UsageError where the file holds a waiver of this comparison already."""
    for known in _known(path):
        if known.fingerprint != mark:
            continue
        todo = "change it there"
        if date.fromisoformat(known.expires) < datetime.now(UTC).date():
            todo = f"it expired on {known.expires}: auditkit waive prune removes it"
        message = f"{path} holds a waiver of {mark} already; {todo}"
        raise UsageError(message)


def _check_limit(limit: float, gate: GateResult, one: GateComparison) -> None:
    """Raise UsageError for a limit that is no amount of harm, or beyond which harm is shown already."""
    from auditkit.gates.accepted import is_beyond
    from auditkit.gates.words import harm_bounds

    if not math.isfinite(limit) or limit < 0:
        message = f"--limit {limit:g}: a limit is a harm of 0 or more"
        raise UsageError(message)
    if is_beyond(limit, gate, one):
        least, most = harm_bounds(gate, one)
        floor = gate.harm == "below" and not gate.signed
        shown, side = (most, "at most") if floor else (least, "at least")
        message = (
            f"--limit {limit:g}: {gate.id}, {one.group or 'all rows'} is shown to be {side} {shown:.3g} already: "
            "the waiver would lapse at once; name a limit past that, or none"
        )
        raise UsageError(message)


def _check_day(text: str) -> None:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        message = f"--expires {text} is no day; write it as 2027-01-31"
        raise UsageError(message) from error
    if day.isoformat() != text or day < datetime.now(UTC).date():
        message = f"--expires {text} is past, or is not written as 2027-01-31"
        raise UsageError(message)


def _row_of(one: Accepted) -> dict[str, str]:
    told = f"{one.owner}, until {one.expires}: {one.reason}"
    return _row(one.fingerprint, one.gate, one.group, f"accepted, {one.state}", told)


def _row(mark: str, gate: str, group: str, state: str, accepted: str = "") -> dict[str, str]:
    return {"fingerprint": mark, "gate": gate, "group": group, "state": state, "accepted by": accepted}
