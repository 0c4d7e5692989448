"""Plugin `rates`: how groups that the user names fare, what changed, and selection tables that rules define."""

from auditkit import hookimpl
from auditkit_rates.change.steps import Diff
from auditkit_rates.selection.steps import LL144, FourFifths
from auditkit_rates.steps import Rates


@hookimpl
def auditkit_audits() -> tuple[type[Rates] | type[Diff] | type[LL144] | type[FourFifths], ...]:
    """Provide the audits `rates`, `diff`, `ll144` and `four-fifths`."""
    return (Rates, Diff, LL144, FourFifths)
