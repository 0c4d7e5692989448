"""The public door: what plugins, notebooks and scripts import. Importing it loads no numpy."""

from __future__ import annotations

# As in typing, which takes a while to import: an interrupt meanwhile would be a traceback.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from auditkit.data.arrays import read_array, read_arrays
    from auditkit.data.formats.table import read_table
    from auditkit.data.meaning.repeats import note_of_repeats, note_of_shared_rows
    from auditkit.errors import (
        AuditkitError,
        DataError,
        PluginError,
        RecipeError,
        UsageError,
        first_line,
        nearest,
    )
    from auditkit.groups.division import VALIDATION_SHARE, Division, divide, draw_by_cell
    from auditkit.groups.expressions import select_rows
    from auditkit.groups.repeats import doubles_beyond_chance, repeats_beyond_chance, value_codes
    from auditkit.groups.sensitive import attributes_of, crossed
    from auditkit.groups.syntax import columns_read
    from auditkit.notebook.calls import audit, mine, power, repair
    from auditkit.notebook.recipes import run, run_recipe
    from auditkit.plugins.hookspecs import hookimpl
    from auditkit.predict.columns import FARTHEST, encode_with, fit_columns
    from auditkit.predict.device import device_for, devices_here
    from auditkit.predict.encoding import MISSING, Encoded, EncodedColumn, encode
    from auditkit.predict.held_out import learned_scores
    from auditkit.predict.logistic import fit_logistic, probability
    from auditkit.predict.to_take_away import predictions_table
    from auditkit.predict.weights import load_weights
    from auditkit.predict.width import encoded_width
    from auditkit.spec.declared import InputFile, NamesCode, OutputFolder
    from auditkit.spec.stats import Stats
    from auditkit.step.context import Context
    from auditkit.step.cost import Cost
    from auditkit.step.priced import priced
    from auditkit.step.repair_metrics import REPAIR_METRICS
    from auditkit.step.step import Audit, Finder, Mined, Repair, Repaired, Vectors
    from auditkit.store.outputs import write_output
    from auditkit.values.compare import Compare, Direction
    from auditkit.values.finding import Finding, Interval
    from auditkit.values.gate import GateComparison, GateResult
    from auditkit.values.grouping import Attribute, Cells, Group, Grouping
    from auditkit.values.labels import class_array, class_codes, label_text
    from auditkit.values.metric import Metric
    from auditkit.values.offers import Dataset, Loader, ModelReader, Renderer
    from auditkit.values.outcome import Outcome
    from auditkit.values.predictions import Predictions
    from auditkit.values.report import GroupEntry, Report, Skipped
    from auditkit.values.shown.answer import Answer
    from auditkit.values.shown.exhibit import Cell, Chart, Colour, Layer, Table
    from auditkit.values.shown.said import GroupWords, percent, plain_number, points
    from auditkit.values.subject import Images, Rest, Retrieval, Stored, Subject, Versus

__version__ = "0.1.0"

_HOME = {
    "auditkit.data.arrays": "read_array read_arrays",
    "auditkit.data.formats.table": "read_table",
    "auditkit.data.meaning.repeats": "note_of_repeats note_of_shared_rows",
    "auditkit.errors": "AuditkitError DataError PluginError RecipeError UsageError first_line nearest",
    "auditkit.groups.division": "VALIDATION_SHARE Division divide draw_by_cell",
    "auditkit.groups.expressions": "select_rows",
    "auditkit.groups.repeats": "doubles_beyond_chance repeats_beyond_chance value_codes",
    "auditkit.groups.sensitive": "attributes_of crossed",
    "auditkit.groups.syntax": "columns_read",
    "auditkit.notebook.calls": "audit mine power repair",
    "auditkit.notebook.recipes": "run run_recipe",
    "auditkit.plugins.hookspecs": "hookimpl",
    "auditkit.predict.columns": "FARTHEST encode_with fit_columns",
    "auditkit.predict.device": "device_for devices_here",
    "auditkit.predict.held_out": "learned_scores",
    "auditkit.predict.to_take_away": "predictions_table",
    "auditkit.predict.weights": "load_weights",
    "auditkit.predict.width": "encoded_width",
    "auditkit.predict.logistic": "fit_logistic probability",
    "auditkit.predict.encoding": "MISSING Encoded EncodedColumn encode",
    "auditkit.spec.declared": "InputFile NamesCode OutputFolder",
    "auditkit.spec.stats": "Stats",
    "auditkit.step.context": "Context",
    "auditkit.step.priced": "priced",
    "auditkit.step.repair_metrics": "REPAIR_METRICS",
    "auditkit.step.step": "Audit Finder Mined Repair Repaired Vectors",
    "auditkit.store.outputs": "write_output",
    "auditkit.values.shown.answer": "Answer",
    "auditkit.values.compare": "Compare Direction",
    "auditkit.step.cost": "Cost",
    "auditkit.values.shown.exhibit": "Cell Chart Colour Layer Table",
    "auditkit.values.finding": "Finding Interval",
    "auditkit.values.grouping": "Attribute Cells Group Grouping",
    "auditkit.values.labels": "class_array class_codes label_text",
    "auditkit.values.metric": "Metric",
    "auditkit.values.offers": "Dataset Loader ModelReader Renderer",
    "auditkit.values.outcome": "Outcome",
    "auditkit.values.predictions": "Predictions",
    "auditkit.values.gate": "GateComparison GateResult",
    "auditkit.values.report": "GroupEntry Report Skipped",
    "auditkit.values.shown.said": "GroupWords percent plain_number points",
    "auditkit.values.subject": "Images Rest Retrieval Stored Subject Versus",
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names.split()}

__all__ = [
    "FARTHEST",
    "MISSING",
    "REPAIR_METRICS",
    "VALIDATION_SHARE",
    "Answer",
    "Attribute",
    "Audit",
    "AuditkitError",
    "Cell",
    "Cells",
    "Chart",
    "Colour",
    "Compare",
    "Context",
    "Cost",
    "DataError",
    "Dataset",
    "Direction",
    "Division",
    "Encoded",
    "EncodedColumn",
    "Finder",
    "Finding",
    "GateComparison",
    "GateResult",
    "Group",
    "GroupEntry",
    "GroupWords",
    "Grouping",
    "Images",
    "InputFile",
    "Interval",
    "Layer",
    "Loader",
    "Metric",
    "Mined",
    "ModelReader",
    "NamesCode",
    "Outcome",
    "OutputFolder",
    "PluginError",
    "Predictions",
    "RecipeError",
    "Renderer",
    "Repair",
    "Repaired",
    "Report",
    "Rest",
    "Retrieval",
    "Skipped",
    "Stats",
    "Stored",
    "Subject",
    "Table",
    "UsageError",
    "Vectors",
    "Versus",
    "__version__",
    "attributes_of",
    "audit",
    "class_array",
    "class_codes",
    "columns_read",
    "crossed",
    "device_for",
    "devices_here",
    "divide",
    "doubles_beyond_chance",
    "draw_by_cell",
    "encode",
    "encode_with",
    "encoded_width",
    "first_line",
    "fit_columns",
    "fit_logistic",
    "hookimpl",
    "label_text",
    "learned_scores",
    "load_weights",
    "mine",
    "nearest",
    "note_of_repeats",
    "note_of_shared_rows",
    "percent",
    "plain_number",
    "points",
    "power",
    "predictions_table",
    "priced",
    "probability",
    "read_array",
    "read_arrays",
    "read_table",
    "repair",
    "repeats_beyond_chance",
    "run",
    "run_recipe",
    "select_rows",
    "value_codes",
    "write_output",
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
