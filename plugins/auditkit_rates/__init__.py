"""Plugin `rates`: how groups that the user names fare, metric by metric."""

from auditkit import hookimpl
from auditkit_rates.steps import Rates


@hookimpl
def auditkit_audits() -> tuple[type[Rates], ...]:
    """Provide the audit `rates`."""
    return (Rates,)
