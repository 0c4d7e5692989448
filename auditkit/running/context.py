"""The context of one step of one run: what it says and shows goes into the run's ledger."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import quote

from auditkit.errors import AuditkitError, DataError, out_of_memory, ran_out
from auditkit.plugins.fault import said
from auditkit.running.handed.exhibits import finite_chart, finite_table
from auditkit.running.workers.mapped import ALONE, Workers, mapped
from auditkit.step.context import Context, Seeded
from auditkit.store.outputs import write_output
from auditkit.values.report import Skipped
from auditkit.values.shown.answer import Answer, Sure
from auditkit.values.shown.exhibit import Chart, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import numpy as np

    from auditkit.running.ledger import Ledger, Observer
    from auditkit.spec.stats import Stats
    from auditkit.values.predictions import Predictions
    from auditkit.values.subject import Subject

LONGEST_NAME = 100
"""Of a folder: a step's id may be twice as long, and each of its letters nine characters in quotes."""


@dataclass(frozen=True)
class RunContext(Context):
    """The context of one step of one run."""

    stats: Stats
    step: str
    ledger: Ledger
    observer: Observer
    work: Path
    """Where the steps of this run may keep unfinished work."""
    overwrite: bool = False
    """Whether files that auditkit did not write may be replaced."""
    workers: Workers = ALONE

    def say(self, message: str) -> None:
        """Add a note to the report, once."""
        if not isinstance(message, str):
            raise TypeError(_wrong("say", "text", message))
        if message not in self.ledger.notes:
            self.ledger.notes.append(message)

    def warn(self, void: str) -> None:
        """Add a note, and a caution to the first lines: what the models of this run mean nothing for."""
        self.say(void)
        if void not in self.ledger.void:
            self.ledger.void.append(void)

    def skip(self, what: str, why: str, *, n: int | None = None, rows_needed: int | None = None) -> None:
        """Add to what was not assessed."""
        if not isinstance(what, str) or not isinstance(why, str):
            raise TypeError(_wrong("skip", "two texts", what if isinstance(why, str) else why))
        entry = Skipped(step=self.step, what=what, why=why, n=n, rows_needed=rows_needed)
        if entry not in self.ledger.skipped:
            self.ledger.skipped.append(entry)

    def track(self, items: Iterable[Any], description: str) -> Iterable[Any]:
        """Yield the items while the observer shows progress."""
        return self.observer.track(items, description)

    def answer(self, answer: Answer) -> None:
        """Add an answer to the report, stamped with the step, once."""
        if not isinstance(answer, Answer):
            raise TypeError(_wrong("answer", "an Answer", answer))
        for word in ("text", "basis", "exhibit"):
            if not isinstance(getattr(answer, word), str):
                raise TypeError(_wrong("answer", f"text in {word}", getattr(answer, word)))
        if answer.sure not in get_args(Sure):
            message = f"context.answer takes one of {', '.join(get_args(Sure))} for sure, and was given {answer.sure!r}"
            raise TypeError(message)
        stamped = replace(answer, step=self.step, harm=bool(answer.harm))
        if stamped not in self.ledger.answers:
            self.ledger.answers.append(stamped)

    def show(self, exhibit: Table | Chart) -> None:
        """Add an exhibit to the report, stamped with the step, without numbers that no report can hold."""
        match exhibit:
            case Table() | Chart() if exhibit.personal and not self.stats.show_rows:
                self.say("Tables and charts of single persons' rows are left out; --show-rows N shows them.")
            case Table():
                self.ledger.tables.append(replace(finite_table(exhibit), step=self.step))
            case Chart():
                chart, left_out = finite_chart(exhibit)
                if chart is not None:
                    self.ledger.charts.append(replace(chart, step=self.step))
                for layer in left_out:
                    what = f"chart '{exhibit.title}', {layer}"
                    self.skip(what, "not drawn: it holds numbers that are not finite")
            case _:
                raise TypeError(_wrong("show", "a Table or a Chart", exhibit))

    @property
    def place(self) -> Path:
        """The step's folder for unfinished work, made or not."""
        name = quote(self.step, safe="")
        if name.startswith(".") or len(name) > LONGEST_NAME:
            name = hashlib.sha256(self.step.encode()).hexdigest()
        return self.work / name

    def scratch(self) -> Path:
        """Return the step's folder for unfinished work, made on the first call."""
        self.place.mkdir(parents=True, exist_ok=True)
        return self.place

    def write(self, path: Path, content: str | bytes) -> None:
        """Write a file for the user, whole."""
        write_output(path, content, overwrite=self.overwrite)

    def map(self, function: Callable[[Any], Any], items: Iterable[Any], description: str = "") -> list[Any]:
        """Return the function of each item in order; the one door behind which workers may stand."""

        def watch(results: Iterable[Any]) -> Iterable[Any]:
            return self.track(results, description) if description else results

        return mapped(self.workers, function, items, watch=watch)

    @property
    def seeded(self) -> Seeded:
        """What `rng` draws from, for a function that `map` hands to other processes."""
        return Seeded(self.stats.seed, self.step)

    def rng(self, purpose: str = "") -> np.random.Generator:
        """Return a PCG64 generator keyed by seed, step and purpose, so that steps cannot disturb each other."""
        return self.seeded(purpose)

    def predictions(self, subject: Subject) -> Predictions:
        """Return the subject's predictions, computed once per run, and note where they come from."""
        from auditkit.predict.baseline import predictions

        with _model_at_fault(subject):
            found = self.ledger.predictions(subject, lambda one: predictions(one, seed=self.stats.seed))
        source = found.source
        self.say(f"{source[0].upper()}{source[1:]}." if found.baseline else f"Predictions: {source}.")
        if found.warning:
            self.say(found.caution)
        return found


@contextmanager
def _model_at_fault(subject: Subject) -> Iterator[None]:
    """Turn whatever a model raises into DataError that names the model, not the step that asked for predictions."""
    if subject.model is None or subject.pred is not None or subject.score is not None:
        yield
        return
    try:
        yield
    except (AuditkitError, KeyboardInterrupt):
        raise
    except BaseException as error:
        if ran_out(error):
            raise out_of_memory(error, f"model {type(subject.model).__name__}") from error
        message = f"model {type(subject.model).__name__} cannot predict: {said(error)}"
        raise DataError(message) from error


def _wrong(method: str, wanted: str, given: object) -> str:
    return f"context.{method} takes {wanted}, and was given a {type(given).__name__}"
