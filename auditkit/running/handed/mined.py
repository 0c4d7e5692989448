"""Groups that a finder hands back: named, described, and over the rows that it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit.running.handed.contract import fault, items_of, shown
from auditkit.step.step import Mined
from auditkit.values.grouping import Group

if TYPE_CHECKING:
    from auditkit.values.subject import Subject


def checked_groups(mined: Any, subject: Subject, *, who: str) -> tuple[Group, ...]:
    """Return the groups of what a finder handed back, or raise PluginError for one that is none."""
    if not isinstance(mined, Mined):
        fault(who, f"find must return Mined, and returned {shown(mined)}")
    groups = items_of(mined.groups, Group, who=who, what="groups")
    for group in groups:
        _check(group, len(subject), who)
    names = [group.name for group in groups]
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice is not None:
        fault(who, f"it hands back two groups called '{twice}'")
    if mined.confirmed is not None:
        strangers = [name for name in mined.confirmed if name not in names]
        if strangers:
            fault(who, f"it confirms '{strangers[0]}', which is none of its groups")
    return groups


def _check(group: Group, rows: int, who: str) -> None:
    if not isinstance(group.name, str) or not group.name.strip():
        fault(who, "it hands back a group without a name")
    for word in ("rule", "expression"):
        if not isinstance(getattr(group, word), str):
            fault(who, f"group '{group.name}': {word} must be text, and is {shown(getattr(group, word))}")
    for word in ("mask", "seen"):
        held = getattr(group, word)
        if held is None and word == "seen":
            continue
        if not isinstance(held, np.ndarray) or held.dtype != bool or held.shape != (rows,):
            fault(who, f"group '{group.name}': {word} must mark the {rows:,} rows of the subject, bool [n]")
