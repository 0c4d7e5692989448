"""Loads plugins one by one, so that a broken one is set aside by name and the rest keep working."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint, entry_points
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pluggy

from auditkit.data.bundled.recipes import bundled_recipes
from auditkit.data.bundled.sets import BUNDLED
from auditkit.data.formats.extensions import EXTENSIONS
from auditkit.errors import PluginError, UsageError, nearest
from auditkit.interrupt import heeded
from auditkit.plugins import hookspecs
from auditkit.plugins.calls import named
from auditkit.plugins.fault import said
from auditkit.plugins.offers import STEPS, handed_over

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from auditkit.step.step import Step
    from auditkit.values.offers import Dataset, Loader, ModelReader, Renderer

PROJECT = hookspecs.PROJECT
KINDS: Mapping[str, str] = {
    "finders": "finder",
    "audits": "audit",
    "repairs": "repair",
    "loaders": "loader",
    "models": "model reader",
    "renderers": "renderer",
    "recipes": "recipe",
    "datasets": "data set",
}
"""What a plugin may bring, by the end of its hook's name, and what one of it is called."""
_READ_HERE = tuple(f"reading {end}" for end in EXTENSIONS)
OWN = (EntryPoint("formats", "auditkit.render.formats", PROJECT),)
"""What auditkit itself brings through the plugins' door: always there, and first."""
DISTRIBUTION = "fair-auditkit"


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """One entry point: what it gave, how long it took to load, or why it was set aside."""

    name: str
    module: str
    distribution: str
    version: str
    seconds: float
    provides: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    problem: str = ""

    @property
    def words(self) -> str:
        """What a sentence calls it."""
        return f"plugin '{self.name}' {self.version}".strip()


@dataclass(frozen=True)
class Host:
    """The plugins of this run and all that they provide, by name."""

    plugins: tuple[Plugin, ...]

    def provided(self, kind: str) -> tuple[Any, ...]:
        """Return everything of one kind, in the order of the plugins' names."""
        return tuple(item for plugin in self.plugins for item in plugin.provides.get(kind, ()))

    @property
    def steps(self) -> Mapping[str, type[Step[Any]]]:
        """Every finder, audit and repair by its name."""
        found = [step for kind in STEPS for step in self.provided(kind)]
        return MappingProxyType({step.name: step for step in found})

    @property
    def datasets(self) -> Mapping[str, Dataset]:
        """Every data set by its name: the bundled ones, then those of plugins."""
        return MappingProxyType(
            {**BUNDLED, **{dataset.name: dataset for dataset in self.provided("datasets")}}
        )

    @property
    def loaders(self) -> tuple[Loader, ...]:
        """Readers that plugins bring."""
        return self.provided("loaders")

    @property
    def models(self) -> tuple[ModelReader, ...]:
        """Readers of models that plugins bring."""
        return self.provided("models")

    @property
    def renderers(self) -> tuple[Renderer, ...]:
        """Writers that plugins bring."""
        return self.provided("renderers")

    @property
    def recipes(self) -> tuple[Path, ...]:
        """Recipe files that plugins bring."""
        return self.provided("recipes")

    @property
    def set_aside(self) -> tuple[Plugin, ...]:
        """Plugins that could not be used."""
        return tuple(plugin for plugin in self.plugins if plugin.problem)

    def step(self, name: str, *, kind: str = "") -> type[Step[Any]]:
        """Return the step of that name, or raise: the plugin broke, is missing, or another kind was asked."""
        steps = {known: step for known, step in self.steps.items() if not kind or step.kind == kind}
        if name in steps:
            return steps[name]
        for plugin in self.set_aside:
            if name.split(".")[0] == plugin.name:
                message = f"'{name}' needs plugin '{plugin.name}', which was set aside: {plugin.problem}"
                raise PluginError(message)
        if name in self.steps:
            message = f"'{name}' is of kind {self.steps[name].kind}, not {kind}{nearest(name, steps)}"
            raise UsageError(message)
        message = f"no plugin provides {f'a {kind} called ' if kind else ''}'{name}'{nearest(name, steps)}"
        raise UsageError(message)

    def plugin_of(self, step: type[Step[Any]]) -> Plugin:
        """Return the plugin that brought a step."""
        return next(p for p in self.plugins if any(step in p.provides.get(kind, ()) for kind in STEPS))

    def require(self, names: Iterable[str]) -> None:
        """Raise PluginError unless each of these plugins is there and works."""
        working = {plugin.name: plugin for plugin in self.plugins if not plugin.problem}
        for name in names:
            broken = next((p for p in self.set_aside if p.name == name), None)
            if broken:
                message = f"required plugin '{name}' was set aside: {broken.problem}"
                raise PluginError(message)
            if name not in working:
                message = f"required plugin '{name}' is not installed{nearest(name, working)}"
                raise PluginError(message)


def load_plugins(*, only: Iterable[str] | None = None, found: Iterable[EntryPoint] | None = None) -> Host:
    """Load the entry points of group `auditkit`, sorted by name.

    `only` keeps the plugins with these names; None reads the environment variable AUDITKIT_PLUGINS (comma
    separated; set but empty means none), and without it keeps all. Never raises for a plugin's fault.
    """
    if only is None and "AUDITKIT_PLUGINS" in os.environ:
        only = [name.strip() for name in os.environ["AUDITKIT_PLUGINS"].split(",") if name.strip()]
    candidates = entry_points(group=PROJECT) if found is None else found
    chosen = sorted((e for e in candidates if only is None or e.name in set(only)), key=_built_in_first)
    plugins: list[Plugin] = []
    sets = (f"data set {name}" for name in BUNDLED)
    recipes = (f"recipe {path.stem}" for path in bundled_recipes())
    taken: dict[str, str] = dict.fromkeys([*sets, *recipes, *_READ_HERE], PROJECT)
    for entry in (*OWN, *chosen):
        plugin = _load(entry, taken)
        plugins.append(plugin)
        taken.update(dict.fromkeys(_claims(plugin.name, plugin.provides), plugin.name))
    return Host(tuple(plugins))


def _load(entry: EntryPoint, taken: Mapping[str, str]) -> Plugin:
    """Import one plugin and call its hooks; whatever it raises becomes its problem, what it prints goes aside."""
    start = perf_counter()
    provides: Mapping[str, tuple[Any, ...]] = {}
    problem = ""
    try:
        with heeded(), redirect_stdout(sys.stderr):
            provides = _ask(entry.load(), entry.name)
        claims = _claims(entry.name, provides)
        clash = next((claim for claim in claims if claim in taken), None)
        twice = next((claim for i, claim in enumerate(claims) if claim in claims[:i]), None)
        if clash or twice:
            owner = f"already provided by '{taken[clash]}'" if clash else "provided twice"
            provides, problem = {}, f"{clash or twice} is {owner}"
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  a stranger's code may raise anything
        problem = said(error)
    distribution, version = _distribution(entry)
    plugin = Plugin(
        name=entry.name,
        module=entry.module,
        distribution=distribution,
        version=version,
        seconds=perf_counter() - start,
        provides=provides,
        problem=problem,
    )
    return plugin if entry in OWN else replace(plugin, provides=named(provides, plugin.words))


def _ask(module: object, name: str) -> dict[str, tuple[Any, ...]]:
    """Call every hook of one plugin in a manager of its own; raise if a hook is misspelt or lies."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(module, name=name)
    known = {f"auditkit_{kind}" for kind in KINDS}
    for attribute in sorted(known & set(vars(module))):
        if callable(hook := getattr(module, attribute)) and not hasattr(hook, f"{PROJECT}_impl"):
            message = f"hook '{attribute}' is not marked: write @hookimpl above it"
            raise PluginError(message)
    for attribute in vars(module):
        if (
            attribute.startswith("auditkit_")
            and attribute not in known
            and callable(getattr(module, attribute))
        ):
            message = f"unknown hook '{attribute}'{nearest(attribute, known)}"
            raise PluginError(message)
    manager.check_pending()
    return {
        kind: tuple(
            item
            for hook in getattr(manager.hook, f"auditkit_{kind}").get_hookimpls()
            for item in handed_over(
                kind, hook.function()
            )  # not through pluggy, which hides a hook that returns None
        )
        for kind in KINDS
    }


def _distribution(entry: EntryPoint) -> tuple[str, str]:
    """Return name and version of the package that an entry point belongs to, "" where its metadata lacks them."""
    found = entry.dist
    try:
        return (str(found.name or ""), str(found.version or "")) if found else ("", "")
    except Exception:  # noqa: BLE001  half an installation raises what it likes
        return "", ""


def _built_in_first(entry: EntryPoint) -> tuple[bool, str]:
    """Order plugins by name, those of this distribution before strangers', so that nobody takes their names."""
    return _distribution(entry)[0] != DISTRIBUTION, entry.name


def _claims(name: str, provides: Mapping[str, tuple[Any, ...]]) -> list[str]:
    """Return what only one plugin can have: its name, those of steps, data sets, schemes, recipes, and file endings."""
    return [
        f"the plugin name '{name}'",
        *(f"step {step.name}" for kind in STEPS for step in provides.get(kind, ())),
        *(f"data set {dataset.name}" for dataset in provides.get("datasets", ())),
        *(f"recipe {path.stem}" for path in provides.get("recipes", ())),
        *(f"scheme {loader.scheme}:" for loader in provides.get("loaders", ()) if loader.scheme),
        *(f"model scheme {reader.scheme}:" for reader in provides.get("models", ()) if reader.scheme),
        *(f"format {renderer.name}" for renderer in provides.get("renderers", ())),
        *(f"reading {end}" for loader in provides.get("loaders", ()) for end in loader.extensions),
        *(f"writing {end}" for renderer in provides.get("renderers", ()) for end in renderer.extensions),
    ]
