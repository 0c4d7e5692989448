"""What changed between different rows, or from a stored run: two numbers of one name, taken as independent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit.measures import independent_change

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit import Finding, Stats


def independent_changes(
    old: Sequence[Finding], new: Sequence[Finding], stats: Stats, *, name: str
) -> Iterator[Finding]:
    """Yield the change from each old number to the new one of the same metric and group.

    Of several of one name the last counts, as of a run with repairs. A group that only one side has gets a reason,
    as has one that was not measured there; `name` is what the old side is called.
    """
    before = {(one.metric, one.group): one for one in old}
    after = {(one.metric, one.group): one for one in new}
    for key, one in after.items():
        yield _change(before.get(key), one, stats, name=name)
    for (metric, group), one in before.items():
        if (metric, group) not in after:
            told = {"before": one.value, "n_before": one.n}
            yield replace(
                one, step="", value=None, interval=None, n=0, stage=0, compare="change", details=told,
                reason=f"gone: {one.n:,} rows in {name}, none now", rows_needed=None,
            )  # fmt: skip


def _change(old: Finding | None, new: Finding, stats: Stats, *, name: str) -> Finding:
    blank = replace(new, value=None, interval=None, compare="change", rows_needed=None)
    if new.value is None or new.interval is None:
        return replace(blank, reason=new.reason or "it has no interval", rows_needed=new.rows_needed)
    if old is None or (old.value is None and old.n == 0):
        found_here = new.details.get("attribute") == new.group != ""
        why = "not known" if found_here else "new: not"
        return replace(blank, reason=f"{why} in {name}, so that nothing says how it changed")
    if old.value is None or old.interval is None:
        return replace(blank, reason=f"not measured in {name}: {old.reason or 'it has no interval there'}")
    interval = independent_change(
        (old.value, old.interval), (new.value, new.interval), confidence=stats.confidence
    )
    return replace(
        blank, value=new.value - old.value, interval=interval,
        details={**new.details, "before": old.value, "after": new.value, "n_before": old.n},
    )  # fmt: skip
