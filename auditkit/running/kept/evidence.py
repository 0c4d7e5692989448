"""Whether a run that was kept still stands: its numbers, the data that it read, the same findings when run again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit.errors import AuditkitError, DataError
from auditkit.recipe.document import Document
from auditkit.running.engine import run
from auditkit.running.plan import inputs, make_plan
from auditkit.running.reach.intact import recipe_of
from auditkit.running.reach.provenance import versions
from auditkit.store.digest import digest_of, digest_of_gates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from auditkit.plugins.host import Host
    from auditkit.running.plan import Plan
    from auditkit.spec.consent import Consent
    from auditkit.values.report import Report


@dataclass(frozen=True, kw_only=True)
class Proof:
    """One thing that was compared: what it was when the run was kept, and what it is now."""

    what: str
    then: str
    now: str

    @property
    def same(self) -> bool:
        """Whether nothing has changed."""
        return self.then == self.now


def plan_of_run(report: Report, host: Host, *, folder: Path, consent: Consent) -> Plan:
    """Return the plan of a run that was kept, with the steps that ran; raise DataError where it cannot run again."""
    if report.failure is not None:
        message = f"this run did not come to its end: {report.failure.message}"
        raise DataError(message)
    recipe, ran = recipe_of(report), {step.id for step in report.steps}
    tags = {step.when for step in recipe.steps if step.when is not None and step.id in ran}
    return make_plan(
        recipe,
        Document(dict(report.recipe), "this run's recipe"),
        host,
        folder=folder,
        when=sorted(tags),
        consent=consent,
    )


def verified(report: Report, plan: Plan) -> Iterator[Proof]:
    """Yield the hash of the findings, of recipe and gates, and of each thing that the run read, then and now."""
    yield findings_then(report, digest_of(report))
    if (noted := report.provenance.get("gates_sha256")) is not None:
        yield Proof(what="recipe and gates", then=str(noted), now=digest_of_gates(report))
    then = {one["file"]: one["sha256"] for one in _inputs(report)}
    try:
        now = {one.file: one.sha256 for one in inputs(plan)}
    except AuditkitError as error:
        now = dict.fromkeys(then, f"cannot be read: {error}")
    for name in dict.fromkeys((*then, *now)):
        yield Proof(what=name, then=then.get(name, "not read"), now=now.get(name, "not read"))


def repeated(report: Report, plan: Plan) -> Iterator[Proof]:
    """Yield the hash of the findings then and now, after the run was run again, and the versions where they differ."""
    again = run(plan)
    yield findings_then(report, digest_of(again))
    told = report.provenance.get("versions")
    then = told if isinstance(told, dict) else {}
    for name, now in versions().items():
        if str(then.get(name)) != now:
            yield Proof(what=f"version of {name}", then=str(then.get(name)), now=now)


def findings_then(report: Report, now: str) -> Proof:
    """Return the hash of the findings as the run noted it beside one of now."""
    then = report.provenance.get("findings_sha256")
    return Proof(what="findings", then=str(then or "not noted"), now=now)


def _inputs(report: Report) -> list[dict[str, Any]]:
    told = report.provenance.get("inputs")
    known = told if isinstance(told, list) else []
    return [one for one in known if isinstance(one, dict) and {"file", "sha256"} <= set(one)]
