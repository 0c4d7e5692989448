"""The processes of this machine: started while the data are read, and ended at once where nobody waits for them."""

from __future__ import annotations

import atexit
import gc
import signal
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

COLLECTED_AFTER = 400_000
"""Objects that steps make between two collections of circular garbage, which may hold tables and models.

Findings are no garbage: at 50,000, looking 27,528 of them through takes a twentieth of an audit, and the most memory
that mining and training take is the same.
"""


@contextmanager
def started(jobs: int | None, modules: Collection[str]) -> Iterator[None]:
    """Start as many processes as were asked for, if there are modules that they will need, and have them import those.

    Whoever hands work to as many processes within the block finds these: joblib has one set for the whole program. No
    result depends on how far they are. Where the block fails they end with it.
    """
    if not modules or jobs in {None, 1}:
        yield
        return
    from joblib import Parallel, delayed, effective_n_jobs

    parallel = Parallel(n_jobs=jobs, backend="loky", return_as="generator_unordered", batch_size=1)
    imported: Iterator[None] = iter(())
    try:
        with deaf():
            imported = parallel(delayed(_imported)(sorted(modules)) for _ in range(effective_n_jobs(jobs)))
        yield
    except BaseException:
        killed()
        raise
    finally:
        with suppress(Exception):  # a process that died is told of by whoever has work for it
            for _ in imported:
                pass


@contextmanager
def deaf() -> Iterator[None]:
    """Have processes that start in the block not hear Ctrl-C, which a terminal sends to all; this one does.

    It ends them; by themselves they would each print where they were, in the middle of an import for instance.
    """
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # it starts with the first process, and has Ctrl-C heard again
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)


def killed() -> None:
    """End the processes at once, whatever they do."""
    from joblib.externals.loky import get_reusable_executor

    # Of a set that was made with other options, joblib's, a plain call would wait for the work, and make another set.
    get_reusable_executor(reuse=True).shutdown(wait=True, kill_workers=True)


def _imported(modules: Collection[str]) -> None:
    """Import what is there of the modules, and have garbage looked for as rarely as in the process that asks."""
    gc.set_threshold(COLLECTED_AFTER)
    atexit.register(gc.freeze)  # the process ends: what is left need not be looked through again
    with suppress(Exception):  # whoever needs the module will say that it cannot be imported
        for name in modules:
            import_module(name)
