"""The contract of steps: what every declaration says, and what a run on tiny subjects hands back."""

from __future__ import annotations

import json
from dataclasses import MISSING
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from auditkit.errors import AuditkitError, PluginError
from auditkit.plugins.fault import at_fault
from auditkit.recipe.document import Document
from auditkit.recipe.validation import validate
from auditkit.running.advance import State, advance
from auditkit.running.plan import Planned
from auditkit.running.reach.room import bytes_of
from auditkit.spec.declared import parameters
from auditkit.spec.step import StepSpec
from auditkit.step.step import Vectors
from auditkit.store.report_json import plain
from auditkit.testing.context import make_context
from auditkit.testing.tiny import tiny_subjects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditkit.step.step import Step
    from auditkit.values.subject import Subject

SOME_VECTORS = Vectors(rows=1000, dimensions=10, predicted=False)
"""What a step is asked the memory for."""


def check_step(
    step: type[Step[Any]], params: Any = None, *, subjects: Mapping[str, Subject] | None = None
) -> tuple[str, ...]:
    """Return the names of the subjects that a step ran on; raise AssertionError where it breaks its contract.

    The declaration: a step has a name, a title and a method; its parameters have help and a default that is valid; its
    metrics have a title and a formula, each name once. The run, as the engine's, with `params` or the defaults, on
    `subjects` or tiny ones: a step serves a subject or says in one AuditkitError why not; what it hands back has the
    right types, numbers of declared metrics, and groups that there are; and it is the same again from the same seed.
    """
    _check_declaration(step)
    given = _defaults(step) if params is None else params
    planned = Planned(StepSpec(id=step.name, use=step.name), step(), given, given, f"step {step.name}")
    served: list[str] = []
    for name, subject in (tiny_subjects() if subjects is None else subjects).items():
        found = _findings(planned, subject, name)
        if found is None:
            continue
        same = bool(served) or found == _findings(planned, subject, name)
        assert same, f"{planned.plugin} finds other numbers from the same seed, on '{name}'"  # noqa: S101  a test kit
        served.append(name)
    return tuple(served)


def _check_declaration(step: type[Step[Any]]) -> None:
    for word in ("name", "title", "method"):
        assert getattr(step, word, ""), f"{step.__name__} does not say its {word}"  # noqa: S101  a test kit asserts
    for parameter in parameters(step.Params):
        assert parameter.help, f"{step.name}: parameter {parameter.name} has no Doc"  # noqa: S101
    names = [metric.name for metric in step.metrics]
    assert len(names) == len(set(names)), f"{step.name} declares a metric twice: {names}"  # noqa: S101
    for metric in step.metrics:
        assert metric.title, f"{step.name}: metric {metric.name} has no title"  # noqa: S101
        assert metric.formula, f"{step.name}: metric {metric.name} has no formula"  # noqa: S101


def _defaults(step: type[Step[Any]]) -> Any:
    """Return the default parameters, or raise AssertionError if one is missing or no value of its own type."""
    declared = [parameter for parameter in parameters(step.Params) if parameter.default is not MISSING]
    told = {parameter.name: plain(parameter.default, parameter.name) for parameter in declared}
    try:
        validate(step.Params, Document(told))
        return validate(step.Params, Document({}))
    except AuditkitError as error:
        message = f"{step.name}: the default parameters are not valid: {error}"
        raise AssertionError(message) from error


def _findings(planned: Planned, subject: Subject, name: str) -> str | None:
    """Return the findings of one run as text, None if the step does not serve the subject.

    Raises AssertionError if what it does breaks the contract.
    """
    try:
        with TemporaryDirectory(prefix="auditkit-") as folder:
            with at_fault(planned.who):
                planned.step.check(subject, planned.params)
            bytes_of(planned, SOME_VECTORS)
            context = make_context(step=planned.spec.id, work=Path(folder))
            state = advance(State(subject), planned, context)
    except PluginError as error:
        if str(error).startswith(planned.plugin):
            message = f"{error} (on the tiny subject '{name}')"
            raise AssertionError(message) from error
        return None
    except AuditkitError:
        return None
    return json.dumps([plain(finding, "finding") for finding in state.findings], sort_keys=True)
