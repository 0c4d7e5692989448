"""The device that networks are trained on: the one that was asked for, or the best that torch sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection

PREFERRED = ("cuda", "mps", "cpu")


def devices_here() -> tuple[str, ...]:
    """Return the devices that torch sees on this machine, the preferred one first; cpu is always one of them."""
    import torch

    seen = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    return tuple(name for name in PREFERRED if seen[name])


def device_for(asked: str, there: Collection[str]) -> str:
    """Return the device to train on of those that are there: `auto` is cuda before mps before cpu.

    Raises UsageError for one that is not there: nothing is trained elsewhere than it was asked to be.
    """
    if asked == "auto":
        return next(name for name in PREFERRED if name in there)
    if asked not in there:
        known = " or ".join(name for name in (*PREFERRED, "auto") if name in there or name == "auto")
        message = f"device '{asked}' cannot be used here, torch does not see it: --device {known}"
        raise UsageError(message)
    return asked
