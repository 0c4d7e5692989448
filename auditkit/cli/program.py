"""The program: its commands and their options. Plugins are loaded only for a command that needs their options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from auditkit.cli.console.terminal import tell
from auditkit.cli.summaries import DIFF, POWER, STEP_COMMANDS, SUMMARIES
from auditkit.cli.words import read_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditkit.cli.words import Called

SUMMARY = (
    "Audit data, models and search for unfairness to groups; find groups nobody named; gate CI on the answer."
)
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def build(arguments: Sequence[str]) -> Callable[..., Any]:
    """Return the program. Plugins are loaded only for a command that needs their options."""
    app = _typer(SUMMARY, name="auditkit", no_args_is_help=True, context_settings=SETTINGS)
    app.callback()(_global_options)
    called = read_words(arguments)
    for name, kind in STEP_COMMANDS.items():
        app.command(name)(_step_command(name, kind, called))
    app.command("diff")(_diff_command(called))
    app.command("power")(_power_command(called))
    _add_plain_commands(app)
    return typer.main.get_command(app)


def _typer(summary: str, **settings: Any) -> typer.Typer:
    return typer.Typer(help=summary, rich_markup_mode=None, **settings)


def _tell_version(asked: bool) -> None:  # noqa: FBT001  typer calls it with the option's value
    """Print the version and end the program: an option's own function runs before a command is missed."""
    if asked:
        import auditkit

        tell(f"auditkit {auditkit.__version__}")
        raise typer.Exit


def _global_options(
    version: bool = typer.Option(  # noqa: FBT001
        False,  # noqa: FBT003
        "--version",
        help="print the version and exit",
        is_eager=True,
        callback=_tell_version,
    ),
    debug: bool = typer.Option(False, "--debug", help="show the traceback of an error too"),  # noqa: FBT001, FBT003  read from the words, wherever it stands
) -> None:
    """Take the options that stand before a command."""


def _step_command(name: str, kind: str, called: Called) -> Callable[..., Any]:
    """Return a step command: in full when it is the one that was called, else only its name and summary."""
    if called.command != name:
        return _named_only(SUMMARIES[kind])
    from auditkit.cli.commands.step import step_command
    from auditkit.plugins.host import load_plugins

    return step_command(kind, load_plugins(), called.steps)


def _diff_command(called: Called) -> Callable[..., Any]:
    """Return `auditkit diff`, in full when it is the one that was called."""
    if called.command != "diff":
        return _named_only(DIFF)
    from auditkit.cli.commands.diff import diff_command
    from auditkit.plugins.host import load_plugins

    return diff_command(load_plugins())


def _power_command(called: Called) -> Callable[..., Any]:
    """Return `auditkit power`, in full when it is the one that was called."""
    if called.command != "power":
        return _named_only(POWER)
    from auditkit.cli.commands.power import power_command
    from auditkit.plugins.host import load_plugins

    return power_command(load_plugins(), called.steps)


def _named_only(summary: str) -> Callable[..., Any]:
    """Return a command that stands in the list of commands."""

    def command() -> None:
        """Do nothing: another command was called."""

    command.__doc__ = summary
    return command


def _add_plain_commands(app: typer.Typer) -> None:
    from auditkit.cli.commands import (
        datasets,
        demo,
        doctor,
        explain,
        init,
        plugins,
        recipes,
        run,
        schema,
    )

    app.command("run")(run.run)
    app.command("init")(init.init)
    _add_stored(app)
    app.command("recipes")(recipes.recipes)
    app.command("datasets")(datasets.datasets)
    below = _typer("Plugins: what is installed, what each provides.")
    below.command("list")(plugins.plugins_list)
    below.command("show")(plugins.plugins_show)
    below.command("new")(plugins.plugins_new)
    below.command("check")(plugins.plugins_check)
    app.add_typer(below, name="plugins")
    app.command("schema")(schema.schema)
    app.command("explain")(explain.explain)
    app.command("doctor")(doctor.doctor)
    app.command("demo")(demo.demo)


def _add_stored(app: typer.Typer) -> None:
    """Add the commands on what was kept or accepted."""
    from auditkit.cli.commands.stored import check, report, runs, waive

    app.command("report")(report.report)
    app.command("check")(check.check)
    below = _typer("Waivers: findings that somebody accepts, with an owner, a reason and an end.")
    for name, command in (
        ("add", waive.waive_add),
        ("list", waive.waive_list),
        ("check", waive.waive_check),
        ("prune", waive.waive_prune),
    ):
        below.command(name)(command)
    app.add_typer(below, name="waive")
    kept = _typer("Runs that were kept: evidence to list, verify, run again, export and prune.")
    for name, told in (
        ("list", runs.runs_list),
        ("show", runs.runs_show),
        ("verify", runs.runs_verify),
        ("rerun", runs.runs_rerun),
        ("export", runs.runs_export),
        ("prune", runs.runs_prune),
    ):
        kept.command(name)(told)
    app.add_typer(kept, name="runs")
