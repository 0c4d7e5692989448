"""Plugin `$name`: hooks only; what it declares is in declare.py, what it computes in measure.py."""

from auditkit import hookimpl
from auditkit_$name.declare import $class_name


@hookimpl
def auditkit_audits() -> tuple[type[$class_name], ...]:
    """Provide the audit `$name`."""
    return ($class_name,)
