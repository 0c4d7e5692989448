"""Plugin `mime`: whether including a minority helps the majority."""

from auditkit import hookimpl
from auditkit_mime.steps import Mime, MimeTheory


@hookimpl
def auditkit_audits() -> tuple[type[Mime] | type[MimeTheory], ...]:
    """Provide the audits `mime` and `mime.theory`."""
    return (Mime, MimeTheory)
