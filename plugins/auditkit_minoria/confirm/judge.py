"""From rules to groups: rows that under-perform where they were mined, and whether that holds on the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from auditkit.measures import adjust
from auditkit_minoria.confirm.held_out import held_out_gaps
from auditkit_minoria.confirm.weighted import gap_to_all, share_of
from auditkit_minoria.groups.cover import distinct
from auditkit_minoria.groups.tail import Tail
from auditkit_minoria.slices.slice import Slice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit_minoria.confirm.held_out import HeldOut
    from auditkit_minoria.confirm.standard import Standard
    from auditkit_minoria.features.material import Material
    from auditkit_minoria.groups.rule import Rule

NO_LOSS = "no loss: skew only"
NOT_HELD_UP = "the gap did not hold up on the held-out rows"


@dataclass(frozen=True, eq=False, kw_only=True)
class MinedGroup:
    """A rule and what the mining and the held-out rows say about its rows, `members` bool [n] of all rows.

    `mining_gap` is biased: the rule was chosen on these `mining_n` rows, of which it has `mining_share`,
    by their weights if they have any.
    `held_out` is None where nothing was tested. `group` says whether the rows are reported as a group: they
    under-perform on the mining rows, or there is no loss to judge by. `confirmed` is None without a loss. `reason`
    says why not. `cells` bool [c] are its cells, where what it is judged by are rows that were only counted.
    """

    rule: Rule
    members: NDArray[np.bool_]
    mining_n: int
    mining_share: float
    mining_gap: float | None
    group: bool
    held_out: HeldOut | None = None
    p_corrected: float | None = None
    confirmed: bool | None = None
    reason: str = ""
    cells: NDArray[np.bool_] | None = None

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Which of what it is judged by is its: of all rows [n], or of the cells [c] of others."""
        return self.members if self.cells is None else self.cells

    @property
    def tail(self) -> Tail | None:
        """The tail that the rows are, or nearly are."""
        match self.rule:
            case Tail():
                return self.rule
            case Slice(came_from=tail):
                return tail
        return None


def judge(
    rules: Sequence[Rule], material: Material, standard: Standard, rng: np.random.Generator
) -> tuple[MinedGroup, ...]:
    """Return the rules with their verdicts, in order.

    Rows whose loss is NaN are left out. Of groups that are largely the same rows, that of most loss on the mining rows
    is tested alone. Rows whose loss gap is at least tau on the mining rows are tested on the
    others; they are confirmed if their one-sided p-value for a gap of at most tau, Holm-corrected for all that
    were tested, is below (1 - confidence) / 2. Their intervals stand alone, each at that confidence. Without a loss
    none is tested.
    """
    found = mined_groups(rules, material, tau=standard.tau)
    if material.loss is None:
        return tuple(found)
    other, known = material.judges, material.loss[~np.isnan(material.loss)]
    tails = [one.members[other] for one in found if one.group]
    weight = _of(material.weight, other)
    held = held_out_gaps(material.loss[other], tails, standard, known=known, rng=rng, weight=weight)
    return with_verdicts(found, held, level=standard.level)


def mined_groups(rules: Sequence[Rule], material: Material, *, tau: float) -> list[MinedGroup]:
    """Return the rules with what the mining rows say of them: which are groups to be tested on others."""
    return _distinct([_mined(rule, material, tau=tau) for rule in rules])


def with_verdicts(
    found: Sequence[MinedGroup], held_out: Sequence[HeldOut], *, level: float
) -> tuple[MinedGroup, ...]:
    """Return the rules in order, each group with its verdict by what other rows say of it, corrected by Holm."""
    p_values = [one.p for one in held_out if one.p is not None]
    corrected, held = iter(adjust(p_values, "holm").tolist() if p_values else ()), iter(held_out)
    told = []
    for one in found:
        if one.group:
            what = next(held)
            told.append(_judged(one, what, None if what.p is None else next(corrected), level=level))
        else:
            told.append(one)
    return tuple(told)


def _mined(rule: Rule, material: Material, *, tau: float) -> MinedGroup:
    """Return the rule with what the rows say that it was found on."""
    members, seen = rule.members(material.features), material.seen
    inside = members[seen]
    weight = _of(material.weight, seen)
    gap = None if material.loss is None else gap_to_all(material.loss[seen], inside, weight)
    reason = rule.unfit(inside, weight)
    if not reason and gap is not None and gap < tau:
        reason = f"{rule.noun} not under-performing"
    return MinedGroup(
        rule=rule,
        members=members,
        mining_n=len(inside),
        mining_share=share_of(inside, weight),
        mining_gap=gap,
        group=not reason,
        reason=reason or ("" if material.loss is not None else NO_LOSS),
        confirmed=None if material.loss is None else False,
    )


def _distinct(found: list[MinedGroup]) -> list[MinedGroup]:
    """Return them in order, those that are largely the rows of one of more loss no longer groups."""
    kept: list[MinedGroup] = []
    told = list(found)
    for place in sorted(range(len(found)), key=lambda i: -_mining_harm(found[i])):
        one = found[place]
        if not one.group:
            continue
        if all(distinct(one.members, other.members) for other in kept):
            kept.append(one)
        else:
            told[place] = replace(
                one, group=False, reason=f"largely the same rows as another {one.rule.noun}"
            )
    return told


def _mining_harm(one: MinedGroup) -> float:
    """Return the loss that the rows have too much on the mining rows; without a loss all are alike."""
    return 0.0 if one.mining_gap is None else one.mining_gap * one.mining_share


def _of(weight: NDArray[np.float64] | None, rows: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    return None if weight is None else weight[rows]


def _judged(one: MinedGroup, held_out: HeldOut, p_corrected: float | None, *, level: float) -> MinedGroup:
    """Return the group with its verdict: confirmed, or the reason why not."""
    if p_corrected is None:
        return replace(one, held_out=held_out, reason=held_out.reason)
    confirmed = p_corrected < level
    reason = "" if confirmed else NOT_HELD_UP
    return replace(one, held_out=held_out, p_corrected=p_corrected, confirmed=confirmed, reason=reason)
