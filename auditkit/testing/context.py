"""A context without a command line."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

from auditkit.running.context import RunContext
from auditkit.running.ledger import Ledger, Observer
from auditkit.spec.stats import Stats


def make_context(
    *, seed: int = 0, step: str = "step", stats: Stats | None = None, work: Path | None = None
) -> RunContext:
    """Return a context as the engine makes one; what the step says and shows is in its `ledger`.

    Without a `work` folder it gets one of its own, removed with the context.
    """
    folder = work or Path(tempfile.mkdtemp(prefix="auditkit-testing-"))
    context = RunContext(stats or Stats(seed=seed), step, Ledger(), Observer(), folder)
    if work is None:
        weakref.finalize(context, shutil.rmtree, folder, ignore_errors=True)
    return context
