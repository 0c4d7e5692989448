"""Other settings to train beside the chosen ones: `loss=supcon mining=random` read as parameters."""

from __future__ import annotations

import operator
from dataclasses import replace
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from auditkit import UsageError, nearest
from auditkit_shasam.choices import one_of
from auditkit_shasam.params import ShasamParams

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIED = (
    "loss",
    "form",
    "joint",
    "mining",
    "selection",
    "anchors",
    "mine_positives",
    "mine_negatives",
    "batches",
    "k",
    "ground_set",
    "refresh",
    "epochs",
    "patience",
    "learning_rate",
    "temperature",
    "balance",
)
"""What training depends on and may differ between methods that are compared on the same rows."""
BOUNDS = {"ge": operator.ge, "gt": operator.gt, "le": operator.le, "lt": operator.lt}
"""How a value keeps a bound, by the bound's attribute in annotated_types."""


def variants(params: ShasamParams) -> Mapping[str, ShasamParams]:
    """Return the parameters of every entry of `compare`, by its text.

    Raises UsageError for a name, a value or a bound that the parameters do not have.
    """
    return {entry: replace(params, **_changes(entry)) for entry in params.compare}


def _changes(entry: str) -> dict[str, Any]:
    changes = {}
    for word in entry.split():
        name, _, value = word.partition("=")
        if name not in VARIED or not value:
            message = f"compare '{entry}': '{word}' is not name=value of a training parameter{nearest(name, VARIED)}"
            raise UsageError(message)
        changes[name] = _value(name, value, entry)
    return changes


def _value(name: str, text: str, entry: str) -> Any:
    """Return the text as the parameter's type, within its declared bounds."""
    declared = get_type_hints(ShasamParams, include_extras=True)[name]
    kind, *bounds = get_args(declared)
    if get_origin(kind) in {
        Union,
        UnionType,
    }:  # may be left out: words are never None
        kind = next(one for one in get_args(kind) if one is not NoneType)
    if get_origin(kind) is Literal:
        one_of(f"compare '{entry}': {name}", text, allowed=get_args(kind))
        return text
    try:
        value = kind(text)
    except ValueError as error:
        message = f"compare '{entry}': {name} must be a number, not '{text}'"
        raise UsageError(message) from error
    if not all(_within(value, bound) for bound in bounds):
        message = f"compare '{entry}': {name} = {text} is out of bounds"
        raise UsageError(message)
    return value


def _within(value: float, bound: Any) -> bool:
    """Return whether the value keeps a bound; words of the documentation bound nothing."""
    held = [compare(value, getattr(bound, name)) for name, compare in BOUNDS.items() if hasattr(bound, name)]
    return all(held)
