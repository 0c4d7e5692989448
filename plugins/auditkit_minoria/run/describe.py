"""A mined group in words, as an expression, and in the few plain conditions that come nearest to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit import Group
from auditkit_minoria.words.shallow import Fidelity, conditions_in_words, fidelity, shallow_rule

if TYPE_CHECKING:
    from auditkit import Context
    from auditkit_minoria.confirm.judge import MinedGroup
    from auditkit_minoria.features.material import Material

NEAR_ENOUGH = 0.5
"""F1 from which on a group is also put into plain conditions."""


@dataclass(frozen=True, eq=False)
class Plain:
    """A conjunction of few conditions in words, "" for none, and how near it comes to a group's rows."""

    said: str
    near: Fidelity


@dataclass(frozen=True, eq=False)
class Description:
    """The group over all rows of the table, None where the rows are none; and its nearest conjunction."""

    group: Group | None
    plain: Plain


def described(name: str, one: MinedGroup, material: Material, context: Context) -> Description:
    """Return the description of one mined group. Nearness is that on rows by whose losses it was not chosen."""
    matrix, mining = material.features.matrix, material.mining
    other = mining if material.loss is None else ~mining
    conditions = shallow_rule(matrix[mining], one.members[mining], context.rng(f"{name}/rule"))
    near = fidelity(conditions, matrix[other], one.members[other])
    table = material.subject.table
    plain = Plain(conditions_in_words(conditions, material.features.columns, table=table), near)
    if not one.group:
        return Description(None, plain)
    rule = one.rule.in_words(material.features)
    if plain.said and near.f1 >= NEAR_ENOUGH:
        rule = f"{rule}; about the same as {plain.said} (F1 {near.f1:.2f})"
    again = one.rule.expression(material.features, table)
    # Skew alone chooses without a look at any outcome: no row was seen in the sense that counts.
    seen = None if material.loss is None else mining
    return Description(Group(name, rule, again, one.members, seen=seen), plain)
