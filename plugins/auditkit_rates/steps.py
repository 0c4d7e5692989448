"""The step `rates`: light, so that every start of the program can read it."""

from __future__ import annotations

from auditkit import Audit, Context, Cost, Finding, Stats, Subject, UsageError
from auditkit_rates.metrics.reported import METRICS, NAMES, named
from auditkit_rates.params import RatesParams

METHOD = (
    "Every metric is computed from the counts of true and predicted labels in each group, for every named attribute "
    "and every intersection up to the given order. Rates have the wider of a Wilson score and an exact interval, gaps "
    "to all other rows and to a reference group the wider of a Newcombe and an exact one; F1 and means over classes "
    "combine those of their classes. Gaps to the best group, the largest difference and the smallest ratio between an "
    "attribute's groups are selected from many, so their intervals hold for all pairs at once. Errors of a numeric "
    "target have Welch intervals, and a claim that a gap is not 0 needs a permutation's leave too. With weights, or "
    "rows that belong together, a rate counts as that of as many independent rows as its linearised variance is worth. "
    "A group with fewer rows under a metric's condition, by their weights, than the minimum is insufficient evidence."
)


class Rates(Audit[RatesParams]):
    """Rates by group, gaps to the rest, and differences and ratios between groups."""

    name = "rates"
    title = "Rates by group and intersection"
    method = METHOD
    Params = RatesParams
    metrics = tuple(METRICS.values())
    quick = True
    reads_clusters = True
    reads_given = True
    reads_cells = True

    def check(self, subject: Subject, params: RatesParams) -> None:
        """Raise unless there are labels or decisions, a group, and a metric of every name that was asked for."""
        from auditkit import nearest
        from auditkit_rates.rows.needed import need_groups

        if subject.target is None and subject.pred is None:
            subject.need_target()
        if not subject.groups:
            need_groups(subject, self.name)
        if "conditional_parity" in map(named, params.metrics) and not subject.given:
            message = "conditional_parity compares within strata: name their columns with --given, such as --given dept"
            raise UsageError(message)
        for name in params.metrics:
            if named(name) not in METRICS:
                message = f"rates has no metric '{name}'{nearest(name, NAMES)}"
                raise UsageError(message)

    def run(self, subject: Subject, params: RatesParams, context: Context) -> tuple[Finding, ...]:
        """Return a finding for every metric of every group that was asked for, measurable or not."""
        from auditkit_rates.audit import audit

        return audit(subject, params, context)

    def cost(self, subject: Subject, params: RatesParams, stats: Stats) -> Cost | None:  # noqa: ARG002
        """Return what counting and bounding are expected to take."""
        from auditkit_rates.costs import cost

        return cost(subject, stats)
