"""Plugin `rates`: how groups that the user names fare, metric by metric, and the selection tables that rules define."""

from auditkit import hookimpl
from auditkit_rates.selection.steps import LL144, FourFifths
from auditkit_rates.steps import Rates


@hookimpl
def auditkit_audits() -> tuple[type[Rates] | type[LL144] | type[FourFifths], ...]:
    """Provide the audits `rates`, `ll144` and `four-fifths`."""
    return (Rates, LL144, FourFifths)
