"""Every check of a plugin: one line for each thing that it brings."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.data.subjects import load
from auditkit.errors import AuditkitError
from auditkit.plugins.host import KINDS
from auditkit.spec.data import DataSpec
from auditkit.testing.offers import check_dataset, check_loader, check_model, check_recipe, check_renderer
from auditkit.testing.steps import check_step
from auditkit.testing.tiny import tiny_subjects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditkit.plugins.host import Plugin
    from auditkit.values.subject import Subject


MOST_ROWS = 5_000


@dataclass(frozen=True)
class Checked:
    """One thing that a plugin brings, what was done with it, and what is wrong with it, "" if nothing is."""

    what: str
    done: str
    problem: str = ""


def check_plugin(plugin: Plugin) -> Iterator[Checked]:
    """Yield a line for everything that a plugin brings: steps run, readers and writers called, data sets read.

    Steps run on tiny subjects, and on the plugin's own data sets of at most MOST_ROWS rows.
    """
    subjects = {**tiny_subjects(), **_own_subjects(plugin)}
    if plugin.problem:
        yield Checked(f"plugin {plugin.name}", "", f"set aside: {plugin.problem}")
    for kind, word in KINDS.items():
        for item in plugin.provides.get(kind, ()):
            what = f"{word} {item.stem if kind == 'recipes' else item.name}"
            try:
                yield Checked(what, _done(kind, item, plugin, subjects))
            except AssertionError as error:
                yield Checked(what, "", str(error))


def _done(kind: str, item: Any, plugin: Plugin, subjects: Mapping[str, Subject]) -> str:
    """Check one thing and say what was done; raise AssertionError if it breaks its contract."""
    match kind:
        case "finders" | "audits" | "repairs":
            ran = check_step(item, subjects=subjects)
            return f"ran on {', '.join(ran)}" if ran else "declared; no tiny subject serves it"
        case "loaders":
            check_loader(item)
            return "asked for what is not there"
        case "models":
            check_model(item)
            return "asked for what is not there"
        case "renderers":
            check_renderer(item)
            return "wrote a report"
        case "datasets":
            check_dataset(item, loaders=plugin.provides.get("loaders", ()))
            return "read"
        case "recipes":
            check_recipe(item)
            return "read"
    message = f"there is no check for {kind}"
    raise ValueError(message)


def _own_subjects(plugin: Plugin) -> dict[str, Subject]:
    """Return the plugin's own data sets that can be read and are small."""
    datasets = {dataset.name: dataset for dataset in plugin.provides.get("datasets", ())}
    found = {}
    for name in datasets:
        with suppress(AuditkitError):
            found[name] = load(
                DataSpec(path=name),
                datasets=datasets,
                loaders=plugin.provides.get("loaders", ()),
                folder=Path(),
            )
    return {name: subject for name, subject in found.items() if len(subject) <= MOST_ROWS}
