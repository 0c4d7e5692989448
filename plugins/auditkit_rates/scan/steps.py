"""The step `threshold-scan`: light, so that every start of the program can read it."""

from __future__ import annotations

from auditkit import Audit, Context, DataError, Finding, Subject, UsageError
from auditkit_rates.metrics.reported import named
from auditkit_rates.scan.metrics import SCAN_METRICS, SCANNED
from auditkit_rates.scan.params import ScanParams


class ThresholdScan(Audit[ScanParams]):
    """Every measure against the cut of a score, by group."""

    name = "threshold-scan"
    title = "Measures against the cut of the score, by group"
    method = (
        "The score is cut at each of the places named, or at quantiles of all rows; from the cut on a row is chosen. "
        "At each cut every measure is counted by group, and how far apart an attribute's groups are has an interval "
        "for all pairs of them. A cut keeps the limit in these rows where the groups differ by no more; it is shown "
        "to keep it where the upper bound does for all cuts of the scan at once (Bonferroni), so that the best of them "
        "may be picked."
    )
    Params = ScanParams
    metrics = SCAN_METRICS
    quick = True
    reads_clusters = True

    def check(self, subject: Subject, params: ScanParams) -> None:
        """Raise unless there are a score, or what one comes from, groups, and a metric of every name."""
        from auditkit import nearest
        from auditkit_rates.rows.needed import need_groups

        if subject.score is None and subject.model is None and subject.target is None:
            message = "threshold-scan needs a score: name its column with --score COLUMN"
            raise DataError(message)
        if subject.score is None and subject.pred is not None:
            message = "threshold-scan needs a score, and --pred gives decisions: name one with --score COLUMN"
            raise DataError(message)
        need_groups(subject, self.name)
        for name in params.metrics:
            if named(name) not in SCANNED:
                message = f"threshold-scan has no metric '{name}'{nearest(name, SCANNED)}"
                raise UsageError(message)

    def run(self, subject: Subject, params: ScanParams, context: Context) -> tuple[Finding, ...]:
        """Return how far apart the groups are at each cut, and show what every cut does to each of them."""
        from auditkit_rates.scan.scan import scan

        return scan(subject, params, context)
