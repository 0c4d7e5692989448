"""Whether every step of a plan can serve what an engine gives: counts of all rows, or a sample of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.data.sources import loader_of_scheme
from auditkit.errors import UsageError

if TYPE_CHECKING:
    from auditkit.running.reach.consent import Asked


def check_engine(plan: Asked) -> None:
    """Raise UsageError for a step that needs rows, where an engine gives counts only, before the engine is asked."""
    path = plan.recipe.data.path
    if "://" in path and loader_of_scheme(path, plan.host.loaders) is None:
        message = (  # it may hold a password, which nobody prints
            f"an address such as {path.partition('://')[0]}:// cannot be read: copy the table to Parquet, or to a "
            "DuckDB or SQLite file"
        )
        raise UsageError(message)
    if not plan.recipe.data.counted:
        if plan.recipe.data.sample is not None:
            message = "--sample is for tables that an engine has: name it with --engine"
            raise UsageError(message)
        return
    if plan.recipe.data.path in plan.host.datasets:
        message = f"{plan.recipe.data.path} comes with auditkit and fits memory: leave out --engine"
        raise UsageError(message)
    _check_served(plan)


def _check_served(plan: Asked) -> None:
    """Raise UsageError unless all steps need counts of all rows, or all search a sample."""
    sampled = [planned.spec.use for planned in plan.steps if planned.step.reads_sample]
    for planned in plan.steps:
        if sampled and not planned.step.reads_sample:
            message = (
                f"{sampled[0]} searches a sample, and {planned.spec.use} does not: run one after the other"
            )
            raise UsageError(message)
        if not sampled and not planned.step.reads_cells:
            able = ", ".join(sorted(name for name, step in plan.host.steps.items() if step.reads_cells))
            message = (
                f"{planned.spec.use} needs the rows, and an engine gives counts only, which serve {able}"
            )
            raise UsageError(message)
