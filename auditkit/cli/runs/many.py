"""Several recipes of `auditkit run`: one after the other, one summary, the worst exit code."""

from __future__ import annotations

import json
import traceback
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit.cli.console.documents import print_document
from auditkit.cli.console.terminal import say, tell
from auditkit.cli.runs.one import Done, need_places, reports_of, run_told
from auditkit.errors import AuditkitError, UsageError, exit_code_of, nearest, out_of_memory, ran_out
from auditkit.values.exit_code import ExitCode
from auditkit.values.shown.hidden import without_marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit.cli.runs.one import Asked
    from auditkit.plugins.host import Host

WORST_FIRST = (143, 130, 3, 4, 2, 1, 5, 0)
"""Exit codes: of several runs the first that occurs is the command's."""


def run_all(names: Sequence[str], asked: Asked, host: Host) -> int:
    """Run recipes one after the other, whatever becomes of those before, and return the worst exit code.

    An interrupt ends all of them.
    """
    with all_told(names, asked, host):
        need_places(names, asked, host)
        tags = _tags(names, asked, host)
    done: list[Done] = []
    for name in names:
        own = replace(asked, when=tuple(tag for tag in asked.when if tag in tags[name]))
        done.append(_one(name, _quietly(own), host))
    worst = min((one.code for one in done), key=WORST_FIRST.index)
    if asked.output.as_json:
        print_document(_as_json(done, worst), "json")
    elif not asked.dry_run:
        _summarise(done)
    return worst


@contextmanager
def all_told(names: Sequence[str], asked: Asked, host: Host) -> Iterator[None]:
    """Say in the reports of every recipe why none of them ran, if the block ends with an error."""
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(reports_of(name, asked, host).told())
        yield


def _one(name: str, asked: Asked, host: Host) -> Done:
    reports = reports_of(name, asked, host)
    if asked.output.printed and not asked.output.quiet and not asked.dry_run:
        tell(f"\n{name}\n")
    try:
        return run_told(name, asked, reports)
    except AuditkitError as error:
        say(f"auditkit: {name}: {' '.join(str(error).split())}")
        return Done(name=name, code=error.exit_code, report=reports.ended)
    except Exception as error:  # noqa: BLE001  a fault of ours ends one recipe, not the others
        if ran_out(error):
            say(f"auditkit: {name}: {out_of_memory(error, 'auditkit')}")
            return Done(name=name, code=exit_code_of(error), report=reports.ended)
        for line in traceback.format_exc().splitlines():
            say(line)
        say(f"auditkit: {name}: internal error; please report the traceback above")
        return Done(name=name, code=int(ExitCode.INTERNAL), report=reports.ended)


def _quietly(asked: Asked) -> Asked:
    """Return the same without a document for each: --json prints one for all."""
    if not asked.output.as_json:
        return asked
    return replace(asked, output=replace(asked.output, as_json=False, printed=False))


def _tags(names: Sequence[str], asked: Asked, host: Host) -> dict[str, set[str]]:
    """Return the tags of each recipe; raise UsageError for a --when that none of them has."""
    known: dict[str, set[str]] = {}
    broken = False
    for name in names:
        try:
            steps = asked.find(name, host).recipe.steps
            known[name] = {step.when for step in steps if step.when is not None}
        except AuditkitError:  # said when its turn comes
            known[name], broken = set(), True
    every = set().union(*known.values())
    for tag in asked.when:
        if tag not in every and not broken:
            message = (
                f"--when {tag}: no step of these recipes waits for it{nearest(tag, every) if every else ''}"
            )
            raise UsageError(message)
    return known


def _summarise(done: Sequence[Done]) -> None:
    from auditkit.render import verdicts

    tell(f"\n{len(done)} recipes")
    for one in done:
        said = "" if one.report is None else verdicts.line(one.report)
        tell(f"  {said or '✗ NOT FINISHED'} · {one.name} · exit code {one.code}")


def _as_json(done: Sequence[Done], worst: int) -> str:
    from auditkit.store.report_json import to_dict
    from auditkit.values.report import SCHEMA_VERSION

    reports = [
        {"recipe": one.name, "exit_code": one.code, "report": one.report and to_dict(one.report)}
        for one in done
    ]
    document = {"schema_version": SCHEMA_VERSION, "exit_code": worst, "runs": reports}
    return without_marks(json.dumps(document, ensure_ascii=False, indent=1)) + "\n"
