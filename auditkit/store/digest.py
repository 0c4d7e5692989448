"""What two runs have in common that found the same, and what shows that a report was edited: hashes of its parts."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditkit.store.json_text import one_line
from auditkit.store.report_json import gates_document
from auditkit.store.report_text import document_text, findings_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditkit.values.report import Report


def digest_of(report: Report) -> str:
    """Return a SHA-256 of the findings; the time, the command and the machine play no part."""
    return _hashed(map(one_line, findings_text(report)))


def digest_of_gates(report: Report) -> str:
    """Return a SHA-256 of the recipe and of the gates that were decided by it."""
    return _hashed([document_text(gates_document(report))])


def digests_of_document(document: Mapping[str, Any]) -> tuple[str, str]:
    """Return both hashes of a report as it stands in its file: what `digest_of` and `digest_of_gates` say of it."""
    gates = {name: document.get(name) for name in ("recipe", "gates")}
    return _hashed([document_text(document.get("findings"))]), _hashed([document_text(gates)])


def with_digest(report: Report) -> Report:
    """Return the report that notes the hashes of its findings, and of its recipe and gates."""
    text = findings_text(report)
    noted = {**report.provenance, "findings_sha256": _hashed(map(one_line, text))}
    return with_digest_of_gates(replace(report, provenance=noted, written=(report.findings, text)))


def with_digest_of_gates(report: Report) -> Report:
    """Return the report, whose findings are those that it hashes, with the hash of other gates."""
    noted = {"gates_sha256": digest_of_gates(report)}
    return replace(report, provenance={**report.provenance, **noted})


def _hashed(parts: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
    return found.hexdigest()
