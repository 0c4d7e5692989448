"""Processes that judge inputs, one after the other: one that dies or hangs is counted and replaced."""

from __future__ import annotations

import multiprocessing
import queue
import resource
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Any

from fuzz.judge import LONGEST, Verdict, judge

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_MEMORY = 6 * 10**9
"""Bytes of data in a worker: what asks for more gets an error, and not the whole machine."""


def work(tasks: Any, results: Any) -> None:
    """Judge tasks until there is none."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    while (task := tasks.get()) is not None:
        results.put(judge(*task))


def verdicts(tasks: list[tuple[str, int]]) -> Iterator[Verdict]:
    """Yield a verdict for each task; a worker that dies or hangs is a verdict too, and is replaced."""
    spawn, waiting = multiprocessing.get_context("spawn"), deque(tasks)
    while waiting:
        given, results = spawn.Queue(), spawn.Queue()
        worker = spawn.Process(target=work, args=(given, results), daemon=True)
        worker.start()
        while waiting:
            task = waiting.popleft()
            given.put(task)
            found = _wait(worker, results, seconds=LONGEST + 60)
            if isinstance(found, str):
                yield Verdict(*task, code=-1, seconds=LONGEST, problem=found)
                worker.kill()
                break
            yield found
        given.put(None)
        worker.join(timeout=5)


def _wait(worker: Any, results: Any, *, seconds: float) -> Verdict | str:
    """Return the next verdict, or what became of the worker."""
    end = monotonic() + seconds
    while monotonic() < end:
        try:
            found: Verdict = results.get(timeout=0.5)
        except queue.Empty:
            if not worker.is_alive():
                return f"crash: exit code {worker.exitcode}"
        else:
            return found
    return "hang that no signal ends"
