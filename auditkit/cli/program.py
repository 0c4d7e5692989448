"""The program: its commands and their options, each made when it is called."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from auditkit.cli.console.terminal import tell
from auditkit.cli.summaries import DIFF, POWER, STEP_COMMANDS, SUMMARIES
from auditkit.cli.words import read_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditkit.cli.words import Called

    Made = Callable[..., Any] | typer.Typer

SUMMARY = (
    "Audit data, models and search for unfairness to groups; find groups nobody named; gate CI on the answer."
)
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def build(arguments: Sequence[str]) -> Callable[..., Any]:
    """Return the program: of the command that the first word names, else of all, since help or an error lists them.

    Plugins are loaded only for a command that needs their options.
    """
    app = _typer(SUMMARY, name="auditkit", no_args_is_help=True, context_settings=SETTINGS)
    app.callback()(_global_options)
    every = _commands(read_words(arguments))
    first = next(iter(arguments), "")
    for name in (first,) if first in every else every:
        made = every[name]()
        if isinstance(made, typer.Typer):
            app.add_typer(made, name=name)
        else:
            app.command(name)(made)
    return typer.main.get_command(app)


def _commands(called: Called) -> dict[str, Callable[[], Made]]:
    """Return what makes each command, or several below one name, in the order of the help."""
    return {
        **{name: partial(_step_command, name, kind, called) for name, kind in STEP_COMMANDS.items()},
        "diff": partial(_diff_command, called),
        "power": partial(_power_command, called),
        "run": _run,
        "init": _init,
        "report": _report,
        "check": _check,
        "waive": _waive,
        "runs": _runs,
        "recipes": _recipes,
        "datasets": _datasets,
        "plugins": _plugins,
        "schema": _schema,
        "explain": _explain,
        "doctor": _doctor,
        "demo": _demo,
    }


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


def _run() -> Made:
    from auditkit.cli.commands.run import run

    return run


def _init() -> Made:
    from auditkit.cli.commands.init import init

    return init


def _report() -> Made:
    from auditkit.cli.commands.stored.report import report

    return report


def _check() -> Made:
    from auditkit.cli.commands.stored.check import check

    return check


def _recipes() -> Made:
    from auditkit.cli.commands.recipes import recipes

    return recipes


def _datasets() -> Made:
    from auditkit.cli.commands.datasets import datasets

    return datasets


def _schema() -> Made:
    from auditkit.cli.commands.schema import schema

    return schema


def _explain() -> Made:
    from auditkit.cli.commands.explain import explain

    return explain


def _doctor() -> Made:
    from auditkit.cli.commands.doctor import doctor

    return doctor


def _demo() -> Made:
    from auditkit.cli.commands.demo import demo

    return demo


def _plugins() -> Made:
    from auditkit.cli.commands import plugins

    below = _typer("Plugins: what is installed, what each provides.")
    below.command("list")(plugins.plugins_list)
    below.command("show")(plugins.plugins_show)
    below.command("new")(plugins.plugins_new)
    below.command("check")(plugins.plugins_check)
    return below


def _waive() -> Made:
    from auditkit.cli.commands.stored import waive

    below = _typer("Waivers: findings that somebody accepts, with an owner, a reason and an end.")
    below.command("add")(waive.waive_add)
    below.command("list")(waive.waive_list)
    below.command("check")(waive.waive_check)
    below.command("prune")(waive.waive_prune)
    return below


def _runs() -> Made:
    from auditkit.cli.commands.stored import runs

    below = _typer("Runs that were kept: evidence to list, verify, run again, export and prune.")
    below.command("list")(runs.runs_list)
    below.command("show")(runs.runs_show)
    below.command("verify")(runs.runs_verify)
    below.command("rerun")(runs.runs_rerun)
    below.command("export")(runs.runs_export)
    below.command("prune")(runs.runs_prune)
    return below
