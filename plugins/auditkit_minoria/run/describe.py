"""A mined group in words, as an expression, by the plain conditions that come nearest, and by who is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit import Group
from auditkit_minoria.groups.tail import Tail
from auditkit_minoria.slices.nearest import EXACT, SIMPLE, Nearest, nearest
from auditkit_minoria.slices.slice import Slice
from auditkit_minoria.slices.who import Who, who

if TYPE_CHECKING:
    from auditkit_minoria.confirm.excess import Service
    from auditkit_minoria.confirm.judge import MinedGroup
    from auditkit_minoria.features.material import Material
    from auditkit_minoria.groups.rule import Rule

MOST_SAID = 3
"""Values that the words of a group without a simple rule name."""


@dataclass(frozen=True, eq=False)
class Simplified:
    """A rule, and the conjunction nearest to its rows: the rule itself where that has an F1 of 1."""

    rule: Rule
    near: Nearest


@dataclass(frozen=True, eq=False)
class Description:
    """The group over all rows of the table, None where the rows are none; its nearest conjunction, and who is in it."""

    group: Group | None
    near: Nearest
    who: tuple[Who, ...]


@dataclass(frozen=True, eq=False)
class Reported:
    """One mined group, or rule that is none, as it is reported; `stable` is the share of re-runs that find it again."""

    name: str
    mined: MinedGroup
    about: Description
    service: Service
    stable: float | None = None


def simplified(rule: Rule, material: Material) -> Simplified:
    """Return the plain conjunction in place of a rule with which it has an F1 of EXACT or more, else the rule.

    The conjunction is learnt from the mined rows' membership alone, so it may be tested in the rule's place.
    """
    if isinstance(rule, Slice):
        return Simplified(rule, Nearest(rule.conditions, 1.0))
    rows = rule.members(material.features)
    weight = None if material.weight is None else material.weight[material.seen]
    if rule.unfit(rows[material.seen], weight):
        return Simplified(rule, Nearest())
    near = nearest(material.features.levels, rows, material.mining)
    if near.f1 < EXACT:
        return Simplified(rule, near)
    came_from = rule if isinstance(rule, Tail) else None
    plain = Slice(conditions=near.conditions, found_by=rule.found_by, came_from=came_from)
    return Simplified(plain, Nearest(near.conditions, 1.0))


def described(name: str, one: MinedGroup, near: Nearest, material: Material) -> Description:
    """Return the description of one mined group."""
    inside = who(material.features.levels, one.members, material.weight)
    if not one.group:
        return Description(None, near, inside)
    again = one.rule.expression(material.features, material.subject.table)
    # Skew alone chooses without a look at any outcome: no row was seen in the sense that counts.
    seen = None if material.loss is None else material.mining
    words = in_words(one.rule, near, inside, material)
    return Description(Group(name, words, again, one.members, seen=seen), near, inside)


def in_words(rule: Rule, near: Nearest, inside: tuple[Who, ...], material: Material) -> str:
    """Return the rule as a sentence part: the plain rule where one comes near, else who is in the group.

    What stands for the rows is read off the rows: weights of columns that go together may say the contrary.
    """
    if isinstance(rule, Slice):
        return rule.in_words(material.features)
    exactly = rule.in_words(material.features)
    if near.f1 >= SIMPLE:
        return f"rows with about {near.said} (F1 {near.f1:.2f} with the {exactly})"
    if not inside:
        return exactly
    said = ", ".join(
        f"{one.value} ({one.share:.0%} of them, {one.share_of_all:.0%} of all)" for one in inside[:MOST_SAID]
    )
    return f"rows with, more than others, {said}; no simple rule ({exactly})"
