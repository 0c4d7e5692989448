"""One function over many items, by as many workers as somebody asked for: joblib's, of this machine or of Dask."""

from __future__ import annotations

import warnings
from collections.abc import Sized
from contextlib import ExitStack
from dataclasses import dataclass, field
from pickle import PicklingError
from typing import TYPE_CHECKING, Any, Literal

from auditkit.errors import UsageError, first_line
from auditkit.running.workers.dask import dask_workers
from auditkit.running.workers.processes import deaf, killed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Backend = Literal["loky", "dask"]
DEATHS = 3
"""How often workers may die in a row without that an item is done, before the items themselves are to blame."""
DYING = (
    f"workers died {DEATHS} times in a row over the same work, for want of memory perhaps: give fewer --jobs"
)


@dataclass(frozen=True)
class Workers:
    """How many processes work at once, and whose: of this machine, or of a Dask scheduler.

    Without a number, each step is given as many as it is worth (`workers/worth.py`); of Dask, all that are there.
    """

    jobs: int | None = 1
    backend: Backend = "loky"
    scheduler: str | None = None

    @property
    def several(self) -> bool:
        """Whether anything is handed to another process."""
        return self.jobs not in {None, 1} or self.backend == "dask"


ALONE = Workers()


def mapped(
    workers: Workers,
    function: Callable[[Any], Any],
    items: Iterable[Any],
    *,
    watch: Callable[[Iterable[Any]], Iterable[Any]],
) -> list[Any]:
    """Return the function of each item, in the order of the items, whoever worked and in whatever order.

    Items that come one by one are asked for as workers are free. Each worker has one thread for BLAS and OpenMP. A
    worker that dies costs the items that were under way: they are done again. What is left when the run is interrupted
    is dropped. Raises UsageError where workers keep dying, and for what cannot be sent to them.
    """
    n = len(items) if isinstance(items, Sized) else None
    if not workers.several or n in {0, 1}:
        return [function(item) for item in watch(items)]
    left = _Left(enumerate(items), n)
    found: dict[int, Any] = {}
    deaths = 0
    while not left.done:
        before = len(found)
        try:
            for i, result in watch(left.counted(_done(workers, function, left.items()), len(found))):
                found[i] = result
                del left.under_way[i]
            left.done = True
        except _dead() as error:
            deaths = 0 if len(found) > before else deaths + 1
            if deaths >= DEATHS:
                raise UsageError(DYING) from error
        except PicklingError as error:
            reason = first_line(error)
            message = (
                f"this work cannot be handed to other processes ({reason}): leave out --jobs and --backend"
            )
            raise UsageError(message) from error
    return [found[i] for i in sorted(found)]


@dataclass(eq=False)
class _Left:
    """The items, of which there are n if that is known: those to come, and those that were handed out."""

    coming: Iterator[tuple[int, Any]]
    n: int | None
    under_way: dict[int, Any] = field(default_factory=dict)
    done: bool = False

    def items(self) -> Iterator[tuple[int, Any]]:
        """Yield those that were handed out to workers that died, then those to come."""
        yield from tuple(self.under_way.items())
        for i, item in self.coming:
            self.under_way[i] = item
            yield i, item

    def counted(self, results: Iterator[Any], found: int) -> Iterable[Any]:
        """Return the results, of which it is known how many there will be if it is of the items."""
        return results if self.n is None else _Known(results, self.n - found)


@dataclass(frozen=True)
class _Known:
    """Results that come one by one, of which it is known how many there will be."""

    results: Iterator[Any]
    n: int

    def __iter__(self) -> Iterator[Any]:
        return self.results

    def __len__(self) -> int:
        return self.n


def _alone(function: Callable[[Any], Any], i: int, item: Any) -> tuple[int, Any]:
    """Return an item's place beside what the function makes of it with one thread."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        return i, function(item)


def _done(
    workers: Workers, function: Callable[[Any], Any], items: Iterable[tuple[int, Any]]
) -> Iterator[tuple[int, Any]]:
    """Yield the place and the result of each item, as they are done.

    The function, and the data that it holds, are sent once: joblib maps its arrays into the memory of this machine's
    processes, and scatters it to Dask's.
    """
    from joblib import Parallel, delayed, parallel_config

    told: dict[str, Any] = {}
    with ExitStack() as held:
        held.enter_context(warnings.catch_warnings())  # of workers that end, which is seen to
        warnings.filterwarnings("ignore", "A worker stopped while", UserWarning)
        warnings.filterwarnings("ignore", ".* tasks which", UserWarning)
        if workers.backend == "dask":
            held.enter_context(dask_workers(workers.scheduler))
            told = {"scatter": [function]}
        else:
            held.push(_killed)
        held.enter_context(parallel_config(workers.backend, n_jobs=workers.jobs or -1, **told))
        parallel = held.enter_context(Parallel(return_as="generator_unordered", batch_size=1))
        with deaf():
            results = parallel(delayed(_alone)(function, i, item) for i, item in items)
            held.callback(results.close)
        yield from results


def _killed(kind: type[BaseException] | None, *_: object) -> bool:
    """End the processes at once where the run is interrupted: they would go on with what nobody waits for."""
    if kind is not None and not issubclass(kind, Exception):
        killed()
    return False


def _dead() -> tuple[type[BaseException], ...]:
    """Return what is raised when a worker has died."""
    import importlib.util

    from joblib.externals.loky.process_executor import TerminatedWorkerError

    if importlib.util.find_spec("distributed") is None:
        return (TerminatedWorkerError,)
    from distributed import KilledWorker
    from distributed.client import FutureCancelledError

    return TerminatedWorkerError, KilledWorker, FutureCancelledError
