"""What a step is expected to take, before it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a step is expected to take, to within a factor of two.

    `seconds` are of one core of the machine that prices were measured on; `bytes` of memory come on top of what is held
    when the step begins. `item_seconds` is the part of each of the items that `context.map` hands out. With `predicts`
    it reads the subject's predictions too, which are counted apart: the first step that asks for them pays.
    """

    seconds: float
    bytes: float
    item_seconds: float = 0.0
    predicts: bool = False
