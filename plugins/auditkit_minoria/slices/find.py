"""From all that was counted to the slices that together explain most of the loss: each on what the others leave."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from auditkit_minoria.groups.cover import LEAST
from auditkit_minoria.groups.evidence import Evidence
from auditkit_minoria.slices.cells import Cells, Counted, Limits, Parts, z2_of
from auditkit_minoria.slices.conditions import Condition, any_of, between, members, plain
from auditkit_minoria.slices.cubes import counted
from auditkit_minoria.slices.prices import columns_price, set_price
from auditkit_minoria.slices.refine import prefix, refined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit_minoria.features.levels import Levels

    Rule: TypeAlias = tuple[Condition, ...]

WIDE = 0.9
"""Share of the rows up to which a conjunction is looked for that a slice near the size limit may be a part of."""
SHORTLIST = 150
"""Conjunctions of each number of conditions that are looked at closely, those of most evidence."""
PER_COLUMNS = 4
"""Of the same columns so many are looked at."""


@dataclass(frozen=True)
class Best:
    """A conjunction and its evidence; `wider` is the one of too many rows that it is a part of, () where there is none.

    That has more evidence: what parts the slice from its other rows is the limit on its size alone.
    """

    rule: Rule
    evidence: float
    wider: Rule = ()


def best_slices(
    levels: Levels,
    loss: NDArray[np.float64],
    limits: Limits,
    *,
    top: int,
    weight: NDArray[np.float64] | None = None,
    rows: NDArray[np.int64] | None = None,
) -> tuple[tuple[Best, ...], Counted]:
    """Return at most `top` conjunctions with their evidence, in the order they were found, and all that was counted.

    The first has most evidence of all; each next one has most for the loss that those before leave unexplained. Those
    that the best of as many rules would reach by chance are left out. `weight` [n] are the rows' weights, if any. In
    place of rows, the n may be cells that stand for `rows` [n] each and weigh as much as all of these.
    """
    evidence, mean = Evidence.of(loss, weight, rows), float(np.average(loss, weights=weight))
    found = counted(levels, loss, limits, weight=weight, rows=rows, spread=(evidence.variance, mean))
    shortlist = _shortlist(found, levels, evidence, mean, limits)
    masks = [members(rule, levels.columns, levels.n) for rule, _ in shortlist]
    chosen: list[Best] = []
    left = evidence
    dead = np.zeros(len(shortlist), dtype=np.bool_)
    while len(chosen) < top and not dead.all():
        worth = np.array([left.z2(mask) - price for mask, (_, price) in zip(masks, shortlist, strict=True)])
        place = int(np.where(dead, -np.inf, worth).argmax())
        if worth[place] <= LEAST:
            break
        rule, value = refined(shortlist[place][0], levels, left, limits)
        dead[place] = True
        if value > LEAST and rule not in [one.rule for one in chosen]:
            inside = members(rule, levels.columns, levels.n)
            chosen.append(Best(rule, value, _wider(rule, inside, levels, left, limits)))
            left = left.without(inside)
    return tuple(chosen), found


def _wider(rule: Rule, inside: NDArray[np.bool_], levels: Levels, evidence: Evidence, limits: Limits) -> Rule:
    """Return the conjunction of more than `limits.most` rows that a slice becomes where size does not matter, or ()."""
    if 2 * evidence.rows_of(inside) < limits.most:
        return ()
    larger = Limits(conditions=limits.conditions, least=limits.least, most=int(WIDE * evidence.n))
    found, _ = refined(rule, levels, evidence, larger)
    inside = members(found, levels.columns, levels.n)
    return found if evidence.rows_of(inside) > limits.most else ()


def _shortlist(
    found: Counted, levels: Levels, evidence: Evidence, mean: float, limits: Limits
) -> list[tuple[Rule, float]]:
    """Return the conjunctions of most evidence with their prices."""
    listed: list[tuple[Rule, float]] = []
    for k, cells in found.cells.items():
        price = columns_price(len(levels.columns), k) + _plain_prices(cells.columns, levels)
        worth = z2_of(cells, evidence.whole, mean, evidence.variance) - price
        worth[(cells.rows > limits.most) | _redundant(cells, found.cells.get(k - 1), levels)] = -np.inf
        for i in _best(worth, cells.columns):
            listed.append((_plain_rule(cells.columns[i], cells.levels[i], levels), float(price[i])))
    by_size: dict[int, list[Parts]] = {}
    for one in found.parts:
        by_size.setdefault(one.columns.shape[1], []).append(one)
    for tables in by_size.values():
        columns = np.concatenate([np.column_stack([one.columns, one.column]) for one in tables])
        worth = np.concatenate([one.z2 - one.price for one in tables])
        owner = np.repeat(np.arange(len(tables)), [len(one.z2) for one in tables])
        offset = np.concatenate([np.arange(len(one.z2)) for one in tables])
        for i in _best(worth, np.sort(columns, axis=1)):
            part, row = tables[owner[i]], int(offset[i])
            listed.append((_part_rule(part, row, levels, evidence), float(part.price[row])))
    return listed


def _plain_prices(columns: NDArray[np.int64], levels: Levels) -> NDArray[np.float64]:
    each = np.array([set_price(column.count, 1) for column in levels.columns])
    total: NDArray[np.float64] = each[columns].sum(axis=1)
    return total


def _best(worth: NDArray[np.float64], columns: NDArray[np.int64]) -> Iterator[int]:
    """Yield the places of most worth above 0, at most PER_COLUMNS of the same columns [m, k]."""
    seen: dict[tuple[int, ...], int] = {}
    given = 0
    for i in np.argsort(-worth, kind="stable").tolist():
        if worth[i] <= 0 or given == SHORTLIST:
            return
        key = tuple(columns[i].tolist())
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= PER_COLUMNS:
            given += 1
            yield i


def _redundant(cells: Cells, shorter: Cells | None, levels: Levels) -> NDArray[np.bool_]:
    """Return which conjunctions [m] lose no more, per row, than one that has a condition less."""
    k = cells.columns.shape[1]
    redundant = np.zeros(len(cells.rows), dtype=np.bool_)
    if shorter is None or k < 2 or not len(shorter.rows):
        return redundant
    base = max(column.count for column in levels.columns) + 1
    known = _key(shorter.columns, shorter.levels, base)
    order = np.argsort(known)
    known, means = known[order], (shorter.total / shorter.mass)[order]
    own = cells.total / cells.mass
    for left_out in range(k):
        kept = [i for i in range(k) if i != left_out]
        place = np.searchsorted(known, _key(cells.columns[:, kept], cells.levels[:, kept], base))
        place = np.minimum(place, len(known) - 1)
        redundant |= own <= means[place] * (1 + 1e-12)
    return redundant


def _key(columns: NDArray[np.int64], levels: NDArray[np.int64], base: int) -> NDArray[np.int64]:
    key = np.zeros(len(columns), dtype=np.int64)
    for column, level in zip(columns.T, levels.T, strict=True):
        key = key * 1_000_003 + column * base + level + 1
    return key


def _plain_rule(columns: Sequence[int], chosen: Sequence[int], levels: Levels) -> Rule:
    return tuple(plain(levels.columns[c], int(v)) for c, v in zip(columns, chosen, strict=True))


def _part_rule(part: Parts, row: int, levels: Levels, evidence: Evidence) -> Rule:
    """Return the conjunction; its set is worked out again from the rows that meet the others."""
    others = _plain_rule(part.columns[row], part.levels[row], levels)
    column = levels.columns[int(part.column[row])]
    first, stop = int(part.first[row]), int(part.stop[row])
    if part.kind[row] > 0:
        return (*others, between(column, first, stop))
    inside = members(others, levels.columns, levels.n)
    _, mass, sums = evidence.by_level(column.codes, inside, column.count)
    return (*others, any_of(column, prefix(mass, sums, first)))
