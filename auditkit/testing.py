"""What authors of plugins test with: a context without a command line, and the contract every step keeps."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.running.context import RunContext
from auditkit.running.ledger import Ledger, Observer
from auditkit.spec.declared import parameters
from auditkit.spec.stats import Stats

if TYPE_CHECKING:
    from auditkit.step.step import Step


def make_context(
    *, seed: int = 0, step: str = "step", stats: Stats | None = None, work: Path | None = None
) -> RunContext:
    """Return a context as the engine makes one; what the step says and shows is in its `ledger`."""
    folder = work or Path(tempfile.mkdtemp(prefix="auditkit-testing-"))
    return RunContext(stats or Stats(seed=seed), step, Ledger(), Observer(), folder)


def check_step(step: type[Step[Any]]) -> None:
    """Raise AssertionError, in one sentence, where a step breaks the contract of its declaration.

    A step has a name, a title and a method; its parameters have help and a default that is valid; its metrics have
    a title and a formula, each name once.
    """
    from auditkit.recipe.document import Document
    from auditkit.recipe.validation import validate

    for word in ("name", "title", "method"):
        assert getattr(step, word, ""), f"{step.__name__} does not say its {word}"  # noqa: S101  a test kit asserts
    for parameter in parameters(step.Params):
        assert parameter.help, f"{step.name}: parameter {parameter.name} has no Doc"  # noqa: S101
    validate(step.Params, Document({}))
    names = [metric.name for metric in step.metrics]
    assert len(names) == len(set(names)), f"{step.name} declares a metric twice: {names}"  # noqa: S101
    for metric in step.metrics:
        assert metric.title, f"{step.name}: metric {metric.name} has no title"  # noqa: S101
        assert metric.formula, f"{step.name}: metric {metric.name} has no formula"  # noqa: S101
