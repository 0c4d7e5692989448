"""Loaders, model readers and renderers of plugins, called so that what fails names the plugin it belongs to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditkit.errors import DataError
from auditkit.plugins.fault import at_fault, said
from auditkit.plugins.offers import are_texts, need, shown
from auditkit.values.offers import Loader, ModelReader, Renderer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from auditkit.values.report import Report


def named(provides: Mapping[str, tuple[Any, ...]], plugin: str) -> dict[str, tuple[Any, ...]]:
    """Return what a plugin provides with functions that name the plugin, in the words `plugin`, where they fail."""
    return {kind: tuple(_named(item, plugin) for item in items) for kind, items in provides.items()}


def _named(item: Any, plugin: str) -> Any:
    match item:
        case Loader():
            return replace(item, read=_reading(item, f"{plugin}, loader '{item.name}'"))
        case ModelReader():
            return _model_reader(item, f"{plugin}, model reader '{item.name}'")
        case Renderer():
            return replace(item, render=_rendering(item, f"{plugin}, renderer '{item.name}'"))
        case _:  # steps are called by the engine, recipes and data sets are no code
            return item


def _reading(loader: Loader, who: str) -> Callable[[str], Any]:
    """Return the loader's `read`: a table, DataError where the system could not read, PluginError for the rest."""

    def read(where: str) -> Any:
        import pandas as pd

        with at_fault(who):
            try:
                frame = loader.read(where)
            except OSError as error:
                message = f"{who} cannot read {where}: {error.strerror or said(error)}"
                raise DataError(message) from error
            need(isinstance(frame, pd.DataFrame), f"{who} returned {shown(frame)}, not a pandas DataFrame")
            notes = frame.attrs.get("notes", ())
            need(are_texts(notes), f"{who}: attrs['notes'] must be a tuple of sentences")
        return frame

    return read


def _model_reader(reader: ModelReader, who: str) -> ModelReader:
    """Return the reader with an `accepts` that says true or false, and a `code` that returns names."""

    def accepts(path: Path) -> bool:
        with at_fault(who):
            found = reader.accepts(path)
            need(isinstance(found, bool), f"{who}: accepts returned {shown(found)}, not True or False")
            return found

    def read(path: Path) -> Any:
        with at_fault(who):
            return reader.read(path)

    def code(path: Path) -> tuple[str, ...]:
        with at_fault(who):
            found = reader.code(path)
            need(are_texts(found), f"{who}: code returned {shown(found)}, not a tuple of module:object names")
            return found

    return replace(reader, accepts=accepts, read=read, code=code)


def _rendering(renderer: Renderer, who: str) -> Callable[[Report], str]:
    """Return the renderer's `render`: text that a UTF-8 file can hold."""

    def render(report: Report) -> str:
        with at_fault(who):
            text = renderer.render(report)
            need(isinstance(text, str), f"{who} returned {shown(text)}, not text")
            text.encode()
            return text

    return render
