"""Loads plugins one by one, so that a broken one is set aside by name and the rest keep working."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pluggy

from auditkit.data.bundled.sets import BUNDLED
from auditkit.data.formats.extensions import EXTENSIONS
from auditkit.errors import PluginError, UsageError, nearest
from auditkit.plugins import hookspecs
from auditkit.step.step import Audit, Finder, Repair, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

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
_STEP_BASE: Mapping[str, type[Step[Any]]] = {"finders": Finder, "audits": Audit, "repairs": Repair}


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
        found = [step for kind in _STEP_BASE for step in self.provided(kind)]
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
        return next(p for p in self.plugins if any(step in p.provides.get(kind, ()) for kind in _STEP_BASE))

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
    taken: dict[str, str] = dict.fromkeys([*(f"data set {name}" for name in BUNDLED), *_READ_HERE], PROJECT)
    for entry in (*OWN, *chosen):
        plugin = _load(entry, taken)
        plugins.append(plugin)
        taken.update(dict.fromkeys(_claims(plugin.provides), plugin.name))
    return Host(tuple(plugins))


def _load(entry: EntryPoint, taken: Mapping[str, str]) -> Plugin:
    """Import one plugin and call its hooks; whatever it raises becomes its problem."""
    start = perf_counter()
    provides: Mapping[str, tuple[Any, ...]] = {}
    problem = ""
    try:
        provides = _ask(entry.load(), entry.name)
        clash = next((claim for claim in _claims(provides) if claim in taken), None)
        if clash:
            provides, problem = {}, f"{clash} is already provided by '{taken[clash]}'"
    except (Exception, SystemExit) as error:  # noqa: BLE001  a stranger's code may raise anything
        problem = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
    return Plugin(
        name=entry.name,
        module=entry.module,
        distribution=entry.dist.name if entry.dist else "",
        version=entry.dist.version if entry.dist else "",
        seconds=perf_counter() - start,
        provides=provides,
        problem=problem,
    )


def _ask(module: object, name: str) -> dict[str, tuple[Any, ...]]:
    """Call every hook of one plugin in a manager of its own; raise if a hook is misspelt or lies."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(module, name=name)
    known = {f"auditkit_{kind}" for kind in KINDS}
    for attribute in vars(module):
        if (
            attribute.startswith("auditkit_")
            and attribute not in known
            and callable(getattr(module, attribute))
        ):
            message = f"unknown hook '{attribute}'{nearest(attribute, known)}"
            raise PluginError(message)
    manager.check_pending()
    provides = {}
    for kind in KINDS:
        results = getattr(manager.hook, f"auditkit_{kind}")()
        provides[kind] = tuple(item for result in results for item in result)
        base = _STEP_BASE.get(kind)
        for item in provides[kind] if base else ():
            _check_step(item, base, kind)
    return provides


def _check_step(item: Any, base: type[Step[Any]] | None, kind: str) -> None:
    if not (isinstance(item, type) and base and issubclass(item, base)):
        message = f"auditkit_{kind} must return classes derived from auditkit.{base.__name__ if base else ''}"
        raise PluginError(message)
    lacking = [word for word in ("name", "title", "method") if not isinstance(getattr(item, word, None), str)]
    if lacking:
        message = f"step {item.__name__} does not say its {', '.join(lacking)}"
        raise PluginError(message)


def _built_in_first(entry: EntryPoint) -> tuple[bool, str]:
    """Order plugins by name, those of this distribution before strangers', so that nobody takes their names."""
    own = entry.dist is not None and entry.dist.name == DISTRIBUTION
    return not own, entry.name


def _claims(provides: Mapping[str, tuple[Any, ...]]) -> list[str]:
    """Return what only one plugin can have: names of steps, data sets and schemes, and the files it reads or writes."""
    return [
        *(f"step {step.name}" for kind in _STEP_BASE for step in provides.get(kind, ())),
        *(f"data set {dataset.name}" for dataset in provides.get("datasets", ())),
        *(f"scheme {loader.scheme}:" for loader in provides.get("loaders", ()) if loader.scheme),
        *(f"reading {end}" for loader in provides.get("loaders", ()) for end in loader.extensions),
        *(f"writing {end}" for renderer in provides.get("renderers", ()) for end in renderer.extensions),
    ]
