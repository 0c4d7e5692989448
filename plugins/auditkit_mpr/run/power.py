"""How many reference rows it takes for MPR on the reference to be MPR on its population (Prop. 1, corrected)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Table
from auditkit_mpr.classes.ball import Ball
from auditkit_mpr.classes.groups import Groups
from auditkit_mpr.classes.linear import linear_class
from auditkit_mpr.classes.named import class_named
from auditkit_mpr.params import EMBEDDINGS
from auditkit_mpr.reference.missing import as_category, missing
from auditkit_mpr.reference.population import population
from auditkit_mpr.reference.statistics import statistics
from auditkit_mpr.run.asked.files import files_for
from auditkit_mpr.run.asked.reading import attribute_names, read_attributes, reference_table
from auditkit_mpr.sampling.bounds import rows_needed

if TYPE_CHECKING:
    from auditkit import Context, Subject
    from auditkit_mpr.params import RetrievalParams
    from auditkit_mpr.reference.statistics import Statistics
    from auditkit_mpr.run.asked.files import Files


def power(subject: Subject, params: RetrievalParams, context: Context, *, gap: float) -> Table:
    """Return, per class of functions, its VC dimension and the reference rows at which the sampling bound is met."""
    wanted = [name for name in attribute_names(subject, params) if name != EMBEDDINGS]
    files = files_for(subject, params)
    table = reference_table(subject, params, files, wanted)
    read = read_attributes(subject, params, table, wanted)
    found = statistics([as_category(a) if a.labels and any(missing(a)) else a for a in read])
    delta, queries = 1 - context.stats.confidence, _queries(params, files)
    rows = []
    for name in params.classes:
        dimension, finite = _dimension(name, found)
        needed = None if dimension is None else rows_needed(dimension, gap=gap, queries=queries, delta=delta)
        counted = None if finite is None else math.ceil(math.log(2 * finite * queries / delta) / (2 * gap**2))
        rows.append((name, dimension, needed, counted, len(table.table)))
    return Table(
        title="Reference rows that MPR needs",
        columns=("class", "VC dimension", "needed (Prop. 1)", "needed for shares of groups", "rows there"),
        rows=tuple(rows),
        caption=(
            f"For an error below {gap:g}, with a chance of {1 - delta:g}, of all {queries} queries at once: the least "
            "m at which 2 sqrt(2 VC log(e m / VC) / m) + 2 sqrt(log(2 queries / delta) / (2 m)) is no larger (Prop. "
            "1 as it is proven, with eq. 20; Prop. 2 prints fewer rows, at which that bound is not met), for "
            "functions of values -1 and +1. The shares of a finite number of groups need only log(2 groups queries / "
            "delta) / (2 gap²) rows (Hoeffding). Empty: no bound is known."
        ),
    )


def _queries(params: RetrievalParams, files: Files) -> int:
    """Return how many queries will be run; 1 if none are named yet."""
    if params.query:
        return len(params.query)
    source = files.similarities or files.queries
    return 1 if source is None else len(source.names)


def _dimension(name: str, found: Statistics) -> tuple[int | None, int | None]:
    """Return the VC dimension of a class, None where none is known, and the number of its functions if finite."""
    one = class_named(name, found.groups)
    if isinstance(one, Groups):
        return max(int(np.log2(len(one.groups))), 1), len(one.groups)
    if isinstance(one, Ball) and one.kernel is None:
        linear = linear_class(found.items, population(found.reference), intercept=one.intercept)
        return len(linear.target), None
    return None, None
