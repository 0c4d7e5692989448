"""What a stored run knows of itself, where it stands in the place of data or of what they are compared with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditkit.values.finding import Finding


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What a stored run knows: its findings, and the `facts` that its report says of the data. It has no rows."""

    findings: tuple[Finding, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
