"""What --set lays over a recipe: `key.path=value`, steps and gates named by id."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditkit.errors import UsageError, nearest
from auditkit.recipe.document import MAX_DEPTH, parse_document
from auditkit.spec.consent import texts_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditkit.recipe.document import Document


def changed(document: Document, change: str) -> Document:
    """Return the document with one `key.path=value` applied."""
    key, value = _read(change)
    for part in reversed(key.split(".")):
        value = {part: value}
    return replace(document, value=_laid_over(document.value, value, key))


def said_in(changes: Iterable[str]) -> frozenset[str]:
    """Return every text that the changes say."""
    return frozenset(text for change in changes for text in texts_in(_read(change)[1]))


def _read(change: str) -> tuple[str, Any]:
    """Return the key and the value of a change."""
    key, equals, text = change.partition("=")
    if not equals or not key:
        message = f"--set {change}: write key.path=value"
        raise UsageError(message)
    if key.count(".") >= MAX_DEPTH:
        message = f"--set {key:.40}...: a key has at most {MAX_DEPTH} parts"
        raise UsageError(message)
    return key, parse_document(text, file=f"--set {key}").value if text.strip() else None


def _laid_over(base: Any, change: Any, key: str) -> Any:
    if isinstance(base, list) and isinstance(change, dict):
        (name, inner), *_ = change.items()
        ids = [str(item.get("id")) if isinstance(item, dict) else "" for item in base]
        if name not in ids:
            message = f"--set {key}: nothing has the id '{name}'{nearest(name, filter(None, ids))}"
            raise UsageError(message)
        return [
            _laid_over(item, inner, key) if i == name else item for i, item in zip(ids, base, strict=True)
        ]
    if isinstance(base, dict) and isinstance(change, dict):
        (name, inner), *_ = change.items()
        return {**base, name: _laid_over(base.get(name), inner, key)}
    return change
