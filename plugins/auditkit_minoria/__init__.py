"""Plugin `minoria`: under-represented and under-performing groups that nobody named."""

from auditkit import hookimpl
from auditkit_minoria.steps import FINDERS, Minoria


@hookimpl
def auditkit_finders() -> tuple[type[Minoria], ...]:
    """Provide `minoria`, which chooses, and each search by its own name."""
    return FINDERS
