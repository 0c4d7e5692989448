"""Other settings to train beside the chosen ones: `loss=supcon mining=random` read as parameters."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from auditkit import UsageError, nearest
from auditkit_shasam.params import ShasamParams

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIED = (
    "loss", "form", "joint", "mining", "selection", "k", "ground_set", "refresh", "epochs", "learning_rate",
    "temperature", "balance",
)  # fmt: skip
"""What training depends on and may differ between methods that are compared on the same rows."""


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
    """Return the text as the parameter's type, within its bounds."""
    hint = get_type_hints(ShasamParams)[name]
    default = next(field.default for field in fields(ShasamParams) if field.name == name)
    if isinstance(default, str):
        if text in get_args(hint):
            return text
        message = f"compare '{entry}': {name} cannot be '{text}'{nearest(text, get_args(hint))}"
        raise UsageError(message)
    try:
        value = int(text) if isinstance(default, int) else float(text)
    except ValueError as error:
        message = f"compare '{entry}': {name} must be a number, not '{text}'"
        raise UsageError(message) from error
    # Epochs, sizes and rates are positive; a weight may be 0, a share is at most 1, a set has two rows.
    low, high = {"joint": (0, None), "ground_set": (1e-9, 1), "k": (2, None)}.get(name, (1e-12, None))
    if value < low or (high is not None and value > high):
        message = f"compare '{entry}': {name} = {text} is out of bounds"
        raise UsageError(message)
    return value
