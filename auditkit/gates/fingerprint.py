"""The name of one thing that a gate may find: the same in every run, whatever the numbers."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.values.gate import GateComparison, GateResult


def fingerprint(recipe: str, gate: GateResult, one: GateComparison) -> str:
    """Return 16 letters and digits that stand for a recipe's name, a gate, its metric and a group."""
    parts = (recipe, gate.id, gate.metric, gate.compare, one.group, one.note)
    told = "\0".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def marked(gates: Sequence[GateResult], recipe: str) -> tuple[GateResult, ...]:
    """Return the gates with each comparison's fingerprint."""
    return tuple(
        replace(
            gate,
            comparisons=tuple(
                replace(one, fingerprint=fingerprint(recipe, gate, one)) for one in gate.comparisons
            ),
        )
        for gate in gates
    )
