"""Groups with a rule of their own, mined or named: hidden where few rows tell one from another, or from all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from auditkit.redact.counts import ROWS
from auditkit.redact.labels import is_small

if TYPE_CHECKING:
    from collections.abc import Collection

    from auditkit.redact.counts import Counts, Known

Fate = Literal["stays", "without number", "without size"]


def hidden_ruled(
    ruled: Collection[str], printed: Collection[str], known: tuple[Known, ...], least: int
) -> dict[str, Fate]:
    """Return what becomes of each group; `printed` are the other groups whose sizes stay.

    Rules may lie within each other, so two sizes that differ by few rows may be those few rows: the smaller goes.
    """
    found: dict[str, Fate] = dict.fromkeys(sorted(ruled), "stays")
    for table in known:
        mine = sorted(set(ruled) & set(table.groups), key=lambda name: (-table.groups[name][ROWS], name))
        beside = [table.groups[name][ROWS] for name in printed if name in table.groups and name not in found]
        for name in mine:
            if _near(name, table, beside, known, least):
                found[name] = "without size"
                continue
            beside.append(table.groups[name][ROWS])
            if found[name] == "stays" and _few(table.groups[name], table.whole, least):
                found[name] = "without number"
        _one_more(found, mine, table, least)
    return found


def _near(name: str, table: Known, beside: list[int], known: tuple[Known, ...], least: int) -> bool:
    """Whether few rows part a group from none, all, another one or its complement, or itself in another table."""
    rows, whole = table.groups[name][ROWS], table.whole.get(ROWS)
    apart = [rows, *(abs(rows - n) for n in beside)]
    if whole is not None:
        apart += [whole - rows, *(abs(whole - rows - n) for n in beside)]
    apart += [abs(rows - other.groups[name][ROWS]) for other in known if name in other.groups]
    return any(is_small(n, least) for n in apart)


def _few(counts: Counts, whole: Counts, least: int) -> bool:
    """Whether any count of a group, or of the rows outside it, is small."""
    outside = [whole[key] - n for key, n in counts.items() if key in whole]
    return any(is_small(n, least) for n in (*counts.values(), *outside))


def _one_more(found: dict[str, Fate], mine: list[str], table: Known, least: int) -> None:
    """Hide the smallest group too where those hidden in a table are few and its groups divide all rows between them."""
    every, whole = sum(table.groups[name][ROWS] for name in mine), table.whole.get(ROWS)
    if whole is not None and abs(whole - every) >= least:
        return
    hidden = [name for name in mine if found[name] == "without size"]
    rest = [name for name in mine if found[name] != "without size"]
    if hidden and rest and (len(hidden) == 1 or sum(table.groups[name][ROWS] for name in hidden) < least):
        found[min(rest, key=lambda name: (table.groups[name][ROWS], name))] = "without size"
