"""The chance of a row: a keyed hash of its id, so that one person always gets one answer."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

LONGEST_KEY = 64
"""Bytes of a key of BLAKE2b."""


def chances(ids: Iterable[str], *, key: str) -> NDArray[np.float64]:
    """Return a number in [0, 1) for each id [n], uniform and independent to whoever does not know the key.

    It is BLAKE2b of the id in UTF-8, keyed, its first 8 bytes as a fraction.
    """
    secret = hashlib.blake2b(key.encode(), digest_size=LONGEST_KEY).digest()
    hashed = b"".join(hashlib.blake2b(one.encode(), digest_size=8, key=secret).digest() for one in ids)
    # 53 bits are what a float64 holds: all 64 would round up to 1.
    return (np.frombuffer(hashed, dtype=">u8") >> np.uint64(11)).astype(np.float64) / 2.0**53
