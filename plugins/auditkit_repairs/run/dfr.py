"""A last layer on balanced rows: of the model's own features, of embeddings, or of a table's columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from auditkit import UsageError
from auditkit_repairs.linear.weights import balanced_rows, cell_table, need_cells
from auditkit_repairs.run.handed_back import Outcome, handed_back
from auditkit_repairs.run.prepare import before_of, prepare
from auditkit_repairs.run.trained import read_rows, trained

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Context, Repaired, Subject
    from auditkit_repairs.params import DfrParams


def apply(subject: Subject, params: DfrParams, context: Context) -> Repaired:
    """Return the subject with the predictions of the balanced last layer."""
    prepared = prepare(subject, "dfr", held_out=params.held_out, context=context)
    before = before_of(subject, prepared, context)
    learn = prepared.learn
    target, group = prepared.target[learn], prepared.joined.codes[learn]
    n_groups = len(prepared.joined.labels)
    table = cell_table(target, group, n_groups=n_groups)
    need_cells(table, groups=prepared.joined.groups, classes=[str(label) for label in subject.classes])
    vectors = _embedded(subject, params)
    rng = context.rng("rows")
    fits = [
        (learn[balanced_rows(target, group, n_groups=n_groups, rng=rng)], None) for _ in range(params.draws)
    ]
    context.say(
        f"dfr fits {params.draws} times on {int(table.min()):,} rows of each of {table.size} groups and classes."
    )
    rows = read_rows(subject, learn, vectors=vectors)
    model = trained(subject, rows, fits, prepared)
    score = model.of_matrix(rows.matrix)
    learned = np.zeros(len(subject), dtype=np.bool_)
    learned[learn] = True
    outcome = Outcome(
        name="dfr",
        predicted=(score >= 0.5).astype(np.int64),
        score=score,
        learned=learned,
        model=model if vectors is None else None,
    )
    if params.save_model is not None:
        context.say(f"The model was saved in {model.save(params.save_model, write=context.write)}.")
    return handed_back(subject, prepared, before, outcome, context)


def _embedded(subject: Subject, params: DfrParams) -> NDArray[np.float64] | None:
    """Return the features [n, d] that the subject's model makes of each row; None where it has no `embed`."""
    embed = getattr(subject.model, "embed", None)
    if embed is None:
        return None
    if params.save_model is not None:
        message = (
            "dfr cannot save a last layer that stands on another model's features; leave --save-model out"
        )
        raise UsageError(message)
    reads = getattr(subject.model, "reads", "table")
    rows = subject.table if reads == "table" else getattr(subject, reads)
    return np.asarray(embed(rows), dtype=np.float64)
