"""The card of a saved model: JSON that says what the model reads, how it is built, and how it did."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from auditkit import DataError

if TYPE_CHECKING:
    from pathlib import Path

WEIGHTS, CARD, FORMAT = "model.safetensors", "card.json", 2
LARGEST_CARD = 200_000_000
"""Bytes: a thousand times a card with a thousand columns."""
NEEDED = ("format", "weights_sha256", "encoder", "features", "classes", "reads", "shape", "columns")


def read_card(path: Path) -> dict[str, Any]:
    """Return a card with all the keys that loading needs, or raise DataError."""
    try:
        if path.stat().st_size > LARGEST_CARD:
            message = f"model card {path} has more than {LARGEST_CARD:,} bytes"
            raise DataError(message)
        card = json.loads(file_bytes(path))
    except OSError as error:
        message = f"model file {path} cannot be read: {error.strerror}"
        raise DataError(message) from error
    except (ValueError, RecursionError) as error:
        message = f"model card {path} is not JSON: {error}"
        raise DataError(message) from error
    absent = [key for key in NEEDED if not isinstance(card, dict) or key not in card]
    if absent:
        message = f"model card {path} has no '{absent[0]}'; it was not written by shasam"
        raise DataError(message)
    if card["format"] != FORMAT:
        message = f"model card {path} has format {card['format']}; this version reads format {FORMAT}"
        raise DataError(message)
    found: dict[str, Any] = card
    return found


def code_of_card(folder: Path) -> tuple[str, ...]:
    """Return the code that reading the model in a folder would import: an encoder named module:factory."""
    encoder = read_card(folder / CARD)["encoder"]
    return (encoder,) if isinstance(encoder, str) and ":" in encoder else ()


def file_bytes(path: Path) -> bytes:
    """Return a file's bytes, or raise DataError."""
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"model file {path} cannot be read: {error.strerror}"
        raise DataError(message) from error
