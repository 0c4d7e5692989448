"""One function over many items, by as many workers as somebody asked for: joblib's, of this machine or of Dask."""

from __future__ import annotations

import warnings
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from auditkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Backend = Literal["loky", "dask"]
DEATHS = 3
"""How often workers may die in a row without that an item is done, before the items themselves are to blame."""


@dataclass(frozen=True)
class Workers:
    """How many processes work at once, and whose: of this machine, or of a Dask scheduler."""

    jobs: int = 1
    backend: Backend = "loky"
    scheduler: str | None = None

    @property
    def several(self) -> bool:
        """Whether anything is handed to another process."""
        return self.jobs != 1 or self.backend == "dask"


ALONE = Workers()


def mapped(
    workers: Workers,
    function: Callable[[Any], Any],
    items: Sequence[Any],
    *,
    watch: Callable[[Iterable[Any]], Iterable[Any]],
) -> list[Any]:
    """Return the function of each item, in the order of the items, whoever worked and in whatever order.

    Each worker has one thread for BLAS and OpenMP. A worker that dies costs the items that were under way: they are
    done again. What is left when the run is interrupted is dropped. Raises UsageError where workers keep dying.
    """
    if not workers.several or len(items) < 2:
        return [function(item) for item in watch(items)]
    found: dict[int, Any] = {}
    deaths = 0
    while len(found) < len(items):
        before = len(found)
        left = [i for i in range(len(items)) if i not in found]
        try:
            for i, result in watch(_Known(_done(workers, function, items, left), len(left))):
                found[i] = result
        except _dead() as error:
            deaths = 0 if len(found) > before else deaths + 1
            if deaths >= DEATHS:
                message = (
                    f"workers died {DEATHS} times in a row over the same work, for want of memory perhaps: give fewer "
                    "--jobs"
                )
                raise UsageError(message) from error
    return [found[i] for i in range(len(items))]


@dataclass(frozen=True)
class _Known:
    """Results that come one by one, of which it is known how many there will be."""

    results: Iterator[Any]
    n: int

    def __iter__(self) -> Iterator[Any]:
        return self.results

    def __len__(self) -> int:
        return self.n


@dataclass(frozen=True)
class _Alone:
    """The function with one thread, and the item's place beside what it makes of it."""

    function: Callable[[Any], Any]

    def __call__(self, i: int, item: Any) -> tuple[int, Any]:
        from threadpoolctl import threadpool_limits

        with threadpool_limits(limits=1):
            return i, self.function(item)


def _done(
    workers: Workers, function: Callable[[Any], Any], items: Sequence[Any], left: Sequence[int]
) -> Iterator[tuple[int, Any]]:
    """Yield the place and the result of each item that is left, as they are done."""
    from joblib import Parallel, delayed, parallel_config

    with ExitStack() as held:
        held.enter_context(warnings.catch_warnings())  # of workers that end, which is seen to
        warnings.filterwarnings("ignore", "A worker stopped while", UserWarning)
        if workers.backend == "dask":
            _with_dask(workers, held)
        else:
            held.push(_killed)
        held.enter_context(parallel_config(workers.backend, n_jobs=workers.jobs))
        parallel = held.enter_context(Parallel(return_as="generator_unordered", batch_size=1))
        yield from parallel(delayed(_Alone(function))(i, items[i]) for i in left)


def _with_dask(workers: Workers, held: ExitStack) -> None:
    """Make a Dask scheduler's workers those that joblib hands its work to."""
    from auditkit.data.engines.tables import client_of

    if workers.scheduler is None:
        message = "--backend dask needs --scheduler, such as tcp://host:8786"
        raise UsageError(message)
    held.enter_context(client_of(workers.scheduler))


def _killed(kind: type[BaseException] | None, *_: object) -> bool:
    """End the processes at once where the run is interrupted: they would go on with what nobody waits for."""
    if kind is not None and not issubclass(kind, Exception):
        from joblib.externals.loky import get_reusable_executor

        get_reusable_executor().shutdown(wait=True, kill_workers=True)
    return False


def _dead() -> tuple[type[BaseException], ...]:
    """Return what is raised when a worker has died."""
    import importlib.util

    from joblib.externals.loky.process_executor import TerminatedWorkerError

    if importlib.util.find_spec("distributed") is None:
        return (TerminatedWorkerError,)
    from distributed import KilledWorker

    return TerminatedWorkerError, KilledWorker
