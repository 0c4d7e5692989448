"""Plugin `minoria`: under-represented and under-performing groups that nobody named."""

from auditkit import hookimpl
from auditkit_minoria.declare import Minoria, MinoriaFocus, MinoriaSweep


@hookimpl
def auditkit_finders() -> tuple[type[Minoria], ...]:
    """Provide the finders `minoria`, `minoria.sweep` and `minoria.focus`."""
    return (Minoria, MinoriaSweep, MinoriaFocus)
