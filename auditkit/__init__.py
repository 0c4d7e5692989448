"""The public door: what plugins, notebooks and scripts import. Importing it loads no numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditkit.encoding import MISSING, Encoded, EncodedColumn, encode
    from auditkit.errors import AuditkitError, DataError, PluginError, RecipeError, UsageError, nearest
    from auditkit.exhibits import Cell, Chart, Colour, Layer, Table
    from auditkit.hookspecs import Loader, ModelReader, Renderer, hookimpl
    from auditkit.labels import class_array, class_codes, label_text
    from auditkit.loading.formats import read_table
    from auditkit.notebook import run_recipe
    from auditkit.report import (
        Compare,
        Direction,
        Finding,
        GateResult,
        GroupEntry,
        Interval,
        Metric,
        Report,
        Skipped,
    )
    from auditkit.spec import InputFile, Stats
    from auditkit.step import Audit, Context, Dataset, Finder, Mined, Predictions, Repair, Repaired
    from auditkit.subject import Group, Grouping, Images, Retrieval, Subject

__version__ = "0.1.0"

_HOME = {
    "auditkit.encoding": ("MISSING", "Encoded", "EncodedColumn", "encode"),
    "auditkit.errors": ("AuditkitError", "DataError", "PluginError", "RecipeError", "UsageError", "nearest"),
    "auditkit.exhibits": ("Cell", "Chart", "Colour", "Layer", "Table"),
    "auditkit.labels": ("class_array", "class_codes", "label_text"),
    "auditkit.loading.formats": ("read_table",),
    "auditkit.notebook": ("run_recipe",),
    "auditkit.report": (
        "Compare", "Direction", "Finding", "GateResult", "GroupEntry", "Interval", "Metric", "Report", "Skipped",
    ),
    "auditkit.hookspecs": ("Loader", "ModelReader", "Renderer", "hookimpl"),
    "auditkit.spec": ("InputFile", "Stats"),
    "auditkit.step": ("Audit", "Context", "Dataset", "Finder", "Mined", "Predictions", "Repair", "Repaired"),
    "auditkit.subject": ("Group", "Grouping", "Images", "Retrieval", "Subject"),
}  # fmt: skip
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "MISSING",
    "Audit",
    "AuditkitError",
    "Cell",
    "Chart",
    "Colour",
    "Compare",
    "Context",
    "DataError",
    "Dataset",
    "Direction",
    "Encoded",
    "EncodedColumn",
    "Finder",
    "Finding",
    "GateResult",
    "Group",
    "GroupEntry",
    "Grouping",
    "Images",
    "InputFile",
    "Interval",
    "Layer",
    "Loader",
    "Metric",
    "Mined",
    "ModelReader",
    "PluginError",
    "Predictions",
    "RecipeError",
    "Renderer",
    "Repair",
    "Repaired",
    "Report",
    "Retrieval",
    "Skipped",
    "Stats",
    "Subject",
    "Table",
    "UsageError",
    "__version__",
    "class_array",
    "class_codes",
    "encode",
    "hookimpl",
    "label_text",
    "nearest",
    "read_table",
    "run_recipe",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home on first use (PEP 562)."""
    if name not in _MODULE_OF:
        message = f"module 'auditkit' has no attribute {name!r}"
        raise AttributeError(message)
    import importlib

    return getattr(importlib.import_module(_MODULE_OF[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
