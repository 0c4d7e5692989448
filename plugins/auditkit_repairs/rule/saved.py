"""The one file of a decision rule: JSON with the expression of each group, its cuts, their chances and the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import UsageError, columns_read, write_output
from auditkit_repairs.card import CUTS
from auditkit_repairs.curves.hull import Mixture
from auditkit_repairs.document import read_document, two_classes, write_document
from auditkit_repairs.linear.model import model_of
from auditkit_repairs.rule.decide import CutRule, Draw, GroupCuts
from auditkit_repairs.rule.scores import BuiltIn, ClassColumn, ScoreColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from auditkit_repairs.rule.scores import Scores


def save_rule(
    rule: CutRule, folder: str | Path, *, write: Callable[[Path, str | bytes], None] = write_output
) -> Path:
    """Write the rule into a folder, made if need be, and return it; `write` writes one file."""
    document = {
        "classes": list(rule.classes),
        "scores": _document(rule.scores),
        "groups": [
            {
                "group": group.name,
                "rows": group.expression,
                "cuts": [
                    None if np.isinf(cut) else cut for cut in group.cuts.cut.tolist()
                ],  # nobody meets it
                "chances": group.cuts.chance.tolist(),
            }
            for group in rule.groups
        ],
        "draw": None if rule.draw is None else {"id": rule.draw.id, "key": rule.draw.key},
    }
    return write_document(folder, CUTS, document, write=write)


def load_rule(folder: str | Path) -> CutRule:
    """Return the rule that `save_rule` wrote; it decides the same. Raises DataError for another file."""
    return read_document(folder, CUTS, _rule_of)


def _document(scores: Scores) -> dict[str, Any]:
    match scores:
        case ScoreColumn(name=name):
            return {"column": name}
        case ClassColumn(name=name):
            return {"predicted": name}
        case BuiltIn(model=model):
            return {"model": model.document()}


def _rule_of(document: Any) -> CutRule:
    """Return the rule of a document, or raise TypeError, ValueError or KeyError."""
    groups = tuple(map(_group_of, document["groups"]))
    draw = document["draw"]
    if not groups or (draw is None and any(len(group.cuts.cut) > 1 for group in groups)):
        raise ValueError
    return CutRule(
        classes=two_classes(document),
        groups=groups,
        scores=_scores_of(document["scores"]),
        draw=None if draw is None else Draw(id=_text(draw["id"]), key=_text(draw["key"])),
    )


def _group_of(entry: Mapping[str, Any]) -> GroupCuts:
    cut = np.array([np.inf if one is None else one for one in entry["cuts"]], dtype=np.float64)
    chance = np.array(entry["chances"], dtype=np.float64)
    descending = len(cut) > 0 and cut.shape == chance.shape and (np.diff(cut) < 0).all()
    if not descending or np.isnan(cut).any() or not (chance > 0).all() or abs(chance.sum() - 1) > 1e-9:
        raise ValueError
    expression = _text(entry["rows"])
    try:
        columns_read(expression)
    except UsageError as error:
        raise ValueError from error
    return GroupCuts(name=_text(entry["group"]), expression=expression, cuts=Mixture(cut=cut, chance=chance))


def _scores_of(entry: Mapping[str, Any]) -> Scores:
    match entry:
        case {"column": str() as name}:
            return ScoreColumn(name=name)
        case {"predicted": str() as name}:
            return ClassColumn(name=name)
        case {"model": model}:
            found = model_of(model)
            if found.reads == "table":
                return BuiltIn(model=found)
    raise ValueError


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
