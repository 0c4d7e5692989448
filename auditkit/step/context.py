"""What the host lends a running step: rules, randomness, progress, parallel work, predictions."""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import numpy as np

    from auditkit.spec.stats import Stats
    from auditkit.values.predictions import Predictions
    from auditkit.values.shown.answer import Answer
    from auditkit.values.shown.exhibit import Chart, Table
    from auditkit.values.subject import Subject


@dataclass(frozen=True)
class Seeded:
    """Generators by purpose that depend only on a run's seed and a step's id; it may be handed to other processes."""

    seed: int
    step: str

    def __call__(self, purpose: str = "") -> np.random.Generator:
        """Return a PCG64 generator keyed by seed, step and purpose, so that steps cannot disturb each other."""
        import numpy as np

        return np.random.default_rng([self.seed, zlib.crc32(f"{self.step}/{purpose}".encode())])


class Context(ABC):
    """What the host lends a running step: rules, randomness, progress, parallel work, predictions."""

    stats: Stats

    @property
    @abstractmethod
    def seeded(self) -> Seeded:
        """What `rng` draws from, for a function that `map` hands to other processes."""

    @abstractmethod
    def say(self, message: str) -> None:
        """Tell the reader of the report something that bears on the result."""

    @abstractmethod
    def track(self, items: Iterable[Any], description: str) -> Iterable[Any]:
        """Yield the items while an observer shows progress."""

    @abstractmethod
    def skip(self, what: str, why: str, *, n: int | None = None, rows_needed: int | None = None) -> None:
        """Record something that was not assessed, and why."""

    @abstractmethod
    def answer(self, answer: Answer) -> None:
        """Add a sentence to the first screen of the report, the one that matters most first."""

    @abstractmethod
    def show(self, exhibit: Table | Chart) -> None:
        """Add a table or a chart to the report, in the order of the calls.

        Those that are `personal` are left out unless the run's `show_rows` asks for rows of single persons.
        """

    @abstractmethod
    def scratch(self) -> Path:
        """Return a folder of this step alone, for work that an interrupt should not lose.

        It is empty at first; with --resume it holds what the interrupted run of the same recipe on the same data
        left. It goes when the run ends. Write whole files: a half-written one would be read as finished work. A step
        that breaks on what it finds there is run again without it.
        """

    @abstractmethod
    def write(self, path: Path, content: str | bytes) -> None:
        """Write a file that the parameters name, whole or not at all; its folder is there.

        Raises UsageError for a file that auditkit did not write. A parameter that names a folder of such files is
        marked `OutputFolder`: what would be refused is refused before anything runs.
        """

    @abstractmethod
    def map(self, function: Callable[[Any], Any], items: Iterable[Any], description: str = "") -> list[Any]:
        """Return a picklable function of each item, in their order, perhaps by processes of this or other machines.

        Items are done in any order and perhaps twice, where a worker died; a generator's are asked for as workers are
        free. The function cannot reach the context: what it has to say, it returns, and what is random it draws from
        `seeded`. With a description an observer shows progress.
        """

    @abstractmethod
    def rng(self, purpose: str = "") -> np.random.Generator:
        """Return a generator that depends only on the run's seed, the step's id and the purpose."""

    @abstractmethod
    def predictions(self, subject: Subject) -> Predictions:
        """Return the subject's predictions: its columns, its model, or a cross-fitted baseline."""
