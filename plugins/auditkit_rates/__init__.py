"""Plugin `rates`: how named groups fare, metric by metric, at any cut, and the selection tables that rules define."""

from auditkit import hookimpl
from auditkit_rates.scan.steps import ThresholdScan
from auditkit_rates.selection.steps import LL144, FourFifths
from auditkit_rates.steps import Rates


@hookimpl
def auditkit_audits() -> tuple[type[Rates | LL144 | FourFifths | ThresholdScan], ...]:
    """Provide the audits `rates`, `ll144`, `four-fifths` and `threshold-scan`."""
    return (Rates, LL144, FourFifths, ThresholdScan)
