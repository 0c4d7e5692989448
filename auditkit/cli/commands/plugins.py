"""`auditkit plugins`: list, show, new, check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditkit.cli.console.terminal import say, tell
from auditkit.cli.listing import AsJson, show_rows
from auditkit.values.shown.hidden import without_marks

if TYPE_CHECKING:
    from auditkit.plugins.host import Plugin


def plugins_list(as_json: AsJson = False) -> None:
    """List plugins: version, load time, what each provides, or why it was set aside."""
    from auditkit.plugins.host import load_plugins

    rows = [
        {
            "name": plugin.name,
            "package": plugin.distribution,
            "version": plugin.version,
            "load": f"{plugin.seconds * 1000:.0f} ms",
            "provides": ", ".join(_provided(plugin.provides)) or f"set aside: {plugin.problem}",
        }
        for plugin in load_plugins().plugins
    ]
    show_rows(rows, as_json=as_json)


def plugins_show(
    name: Annotated[str, typer.Argument(help="a plugin's name")],
    as_json: AsJson = False,
) -> None:
    """Show one plugin: its steps with their parameters, or why it was set aside."""
    plugin = _plugin(name)
    document: dict[str, Any] = {
        "name": plugin.name,
        "module": plugin.module,
        "package": plugin.distribution,
        "version": plugin.version,
        "problem": plugin.problem,
        "provides": _provided(plugin.provides),
        "steps": [_described(step) for step in _steps(plugin)],
    }
    if as_json:
        tell(without_marks(json.dumps(document, indent=1, ensure_ascii=False)))
        return
    tell(f"{plugin.name} {plugin.version} ({plugin.module} in {plugin.distribution})")
    if plugin.problem:
        tell(f"set aside: {plugin.problem}")
    for step in document["steps"]:
        tell(f"\n{step['name']} ({step['kind']}): {step['title']}")
        for parameter in step["params"]:
            tell(f"  {parameter['name']} = {parameter['default']}: {parameter['help']}")


def plugins_new(
    name: Annotated[str, typer.Argument(help="a name such as calibration")],
    folder: Annotated[Path, typer.Option("--folder", help="where the package's folder is made")] = Path(),
) -> None:
    """Write a plugin package with one audit, which passes its own tests, to start from."""
    from auditkit.plugins.scaffold import new_plugin

    for path in new_plugin(name, folder):
        tell(str(path))
    say(f"Install it: pip install -e {folder / f'auditkit-{name}'}")


def plugins_check(name: Annotated[str, typer.Argument(help="a plugin's name")]) -> None:
    """Check that a plugin loads and keeps the contract: its steps run on tiny tables, readers and writers work."""
    from auditkit.testing import check_plugin
    from auditkit.values.exit_code import ExitCode

    plugin, good = _plugin(name), True
    for checked in check_plugin(plugin):
        good = good and not checked.problem
        tell(
            f"BAD  {checked.what}: {checked.problem}"
            if checked.problem
            else f"ok   {checked.what}: {checked.done}"
        )
    if not good:
        raise typer.Exit(int(ExitCode.INTERNAL))
    tell(f"{plugin.name} {plugin.version}: {', '.join(_provided(plugin.provides)) or 'provides nothing'}")


def _plugin(name: str) -> Plugin:
    """Return an installed plugin, set aside or not, or raise with the nearest name."""
    from auditkit.errors import UsageError, nearest
    from auditkit.plugins.host import load_plugins

    known = {plugin.name: plugin for plugin in load_plugins().plugins}
    if name not in known:
        message = f"there is no plugin '{name}'{nearest(name, known)}"
        raise UsageError(message)
    return known[name]


def _steps(plugin: Plugin) -> list[Any]:
    return [step for kind in ("finders", "audits", "repairs") for step in plugin.provides.get(kind, ())]


def _provided(provides: Any) -> list[str]:
    from auditkit.plugins.host import KINDS

    return [
        f"{word} {item.stem if isinstance(item, Path) else item.name}"
        for kind, word in KINDS.items()
        for item in provides.get(kind, ())
    ]


def _described(step: Any) -> dict[str, Any]:
    from auditkit.spec.declared import parameters

    params = [{"name": p.name, "default": p.default, "help": p.help} for p in parameters(step.Params)]
    return {"name": step.name, "kind": step.kind, "title": step.title, "params": params}
