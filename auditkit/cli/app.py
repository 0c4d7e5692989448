"""The command `auditkit`: builds the program, runs it, and catches a user's errors once."""

from __future__ import annotations

import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

import typer

from auditkit.cli.summaries import POWER, STEP_COMMANDS, SUMMARIES
from auditkit.cli.words import check_values, read_words
from auditkit.errors import AuditkitError
from auditkit.values.exit_code import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditkit.cli.words import Called

SUMMARY = (
    "Audit data, models and search for unfairness to groups; find groups nobody named; gate CI on the answer."
)
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with one of the documented exit codes."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit code. A user's error is one sentence on standard error."""
    try:
        check_values(arguments)
        build(arguments)(arguments, prog_name="auditkit")
    except AuditkitError as error:
        if os.environ.get("AUDITKIT_DEBUG"):
            traceback.print_exc()
        typer.echo(f"auditkit: {' '.join(str(error).split())}", err=True)
        return error.exit_code
    except SystemExit as ended:
        if ended.code == ExitCode.INTERRUPTED:
            typer.echo("auditkit: interrupted; nothing half-written is left", err=True)
        return int(ended.code or 0)
    except KeyboardInterrupt:
        typer.echo("auditkit: interrupted; nothing half-written is left", err=True)
        return int(ExitCode.INTERRUPTED)
    except Exception:  # noqa: BLE001  a fault of ours: the traceback is what a maintainer needs
        traceback.print_exc()
        typer.echo("auditkit: internal error; please report the traceback above", err=True)
        return int(ExitCode.INTERNAL)
    return int(ExitCode.OK)


def build(arguments: Sequence[str]) -> Callable[..., Any]:
    """Return the program. Plugins are loaded only for a command that needs their options."""
    app = _typer(SUMMARY, name="auditkit", no_args_is_help=True, context_settings=SETTINGS)
    app.callback()(_version_option)
    called = read_words(arguments)
    for name, kind in STEP_COMMANDS.items():
        app.command(name)(_step_command(name, kind, called))
    app.command("power")(_power_command(called))
    _add_plain_commands(app)
    return typer.main.get_command(app)


def _typer(summary: str, **settings: Any) -> typer.Typer:
    return typer.Typer(help=summary, rich_markup_mode=None, **settings)


def _version_option(
    version: bool = typer.Option(False, "--version", help="print the version and exit", is_eager=True),  # noqa: FBT001,FBT003
) -> None:
    if version:
        import auditkit

        typer.echo(f"auditkit {auditkit.__version__}")
        raise typer.Exit


def _step_command(name: str, kind: str, called: Called) -> Callable[..., Any]:
    """Return a step command: in full when it is the one that was called, else only its name and summary."""
    if called.command != name:
        return _named_only(SUMMARIES[kind])
    from auditkit.cli.commands.step import step_command
    from auditkit.plugins.host import load_plugins

    return step_command(kind, load_plugins(), called.steps)


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
        plugins,
        recipes,
        report,
        run,
        schema,
    )

    app.command("run")(run.run)
    app.command("report")(report.report)
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
