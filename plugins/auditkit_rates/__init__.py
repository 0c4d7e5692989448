"""Plugin `rates`: how named groups fare, at any cut too, what changed for them, and selection tables by rules."""

from auditkit import hookimpl
from auditkit_rates.change.steps import Diff
from auditkit_rates.scan.steps import ThresholdScan
from auditkit_rates.selection.steps import LL144, FourFifths
from auditkit_rates.steps import Rates


@hookimpl
def auditkit_audits() -> tuple[type[Rates | Diff | LL144 | FourFifths | ThresholdScan], ...]:
    """Provide the audits `rates`, `diff`, `ll144`, `four-fifths` and `threshold-scan`."""
    return (Rates, Diff, LL144, FourFifths, ThresholdScan)
