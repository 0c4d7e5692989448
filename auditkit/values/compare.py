"""What a number is put beside, and what follows: one table that gates and renderers read."""

from __future__ import annotations

from typing import Literal

Compare = Literal["absolute", "to_rest", "to_best", "difference", "ratio"]
