"""Carries a plan to its end: run it, keep it, show it, write its files, and say the exit code."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from auditkit.cli.console.documents import print_document
from auditkit.cli.console.progress import Progress
from auditkit.cli.console.terminal import print_whole, say, terminal_width, wants_colour
from auditkit.cli.listing import warn_of_broken
from auditkit.cli.outputs import check_places, places_of
from auditkit.cli.reports import STDOUT, renderer_of
from auditkit.cli.tables import write_table
from auditkit.errors import AuditkitError
from auditkit.values.exit_code import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from auditkit.cli.outputs import Output, Places
    from auditkit.cli.unfinished import Reports
    from auditkit.plugins.host import Host
    from auditkit.recipe.named import Named
    from auditkit.running.plan import Plan
    from auditkit.running.workers.mapped import Workers
    from auditkit.values.report import Report


def plan_of(found: Named, host: Host, *, when: tuple[str, ...] = ()) -> Plan:
    """Return the plan of a recipe; plugins that were set aside are named first, for it may fail for want of one."""
    from auditkit.running.plan import make_plan

    warn_of_broken(host)
    return make_plan(
        found.recipe, found.document, host, folder=found.folder, when=when, consent=found.consent
    )


def carry_out(plan: Plan, output: Output, reports: Reports) -> Report:
    """Run a plan, keep and show its report, write its files, and return the report.

    `reports` say so where the run ends early.
    Formats and places of the files are checked before anything runs. What is redacted is redacted before it is kept.
    """
    from auditkit.running.engine import run
    from auditkit.running.plan import files_read
    from auditkit.running.unfinished import unfinished_work
    from auditkit.running.workers.mapped import Workers
    from auditkit.running.workers.processes import started

    reports.also((), read=files_read(plan))
    places = places_of(output, plan)
    reports.begin(places.reports)
    workers = Workers(output.jobs, output.backend, plan.recipe.data.scheduler)
    with (
        started(workers.jobs, _needed(plan, workers)),
        unfinished_work(plan, resume=output.resume) as work,
        _hint_at_resume(work),
    ):
        check_places(places, plan)  # again: now the data are read, and the images that they name are known
        if places.recipe is not None:
            _write_recipe(places.recipe, plan)
        _collect_from_here()
        with Progress(reports.learn) as watch:
            report = run(plan, observer=watch, work=work, workers=workers)
            reports.learn(report)
        # Within the block still: what was trained goes when it has been shown, not before.
        return _hand_over(report, plan, output, places=places)


def _needed(plan: Plan, workers: Workers) -> set[str]:
    """Return the modules by which other processes of this machine will do work of the steps; none if there are none."""
    from auditkit.plugins.fault import at_fault

    found: set[str] = set()
    if workers.backend != "loky" or not workers.several:
        return found
    for planned in plan.steps:
        with at_fault(planned.who):
            found.update(planned.step.needs(planned.params))
    return found


def _collect_from_here() -> None:
    """Have circular garbage collected as often as steps need; what was imported and read before stays."""
    from auditkit.running.workers.processes import COLLECTED_AFTER

    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER)


def _hand_over(report: Report, plan: Plan, output: Output, *, places: Places) -> Report:
    """Keep the report, write what was found, show the report, and return it as it was shown."""
    results, report = report.results, _as_shown(report, output)
    kept = _keep(report) if output.keep else ""
    if places.groups is not None:
        _save_groups(places.groups, report, overwrite=output.overwrite)
    for path, step in places.tables:
        write_table(path, step, results, plan)
        say(f"wrote {path}")
    show(report, replace(output, files=places.reports), plan.host, run=kept)
    return report


def _write_recipe(path: Path, plan: Plan) -> None:
    """Write the recipe; files that were named from here are named from its folder, where a recipe's paths start.

    A guess is no declaration: its line is left to be filled in, and the recipe refuses to run before.
    """
    from auditkit.data.meaning.outcomes import with_blank
    from auditkit.recipe.write import recipe_text
    from auditkit.running.elsewhere import seen_from
    from auditkit.running.plan import load_subject, pinned
    from auditkit.store.outputs import write_output

    recipe = seen_from(path.parent, plan)
    recipe = replace(recipe, data=pinned(with_blank(recipe.data, load_subject(plan).outcome), plan))
    write_output(path, recipe_text(recipe), overwrite=plan.consent.overwrite)
    say(f"wrote {path}")


def _save_groups(path: Path, report: Report, *, overwrite: bool) -> None:
    """Write the groups that were found and held up, and say how many did not."""
    from auditkit.recipe.groups import groups_text, saved_groups
    from auditkit.store.outputs import write_output

    saved, found = len(saved_groups(report)), sum(1 for entry in report.groups if entry.step)
    write_output(path, groups_text(report), overwrite=overwrite)
    left = f"; {found - saved} not confirmed, left out" if found > saved else ""
    say(f"wrote {path}: {saved} group{'' if saved == 1 else 's'}{left}")


@contextmanager
def _hint_at_resume(work: Path | None) -> Iterator[None]:
    """Say on an interrupt, if a step kept finished work, how to go on from it."""
    try:
        yield
    except KeyboardInterrupt:
        if work is not None and work.exists():
            say("auditkit: finished work is kept; the same command with --resume goes on from it")
        raise


def show(report: Report, output: Output, host: Host, *, run: str = "") -> None:
    """Print the report on standard output, then write its files: no renderer can lose the verdict.

    `run` is the id under which the report is kept. All are redacted if asked for. Where -o - asks for a format, that
    takes the place of the screen.
    """
    from auditkit.store.outputs import write_output

    report = _as_shown(report, output)
    if output.printed and STDOUT not in output.files:
        print_whole(_printed(report, output, run=run))
    for path in output.files:
        text = renderer_of(path, host, output.form).render(report)
        if path == STDOUT:
            print_document(text, renderer_of(path, host, output.form).name)
            continue
        write_output(path, text, overwrite=output.overwrite)
        say(f"wrote {path}")


def _as_shown(report: Report, output: Output) -> Report:
    """Return the report, redacted if asked for."""
    if not output.redact:
        return report
    from auditkit.redact.report import redacted

    return redacted(report)


def _printed(report: Report, output: Output, *, run: str) -> str:
    """Return what standard output shows of a report: JSON, one line, or a screen."""
    if output.as_json:
        from auditkit.render.machine import json_document

        return json_document.render(report)
    if output.quiet:
        from auditkit.render import verdicts

        return f"{verdicts.line(report)}\n"
    from auditkit.render.text import terminal

    width, colour = terminal_width(), wants_colour()
    return terminal.render(report, width=width, colour=colour, verbose=output.verbose, run=run)


def leave(report: Report, output: Output) -> None:
    """End the process with the report's exit code."""
    raise typer.Exit(code_of(report, output))


def code_of(report: Report, output: Output) -> int:
    """Return the exit code of a report; --fail-on warn fails on warnings, --exit-zero hides 1 and 5."""
    code = report.exit_code
    if output.fail_on_warn and code == ExitCode.OK and report.verdict in {"warn", "not_shown"}:
        code = ExitCode.GATE_FAILED
    hidden = output.exit_zero and code in {ExitCode.GATE_FAILED, ExitCode.UNDECIDED}
    return 0 if hidden else int(code)


def _keep(report: Report) -> str:
    """Store the run and return its id; where that cannot be done, say so and go on: the result is not in doubt."""
    from auditkit.store.runs import runs_folder, save

    try:
        return save(report, runs_folder())
    except (OSError, AuditkitError) as error:
        say(f"auditkit: this run was not kept: {_reason(error)}")
    return ""


def _reason(error: OSError | AuditkitError) -> str:
    """Return what the system says, without its number and the name of a temporary file."""
    told = error.strerror if isinstance(error, OSError) else None
    return (told or str(error)).lower()
