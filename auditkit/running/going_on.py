"""Goes on from what an interrupted run left, and starts the step over where that cannot be read."""

from __future__ import annotations

import errno
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from auditkit.errors import PluginError
from auditkit.plugins.fault import said
from auditkit.running.advance import advance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from auditkit.running.advance import State
    from auditkit.running.context import RunContext
    from auditkit.running.plan import Planned

_SCARCE = (errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EIO, errno.EROFS, errno.EACCES)
"""What a machine lacks, besides memory, which has an error of its own: no fault of the work that was kept."""


def go_on(state: State, planned: Planned, context: RunContext) -> State:
    """Return the state after one step; a step that breaks on work that it finds starts over, and a note says so.

    A torn file, or one of another version of the plugin, must not cost the run: the work is put aside and the step runs
    again. If it breaks again, the work was not at fault: it is put back.
    """
    if not context.place.is_dir() or not any(context.place.iterdir()):
        return advance(state, planned, context)
    length = context.ledger.length()
    try:
        return advance(state, planned, context)
    except PluginError as error:
        cause = error.__cause__
        if cause is None or _is_scarcity(cause):
            raise
    context.ledger.cut_back(length)
    context.say(
        f"Step {context.step} could not go on from the work that an interrupted run left, and started over: "
        f"{said(cause)}."
    )
    with _put_aside(context.place):
        return advance(state, planned, context)


@contextmanager
def _put_aside(place: Path) -> Iterator[None]:
    """Move a folder out of the way, and back if the block breaks; an interrupt keeps what was made since."""
    aside = place.with_name(
        f"%aside-{place.name}"
    )  # no step's folder is called so: % stands before two digits there
    shutil.rmtree(aside, ignore_errors=True)
    place.rename(aside)
    try:
        yield
    except Exception:
        shutil.rmtree(place, ignore_errors=True)
        aside.rename(place)
        raise


def _is_scarcity(cause: BaseException) -> bool:
    return isinstance(cause, OSError) and cause.errno in _SCARCE
