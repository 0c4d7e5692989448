"""Which rows are drawn: those whose place in the table hashes low, the same ones by every engine and on every day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

PLACE = "auditkit place"
"""The column that holds each row's place: from 0 on, file after file in the order of their names, or a rowid."""
PRIME, OTHER = 2**31 - 1, 2**31 - 19
"""Primes whose products with one another fit 63 bits, so that engines that know whole numbers hash without rounding."""
PURPOSE = 23
"""Sets this draw apart from others of the same seed."""


@dataclass(frozen=True)
class Draw:
    """A share of all rows, by a seed: a row is drawn where the hash of its place is below `below`.

    The hash is a cubic polynomial in the place modulo PRIME, plus a multiple of the place modulo OTHER, with random
    coefficients: any two of up to 4.6e18 places are drawn as independently as coins are tossed (Wegman and Carter,
    Journal of Computer and System Sciences 22, 1981), and any four of less than 2.1e9.
    """

    seed: int
    share: float

    @property
    def below(self) -> int:
        """The hash from which on a row is not drawn."""
        return round(self.share * PRIME)

    @cached_property
    def coefficients(self) -> tuple[int, ...]:
        """Of the cube, the square, the place, the other remainder, and 1; each in 1 .. PRIME - 1."""
        import numpy as np

        return tuple(np.random.default_rng([self.seed, PURPOSE]).integers(1, PRIME, 5).tolist())

    def hashed(self, place: Any) -> Any:
        """Return the hash of places, whole numbers from 0 on of any kind that knows *, + and %."""
        cube, square, line, other, one = self.coefficients
        low, more = place % PRIME, place % OTHER
        found = (low * cube + square) % PRIME
        found = (found * low + line) % PRIME
        return ((found * low) % PRIME + (more * other) % PRIME + one) % PRIME

    def sql(self, place: str) -> str:
        """Return the same as SQL, of the name of a column, which may be below 0."""
        cube, square, line, other, one = self.coefficients
        low, more = (f"(({place} % {prime} + {prime}) % {prime})" for prime in (PRIME, OTHER))
        found = f"(({low} * {cube} + {square}) % {PRIME})"
        found = f"(({found} * {low} + {line}) % {PRIME})"
        return f"((({found} * {low}) % {PRIME} + ({more} * {other}) % {PRIME} + {one}) % {PRIME})"
