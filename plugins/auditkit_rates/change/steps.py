"""The step `diff`: light, so that every start of the program can read it."""

from __future__ import annotations

from auditkit import Audit, Context, Finding, Subject, UsageError
from auditkit_rates.change.metrics import CHANGE_METRICS, CHANGES, NAMES, NOT_COMPARED
from auditkit_rates.change.params import DiffParams
from auditkit_rates.metrics.reported import named

METHOD = (
    "Each group's rates by the new predictions minus those by the accepted ones. Where rows are the same in both, a "
    "change rests on the rows that one of the two alone counts: the wider of Bonett and Price's interval and Tango's "
    "score interval, which McNemar's test belongs to; precision, its like and F1, whose denominators change too, "
    "combine both sides' intervals as those of correlated estimates; mean errors have the interval of the mean of each "
    "row's difference. With weights a change counts as that of as many rows as its linearised variance is worth; rows "
    "that belong together count by the variance between clusters, with Student's t. Where rows differ, or a stored run "
    "names none, both numbers count as independent. That a group got worse is claimed after correction for all changes "
    "that are tested; that none got worse by more than an amount is the largest one-sided bound, which needs none."
)


class Diff(Audit[DiffParams]):
    """What changed for each group from the predictions that were accepted before."""

    name = "diff"
    title = "What changed, by group"
    method = METHOD
    Params = DiffParams
    metrics = CHANGE_METRICS
    own_names = True  # a group that is gone has no row here
    reads_clusters = True
    reads_versus = True

    def check(self, subject: Subject, params: DiffParams) -> None:
        """Raise unless there are predictions, something to compare them with, groups, and the metrics asked for."""
        from auditkit import nearest
        from auditkit_rates.rows.needed import need_groups

        if subject.versus is None:
            message = (
                "diff needs what was accepted before: name a column, a file or a stored run with --versus"
            )
            raise UsageError(message)
        for name in params.metrics:
            if named(name) not in CHANGES:
                why = NOT_COMPARED.get(named(name), "")
                message = f"diff has no metric '{name}'{f': {why}' if why else nearest(name, NAMES)}"
                raise UsageError(message)
        if subject.versus.now is not None:  # two stored runs, which have numbers and no predictions
            return
        if subject.pred is None and subject.score is None and subject.model is None:
            message = "diff compares predictions: name their column with --pred, or a model with --model"
            raise UsageError(message)
        if not subject.groups:
            need_groups(subject, self.name)

    def run(self, subject: Subject, params: DiffParams, context: Context) -> tuple[Finding, ...]:
        """Return each group's number now and its change, measurable or not."""
        from auditkit_rates.change.run import diff

        return diff(subject, params, context)
