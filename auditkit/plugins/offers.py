"""What a plugin's hooks hand over, held to its declared types as the plugin loads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, get_args

from auditkit.errors import PluginError
from auditkit.plugins.bounds import check_bounds
from auditkit.plugins.fault import said
from auditkit.step.step import Audit, Finder, Repair, Step
from auditkit.values.compare import COMPARISONS, Direction
from auditkit.values.metric import Metric
from auditkit.values.offers import Dataset, Loader, ModelReader, Renderer

STEPS: Mapping[str, type[Step[Any]]] = {"finders": Finder, "audits": Audit, "repairs": Repair}
_VALUES: Mapping[str, type[Any]] = {
    "loaders": Loader,
    "models": ModelReader,
    "renderers": Renderer,
    "recipes": Path,
    "datasets": Dataset,
}
_NAME = re.compile(r"[^\s,=:]+")
_ENDING = re.compile(r"\.[^\s/\\]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")


def handed_over(kind: str, results: Any) -> tuple[Any, ...]:
    """Return what a hook returned, each item checked, or raise PluginError that says what is wrong with it."""
    hook = f"auditkit_{kind}"
    if not isinstance(results, Iterable) or isinstance(results, str | bytes | Mapping):
        message = f"{hook} returned {shown(results)}; return a list"
        raise PluginError(message)
    items = tuple(results)
    for item in items:
        _check_kind(kind, item)
        match item:
            case type():
                _check_step(item)
            case Path():
                need(item.is_file(), f"recipe {item} is no file")
            case _:
                _check_value(item)
    return items


def _check_kind(kind: str, item: Any) -> None:
    if kind in STEPS:
        base = STEPS[kind]
        fits = isinstance(item, type) and issubclass(item, base)
        need(fits, f"auditkit_{kind} must return classes derived from auditkit.{base.__name__}")
    else:
        wanted = _VALUES[kind].__name__
        need(
            isinstance(item, _VALUES[kind]), f"auditkit_{kind} must return {wanted} values, not {shown(item)}"
        )


def _check_step(step: type[Step[Any]]) -> None:
    """Raise PluginError unless the step says what it is and can be made."""
    lacking = [word for word in ("name", "title", "method") if not _is_text(getattr(step, word, None))]
    need(not lacking, f"step {step.__name__} does not say its {', '.join(lacking)}")
    need(_NAME.fullmatch(step.name) is not None, f"step {step.name!r} has a name with spaces, commas, = or :")
    declares = isinstance(step.metrics, tuple) and all(isinstance(m, Metric) for m in step.metrics)
    need(declares, f"step {step.name}: metrics must be a tuple of Metric values")
    for metric in step.metrics:
        _check_metric(metric, f"step {step.name}: metric {metric.name!r}")
    need(
        isinstance(step.Params, type) and is_dataclass(step.Params),
        f"step {step.name}: Params is no dataclass",
    )
    try:
        check_bounds(step.Params, f"step {step.name}")
        step()
    except PluginError:
        raise
    except Exception as error:
        message = f"step {step.name} cannot be made: {said(error)}"
        raise PluginError(message) from error


def _check_metric(metric: Metric, what: str) -> None:
    need(_is_text(metric.name), f"{what} has no name")
    for word in ("title", "formula", "unit", "source"):
        need(isinstance(getattr(metric, word), str), f"{what}: {word} must be text")
    need(metric.direction in get_args(Direction), f"{what}: direction {metric.direction!r} is not known")
    for side in (metric.favourable, metric.unfavourable):
        need(side is None or side in get_args(Direction), f"{what}: direction {side!r} is not known")
    compares = are_texts(metric.compares) and all(one in COMPARISONS for one in metric.compares)
    need(
        bool(metric.compares) and compares,
        f"{what}: compares must be a tuple of {', '.join(COMPARISONS)}",
    )


def _check_value(item: Any) -> None:
    """Raise PluginError unless a loader's, model reader's, renderer's or data set's fields have their types."""
    what = f"{type(item).__name__} {getattr(item, 'name', '')!r}"
    need(_is_text(item.name), f"a {type(item).__name__} has no name")
    match item:
        case Loader():
            need(callable(item.read), f"{what}: read must be a function")
            _check_endings(item.extensions, what)
            fits = item.scheme == "" or (_is_text(item.scheme) and _SCHEME.fullmatch(item.scheme) is not None)
            need(fits, f"{what}: scheme {item.scheme!r} is no word such as 'sql'")
            need(bool(item.scheme or item.extensions), f"{what} has neither a scheme nor extensions")
        case ModelReader():
            need(
                callable(item.accepts) and callable(item.read), f"{what}: accepts and read must be functions"
            )
            need(callable(item.code), f"{what}: code must be a function")
        case Renderer():
            need(callable(item.render), f"{what}: render must be a function")
            _check_endings(item.extensions, what)
            need(bool(item.extensions), f"{what} has no extensions")
        case Dataset():
            _check_dataset(item, what)


def _check_dataset(dataset: Dataset, what: str) -> None:
    for word in ("title", "path", "licence", "citation", "caveat"):
        need(isinstance(getattr(dataset, word), str), f"{what}: {word} must be text")
    for word in ("target", "split", "embeddings"):
        need(isinstance(getattr(dataset, word), str | None), f"{what}: {word} must be text, or None")
    for word in ("sensitive", "ignore"):
        need(are_texts(getattr(dataset, word)), f"{what}: {word} must be a tuple of column names")
    for word in ("files", "groups"):
        need(isinstance(getattr(dataset, word), Mapping), f"{what}: {word} must be a dict")
    fits = all(isinstance(cut, Mapping) and _is_text(cut.get("column")) for cut in dataset.groups.values())
    need(fits, f"{what}: each of groups must be a dict with a column")


def _check_endings(extensions: Any, what: str) -> None:
    fits = are_texts(extensions) and all(_ENDING.fullmatch(end) for end in extensions)
    need(fits, f"{what}: extensions must be a tuple of endings with their dot, such as ('.xyz',)")


def need(fits: bool, message: str) -> None:  # noqa: FBT001  reads as the word `assert` does
    """Raise PluginError with this message unless it fits."""
    if not fits:
        raise PluginError(message)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def are_texts(values: Any) -> bool:
    """Return whether this is a tuple of texts that say something."""
    return isinstance(values, tuple) and all(_is_text(value) for value in values)


def shown(value: Any) -> str:
    """Return a value's type in words, or the word None."""
    return "None" if value is None else f"a {type(value).__name__}"
