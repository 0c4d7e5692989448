"""Where a recipe states its gates: what code hosts show beside a change points there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.errors import UsageError
from auditkit.recipe.document import read_document

if TYPE_CHECKING:
    from auditkit.recipe.document import Document


def gate_lines(document: Document) -> dict[str, dict[str, Any]]:
    """Return file and line of each gate by its id: the recipe's own before those of what it extends."""
    found: dict[str, dict[str, Any]] = {}
    for file in document.read:
        try:
            one = document if len(document.read) == 1 else read_document(Path(file))
        except UsageError:  # gone since it was read
            continue
        gates = one.value.get("gates") if isinstance(one.value, dict) else None
        for i, gate in enumerate(gates if isinstance(gates, list) else ()):
            name = str(gate.get("id")) if isinstance(gate, dict) else ""
            line, _ = one.positions.get(("gates", i), (1, 1))
            found.setdefault(name, {"file": file, "line": max(line, 1)})
    return found
