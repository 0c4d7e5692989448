"""How many processes a step is worth where nobody said: each takes seconds to start, and memory of its own."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit.data.memory import free_bytes
from auditkit.running.cost.held import held_bytes
from auditkit.running.workers.mapped import ALONE, Workers

if TYPE_CHECKING:
    from auditkit.running.plan import Planned
    from auditkit.spec.stats import Stats
    from auditkit.step.cost import Cost
    from auditkit.values.subject import Subject

WORTH = 2.0
"""Seconds that an item must be expected to take before it is handed to another process."""


def workers_for(planned: Planned, subject: Subject, stats: Stats, asked: Workers) -> Workers:
    """Return the workers that were asked for, or, where no number was, as many as the step's items are worth.

    That is decided by what the step says of itself and by the machine's cores and memory, not by its speed.
    """
    if asked.jobs is not None or asked.backend == "dask" or os.cpu_count() == 1:
        return asked
    cost = None
    with suppress(Exception):  # a run that works does not end for want of a forecast
        cost = planned.step.cost(subject, planned.params, stats)
    return replace(ALONE, jobs=worth(cost))


def worth(cost: Cost | None) -> int:
    """Return how many processes the items of a step are worth; 1 where it says nothing of them."""
    if cost is None or cost.item_seconds <= WORTH:
        return 1
    import joblib

    cores = int(joblib.cpu_count())  # as the control group and the affinity say
    free, each = free_bytes(), (held_bytes() or 0) + cost.bytes
    return cores if free is None or each <= 0 else max(1, min(cores, int(free // each)))
