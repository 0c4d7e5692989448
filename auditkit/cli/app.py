"""The command `auditkit`: builds the program, runs it, and catches a user's errors once."""

from __future__ import annotations

import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

import typer

from auditkit.errors import AuditkitError
from auditkit.values.exit_code import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SUMMARY = (
    "Audit data, models and search for unfairness to groups; find groups nobody named; gate CI on the answer."
)
STEP_COMMANDS = {"mine": "finder", "audit": "audit", "repair": "repair"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with one of the documented exit codes."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit code. A user's error is one sentence on standard error."""
    try:
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
    app = typer.Typer(
        name="auditkit", help=SUMMARY, rich_markup_mode=None, no_args_is_help=True, add_completion=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )  # fmt: skip
    app.callback()(_version_option)
    for name, kind in STEP_COMMANDS.items():
        app.command(name)(_step_command(name, kind, arguments))
    app.command("power")(_power_command(arguments))
    _add_plain_commands(app)
    return typer.main.get_command(app)


def _version_option(
    version: bool = typer.Option(False, "--version", help="print the version and exit", is_eager=True),  # noqa: FBT001,FBT003
) -> None:
    if version:
        import auditkit

        typer.echo(f"auditkit {auditkit.__version__}")
        raise typer.Exit


def _step_command(name: str, kind: str, arguments: Sequence[str]) -> Callable[..., Any]:
    """Return a step command: in full when it is the one that was called, else only its name and summary."""
    from auditkit.cli.step_summaries import SUMMARIES

    if _called(arguments) != name:

        def named_only() -> None:
            """Stand in the list of commands."""

        named_only.__doc__ = SUMMARIES[kind]
        return named_only
    from auditkit.cli.step_commands import step_command
    from auditkit.plugins.host import load_plugins

    return step_command(kind, load_plugins(), arguments)


def _power_command(arguments: Sequence[str]) -> Callable[..., Any]:
    """Return `auditkit power`, in full when it is the one that was called."""
    from auditkit.cli.step_summaries import POWER

    if _called(arguments) != "power":

        def named_only() -> None:
            """Stand in the list of commands."""

        named_only.__doc__ = POWER
        return named_only
    from auditkit.cli.power import power_command
    from auditkit.plugins.host import load_plugins

    return power_command(load_plugins(), arguments)


def _called(arguments: Sequence[str]) -> str:
    """Return the command that the arguments name."""
    return next((word for word in arguments if not word.startswith("-")), "")


def _add_plain_commands(app: typer.Typer) -> None:
    from auditkit.cli import about, catalogue, recipes

    app.command("run")(recipes.run)
    app.command("report")(recipes.report)
    app.command("recipes")(catalogue.recipes)
    app.command("datasets")(catalogue.datasets)
    plugins = typer.Typer(help="Plugins: what is installed, what each provides.", rich_markup_mode=None)
    plugins.command("list")(catalogue.plugins_list)
    plugins.command("show")(catalogue.plugins_show)
    plugins.command("new")(catalogue.plugins_new)
    plugins.command("check")(catalogue.plugins_check)
    app.add_typer(plugins, name="plugins")
    app.command("schema")(about.schema)
    app.command("explain")(about.explain)
    app.command("doctor")(about.doctor)
    app.command("demo")(recipes.demo)
