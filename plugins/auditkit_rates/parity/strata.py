"""Findings about selection within strata, such as departments, and pooled over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Answer, DataError, Finding, Table, UsageError
from auditkit.measures import Arm, count, mantel_haenszel, measure_gap, others_within
from auditkit_rates.rows.condition import condition_of
from auditkit_rates.rows.cuts import row_cuts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from auditkit import Cell, Compare, Context, Stats, Subject
    from auditkit.measures import Confusions, Pooled
    from auditkit_rates.rows.counts import Labels
    from auditkit_rates.rows.cuts import Cut

MOST_SHOWN = 20
"""Strata that a report shows one by one; the pooled numbers are of all."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Strata:
    """What is given: its columns in words, each stratum's name, and each row's code int [n], -1 where it is missing."""

    words: str
    names: tuple[str, ...]
    codes: NDArray[np.int64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Compared:
    """One group beside what it is compared with: both counted by stratum, and pooled (None without a shared one)."""

    group: str
    compare: Compare
    others: str
    own: Confusions
    other: Confusions
    pooled: Pooled | None

    @property
    def shared(self) -> NDArray[np.bool_]:
        """Strata that have rows of both [s]."""
        return (self.own.rows > 0) & (self.other.rows > 0)


def strata_of(subject: Subject, columns: tuple[str, ...]) -> Strata:
    """Return the strata of all combinations of the columns' values; a row without one is in none."""
    import pandas as pd

    frame = pd.DataFrame({name: subject.column(name) for name in columns})
    known = frame.notna().all(axis=1).to_numpy()
    if not known.any():
        message = f"no row has a value of {', '.join(columns)}: --given names columns to compare within"
        raise DataError(message)
    codes, keys = pd.factorize(pd.MultiIndex.from_frame(frame[known].astype(str)), sort=True)
    found = np.full(len(frame), -1, dtype=np.int64)
    found[known] = codes
    names = tuple(", ".join(f"{c}={part}" for c, part in zip(columns, key, strict=True)) for key in keys)
    return Strata(words=", ".join(columns), names=names, codes=found)


def conditional_findings(
    subject: Subject, labels: Labels, columns: tuple[str, ...], context: Context
) -> Iterator[Finding]:
    """Yield, for every group, the gap within each stratum and the pooled one; show tables; say where signs differ."""
    if len(labels.classes) != 2:
        message = f"--given compares decisions with two outcomes, and there are {len(labels.classes)} classes"
        raise UsageError(message)
    if subject.cluster is not None:
        why = "rows that belong together would count as strangers within strata; leave out --cluster to compare so"
        context.skip("conditional parity", why)
        return
    strata = strata_of(subject, columns)
    if missing := subject.rows_in(strata.codes < 0):
        context.say(f"{missing:,} rows without a value of {strata.words} are in no stratum.")
    for cut in row_cuts(subject, context.stats):
        if cut.kind == "everybody":
            continue
        found = list(_compared(cut, strata, labels))
        if len(strata.names) <= MOST_SHOWN and cut.kind == "attribute":
            context.show(_table(cut, strata, found, context.stats))
        for one in found:
            yield _pooled(one, strata, context.stats)
            if len(strata.names) <= MOST_SHOWN:
                yield from _of_strata(one, strata, context.stats)
            _tell_of_signs(one, strata, context)
    if len(strata.names) > MOST_SHOWN:
        context.say(
            f"There are {len(strata.names)} strata of {strata.words}: only pooled numbers are reported."
        )


def _compared(cut: Cut, strata: Strata, labels: Labels) -> Iterator[Compared]:
    """Yield each group beside the others of its strata, and beside the reference group."""
    size = len(strata.names)
    both = (cut.codes >= 0) & (strata.codes >= 0)
    cells = count(
        np.where(both, cut.codes * size + strata.codes, -1), labels.predicted, labels.predicted,
        n_groups=cut.n_codes * size, n_classes=2, weights=labels.weights,
    )  # fmt: skip
    others = others_within(cells, strata=size)
    for i, group in enumerate(cut.groups):
        mine = slice(i * size, (i + 1) * size)
        yield _beside(group, "to_rest", "the rest", cells[mine], others[mine])
        if cut.reference is not None and i != cut.reference:
            theirs = slice(cut.reference * size, (cut.reference + 1) * size)
            yield _beside(group, "to_reference", cut.groups[cut.reference], cells[mine], cells[theirs])


def _beside(group: str, compare: Compare, others: str, own: Confusions, other: Confusions) -> Compared:
    pooled = mantel_haenszel(Arm.counted(own), Arm.counted(other))
    return Compared(group=group, compare=compare, others=others, own=own, other=other, pooled=pooled)


def _pooled(one: Compared, strata: Strata, stats: Stats) -> Finding:
    """Return the pooled gap, or why there is none."""
    rows = tuple(float(side.effective[one.shared].sum()) for side in (one.own, one.other))
    n = int(one.own.rows[one.shared].sum())
    base = {"given": strata.words, "strata": int(one.shared.sum())}
    if one.pooled is None or min(rows) < stats.min_n - 1e-6:
        reason = (
            f"insufficient evidence: in strata that both have, {rows[0]:.0f} rows and {rows[1]:.0f} of {one.others}, "
            f"{stats.min_n} needed"
        )
        return _finding(one, n=n, value=None, reason=reason, details=base)
    pooled = one.pooled
    ratio = pooled.ratio_interval(stats.confidence)
    details = base | {"rate": pooled.group, "others_rate": pooled.other, "ratio": pooled.ratio}
    details |= {"ratio_low": ratio.low, "ratio_high": ratio.high} if ratio is not None else {}
    interval = pooled.difference_interval(stats.confidence)
    return _finding(one, n=n, value=pooled.difference, interval=interval, details=details)


def _of_strata(one: Compared, strata: Strata, stats: Stats) -> Iterator[Finding]:
    """Yield the gap within each stratum."""
    gap = measure_gap(one.own, one.other, name="selection_rate", confidence=stats.confidence)
    mine, theirs = (condition_of(side, "selection_rate", stats.min_n) for side in (one.own, one.other))
    for s, name in enumerate(strata.names):
        reason = mine.reason(s) or theirs.reason(s, of=f" of {one.others}")
        yield _finding(
            one, n=int(one.own.rows[s]), value=None if reason else float(gap.value[s]), reason=reason,
            interval=None if reason else gap.interval(s), details={"given": strata.words, "stratum": name},
        )  # fmt: skip


def _finding(one: Compared, **told: object) -> Finding:
    return Finding(metric="conditional_parity", group=one.group, compare=one.compare, **told)  # type: ignore[arg-type]


def _table(cut: Cut, strata: Strata, found: list[Compared], stats: Stats) -> Table:
    """Return the table of strata: each group's rate there, the others', and the difference."""
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        if one.compare != "to_rest":
            continue
        gap = measure_gap(one.own, one.other, name="selection_rate", confidence=stats.confidence)
        for s in np.flatnonzero(one.shared).tolist():
            rates = (_rate(one.own, s), _rate(one.other, s))
            difference = f"{gap.value[s]:+.3f} [{gap.low[s]:+.3f}, {gap.high[s]:+.3f}]"
            rows.append((strata.names[s], one.group, int(one.own.rows[s]), *rates, difference))
    return Table(
        title=f"Selection within {strata.words}, by {cut.name}", rows=tuple(rows),
        columns=("Stratum", "Group", "n", "Rate", "Others' rate", "Difference"),
        caption="Strata without rows of both are left out. Pooled: Mantel and Haenszel's weights.",
    )  # fmt: skip


def _rate(side: Confusions, s: int) -> float:
    return (
        round(float(side.table[s, :, 1].sum() / side.table[s].sum()), 3) if side.table[s].sum() > 0 else 0.0
    )


def _tell_of_signs(one: Compared, strata: Strata, context: Context) -> None:
    """Say it where a group is behind over all rows of the shared strata and ahead within them, or the other way."""
    if one.pooled is None or one.compare != "to_rest":
        return
    whole = measure_gap(
        _summed(one.own, one.shared), _summed(one.other, one.shared), name="selection_rate",
        confidence=context.stats.confidence,
    )  # fmt: skip
    crude, within = float(whole.value[0]), one.pooled.difference
    if crude * within >= 0:
        return
    interval = one.pooled.difference_interval(context.stats.confidence)
    ends = (float(whole.low[0]), float(whole.high[0])), (interval.low, interval.high)
    shown = all(low > 0 or high < 0 for low, high in ends)
    text = (
        f"{one.group} {_said(crude)} than the rest over all rows, and {_said(within)} within {strata.words} (Simpson's "
        f"paradox): who is where makes the difference{'' if shown else ', as far as these rows show'}."
    )
    context.say(text)
    context.answer(
        Answer(
            text,
            basis=f"{one.pooled.strata} strata, {context.stats.confidence:.0%} intervals",
            sure="shown" if shown else "not_shown",
            exhibit=f"Selection within {strata.words}, by {one.group.split('=')[0]}",
        )
    )


def _said(gap: float) -> str:
    return f"is selected {abs(gap) * 100:.1f} points {'more' if gap > 0 else 'less'} often"


def _summed(side: Confusions, shared: NDArray[np.bool_]) -> Confusions:
    """Return the rows of all shared strata as one group."""
    counts, table, squares = (
        part[shared].sum(axis=0, keepdims=True) for part in (side.counts, side.table, side.squares)
    )
    return type(side)(counts=counts, table=table, squares=squares)
