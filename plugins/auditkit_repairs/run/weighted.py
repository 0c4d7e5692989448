"""Training on weights or drawn rows that make class and group independent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_repairs.linear.weights import cell_table, independent_times, independent_weights, need_cells
from auditkit_repairs.run.handed_back import Outcome, handed_back
from auditkit_repairs.run.prepare import before_of, prepare
from auditkit_repairs.run.trained import read_rows, trained

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Context, Repaired, Subject
    from auditkit_repairs.params import WeightParams
    from auditkit_repairs.run.prepare import Prepared

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Counted:
    """How much each learned row counts, float64 [m], and the column of the file that says so."""

    name: str
    column: str
    weights: Floats


def reweigh(subject: Subject, params: WeightParams, context: Context) -> Repaired:
    """Return the subject with the model that was trained on weights; the file holds them."""
    prepared = prepare(subject, "reweigh", held_out=params.held_out, context=context)
    target, group, weights = _learned(prepared)
    table = _table(subject, prepared, target, group, weights=weights)
    found = independent_weights(target, group, table=table)
    found = found if weights is None else found * weights
    counted = Counted(name="reweigh", column="weight", weights=found)
    return _repaired(subject, prepared, counted, params=params, context=context)


def resample(subject: Subject, params: WeightParams, context: Context) -> Repaired:
    """Return the subject with the model that was trained on drawn rows; the file says how often each row stands."""
    prepared = prepare(subject, "resample", held_out=params.held_out, context=context)
    target, group, weights = _learned(prepared)
    table = _table(subject, prepared, target, group, weights=None)
    times = independent_times(target, group, table=table, rng=context.rng("rows"))
    found = times * (np.ones(len(target)) if weights is None else weights)
    counted = Counted(name="resample", column="times", weights=found)
    return _repaired(subject, prepared, counted, params=params, context=context)


def _learned(prepared: Prepared) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats | None]:
    learn = prepared.learn
    weights = None if prepared.weights is None else prepared.weights[learn]
    return prepared.target[learn], prepared.joined.codes[learn], weights


def _table(
    subject: Subject,
    prepared: Prepared,
    target: NDArray[np.int64],
    group: NDArray[np.int64],
    *,
    weights: Floats | None,
) -> Floats:
    """Return the weight of each group and class among the learned rows, none of them empty."""
    table = cell_table(target, group, n_groups=len(prepared.joined.labels), weights=weights)
    need_cells(table, groups=prepared.joined.groups, classes=[str(label) for label in subject.classes])
    return table


def _repaired(
    subject: Subject, prepared: Prepared, counted: Counted, *, params: WeightParams, context: Context
) -> Repaired:
    before = before_of(subject, prepared, context)
    rows = read_rows(subject, prepared.learn)
    model = trained(subject, rows, [(prepared.learn, counted.weights)], prepared)
    whole = np.full(len(subject), np.nan)
    whole[prepared.learn] = counted.weights
    score = model.of_matrix(rows.matrix)
    outcome = Outcome(
        name=counted.name,
        predicted=(score >= 0.5).astype(np.int64),
        score=score,
        learned=np.isfinite(whole),
        model=model,
        more={counted.column: whole},
    )
    if params.save_model is not None:
        context.say(f"The model was saved in {model.save(params.save_model, write=context.write)}.")
    return handed_back(subject, prepared, before, outcome, context)
