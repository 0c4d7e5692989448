"""What counting rows where they are is expected to take, before any is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.data.engines.places import NAMES, place_of
from auditkit.data.engines.question import question_of
from auditkit.data.meaning.decisions import as_decision
from auditkit.data.memory import in_words
from auditkit.running.cost.expected import Expected
from auditkit.running.cost.extent import Extent, extent_of
from auditkit.running.cost.speed import slowness
from auditkit.step.priced import priced

if TYPE_CHECKING:
    from auditkit.running.plan import Plan


def counting(plan: Plan) -> Expected:
    """Return what counting the rows of a plan, or drawing some, is expected to take, by all cores together."""
    data = as_decision(plan.recipe.data)
    place = place_of(data, plan.folder)
    drawn = any(planned.step.reads_sample for planned in plan.steps)
    extent = extent_of(place, None if drawn else question_of(data, plan.recipe.groups))
    said = f"{_read(extent)}, by {NAMES[place.engine]}"
    if drawn:
        return Expected("drawing", None, None, f"{said}: nobody can say what drawing a sample takes")
    if extent.rows is None:
        return Expected("counting", None, None, f"{said}: a database does not say how many rows it holds")
    cost = priced(place.engine, {"rows x columns": extent.rows * extent.read})
    return Expected("counting", cost.seconds * slowness(), int(cost.bytes), said)


def _read(extent: Extent) -> str:
    rows = "" if extent.rows is None else f"{extent.rows:,} rows, "
    of = "" if extent.columns is None else f" of {extent.columns:,}"
    columns = f"{extent.read:,}{of} columns, " if extent.read else ""
    return f"{rows}{columns}{in_words(extent.bytes)}"
