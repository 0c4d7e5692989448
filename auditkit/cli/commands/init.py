"""`auditkit init`: a recipe made from the user's table, and a pipeline that runs it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditkit.cli.console.terminal import say, tell
from auditkit.cli.shared import Data
from auditkit.errors import AuditkitError, UsageError, nearest

if TYPE_CHECKING:
    from auditkit.plugins.host import Host
    from auditkit.running.plan import Plan

PLACES = {
    "github": ".github/workflows/auditkit.yml",
    "gitlab": ".gitlab-ci.yml",
    "azure": "azure-pipelines.yml",
    "pre-commit": ".pre-commit-config.yaml",
}
IGNORED = ".auditkit/\naudit-report.html\n"
Ci = Annotated[str | None, typer.Option("--ci", help="also write a pipeline", metavar="|".join(PLACES))]
Column = Annotated[str | None, typer.Option(help="default: guessed by name")]


def init(
    data: Data,
    target: Column = None,
    pred: Column = None,
    score: Column = None,
    outcome: Annotated[str | None, typer.Option(help="a decision that is audited without labels")] = None,
    favourable: Annotated[str | None, typer.Option(help="the outcome that is a benefit")] = None,
    unfavourable: Annotated[str | None, typer.Option(help="instead: the outcome that is a burden")] = None,
    groups: Annotated[str | None, typer.Option(help="sex,age:0/40/120; default: guessed by name")] = None,
    ci: Ci = None,
    recipe: Annotated[Path, typer.Option(help="the recipe to write")] = Path("audit.yaml"),
) -> None:
    """Write a recipe for a table, with gates at what its rows can decide. Asks nothing and overwrites nothing."""
    from auditkit.cli.begin.recipe import chosen_gates, recipe_text
    from auditkit.plugins.host import load_plugins

    if ci is not None and ci not in PLACES:
        message = f"--ci {ci}: there is no such pipeline{nearest(ci, PLACES)}"
        raise UsageError(message)
    if recipe.exists():
        message = f"{recipe} is there already, and nothing is overwritten; name another with --recipe"
        raise UsageError(message)
    given = {
        "target": target,
        "pred": pred,
        "score": score,
        "outcome": outcome,
        "favourable": favourable,
        "unfavourable": unfavourable,
        "groups": groups,
    }
    plan, said = _planned(
        data, {key: value for key, value in given.items() if value is not None}, load_plugins()
    )
    _write_recipe(recipe, recipe_text(plan, chosen_gates(plan), said, folder=recipe.parent), plan)
    if ci is not None:
        _write_unless_there(Path(PLACES[ci]), _template(ci, recipe))
    _write_unless_there(Path(".gitignore"), IGNORED)
    name = word_of(recipe)
    tell(f"Next  auditkit run {name}   auditkit power {name}")


def word_of(recipe: Path) -> str:
    """Return a recipe's path as one word of a shell, which no command takes for an option."""
    name = recipe.as_posix()
    return quote(f"./{name}" if name.startswith("-") else name)


def _planned(data: str, given: dict[str, Any], host: Host) -> tuple[Plan, dict[str, str]]:
    """Return the plan of the table's audit, and what is said of each of its roles."""
    from auditkit.cli.execute import plan_of
    from auditkit.recipe.groups import parse_groups
    from auditkit.recipe.options import recipe_of, told_by_options
    from auditkit.spec.consent import Consent

    said = dict.fromkeys(given, "you said so")
    if data not in host.datasets:
        guessed = {key: value for key, value in _guessed(data, given, host).items() if key not in given}
        said |= dict.fromkeys(guessed, "guessed")
        given = {**guessed, **given}
    cuts = given.pop("groups", "")
    recipe = recipe_of(data, parse_groups(cuts), steps=[host.step("rates", kind="audit")], given=given)
    recipe = replace(recipe, name=Path(data).stem)
    return plan_of(told_by_options(recipe, cuts, consent=Consent()), host), said


def _guessed(data: str, given: dict[str, Any], host: Host) -> dict[str, str]:
    """Return the roles that the table's own columns suggest."""
    from auditkit.cli.begin.guess import (
        PREDS,
        SCORES,
        TARGETS,
        binary_column,
        column_named,
        groups_in,
        no_label,
        twin_of,
    )
    from auditkit.data.formats.table import read_table
    from auditkit.data.sources import read_source

    table = read_source(
        data, None, datasets=host.datasets, loaders=host.loaders, folder=Path(), read=read_table
    )
    found: dict[str, str | None] = {}
    if "outcome" not in given:
        found["target"] = binary_column(table, TARGETS)
        if "score" not in given and "pred" not in given:
            target = str(given.get("target") or found["target"])
            found["pred"] = binary_column(table, PREDS)
            found["score"] = None if found["pred"] else column_named(table, SCORES)
            if not found["pred"] and not found["score"]:
                found["pred"] = twin_of(table, target)
        if not found["target"] and "target" not in given:
            raise UsageError(no_label(table))
    found["groups"] = None if "groups" in given else groups_in(table)
    return {key: value for key, value in found.items() if value}


def _template(ci: str, recipe: Path) -> str:
    from importlib.resources import files

    text = (files("auditkit.cli.begin") / "templates" / f"{ci}.yml").read_text(encoding="utf-8")
    return "".join(_with_recipe(line, recipe) for line in text.splitlines(keepends=True))


def _with_recipe(line: str, recipe: Path) -> str:
    """Return a line of a pipeline with the recipe in its command: a word of the shell, in a text of YAML."""
    from auditkit.cli.begin.recipe import flow

    start = line.find("auditkit run RECIPE")
    if start < 0:
        return line
    command = line[start:].rstrip("\n").replace("RECIPE", word_of(recipe))
    return f"{line[:start]}{flow(command)}\n"


def _write_recipe(path: Path, text: str, plan: Plan) -> None:
    """Write the recipe and read it back; one that does not say what was asked for is not left there."""
    from auditkit.cli.execute import plan_of
    from auditkit.recipe.named import named_recipe

    _write(path, text)
    try:
        found = named_recipe(str(path), ())
        plan_of(found, plan.host)
        if found.recipe.groups != plan.recipe.groups:
            message = f"{path} would not read back with groups {', '.join(plan.recipe.groups)}: rename their columns"
            raise UsageError(message)
    except AuditkitError:
        path.unlink()
        raise


def _write(path: Path, text: str) -> None:
    from auditkit.store.outputs import write_output

    write_output(path, text.encode())
    say(f"wrote {path}")


def _write_unless_there(path: Path, text: str) -> None:
    """Write a file, or print what to add to the one that is there."""
    if path.exists():
        there = path.read_text(encoding="utf-8", errors="replace")
        if text not in there:
            tell(f"{path} is there already; what to add:\n\n{text}")
        return
    _write(path, text)
