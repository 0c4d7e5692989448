"""One recipe of `auditkit run`, from its name to its exit code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.cli.execute import carry_out, code_of, plan_of
from auditkit.cli.unfinished import Reports
from auditkit.errors import AuditkitError, UsageError
from auditkit.recipe.named import matching, named_in, named_recipe, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit.cli.outputs import Output
    from auditkit.plugins.host import Host
    from auditkit.recipe.named import Named
    from auditkit.spec.consent import Consent
    from auditkit.values.report import Report

RECIPE = "{recipe}"
"""What stands in -o for the recipe's name, where one command runs several."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a command asks of each recipe."""

    output: Output
    changes: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    consent: Consent
    dry_run: bool = False

    def names(self, given: Sequence[str]) -> tuple[str, ...]:
        """Return the recipes that the words mean, each once, patterns filled in."""
        return tuple(dict.fromkeys(name for word in given for name in matching(word)))

    def words(self, given: Sequence[str]) -> tuple[str, ...]:
        """Return the recipes that the words mean, and the words themselves that mean none."""
        return tuple(name for word in given for name in _matching_or_word(word))

    def find(self, name: str, host: Host) -> Named:
        """Return the recipe of a name."""
        return named_recipe(name, host.recipes, changes=self.changes, consent=self.consent)

    def output_of(self, name: str) -> Output:
        """Return where the results of one recipe go: `{recipe}` in a file's name is the recipe's."""
        files = (Path(str(path).replace(RECIPE, Path(name).stem)) for path in self.output.files)
        return replace(self.output, files=tuple(files))


@dataclass(frozen=True, kw_only=True)
class Done:
    """How a recipe ended: its exit code and its report, None where nothing ran."""

    name: str
    code: int
    report: Report | None = None


def _matching_or_word(word: str) -> tuple[str, ...]:
    try:
        return matching(word)
    except AuditkitError:
        return (word,)


def run_one(name: str, asked: Asked, host: Host) -> Done:
    """Run one recipe, or with --dry-run only check it."""
    return run_told(name, asked, reports_of(name, asked, host))


def reports_of(name: str, asked: Asked, host: Host) -> Reports:
    """Return the reports that a recipe is to write, as far as they are known before it is checked."""
    reports = Reports(asked.output_of(name), host, name=name)
    said = named_in(change.partition("=")[2] for change in asked.changes)
    try:
        place = place_of(name, host.recipes)
    except AuditkitError:
        return reports
    reports.also(place.reports, read=(*place.read, *said))
    return reports


def run_told(name: str, asked: Asked, reports: Reports) -> Done:
    """Run one recipe, whose reports say so where it ends early."""
    with reports.told():
        found = asked.find(name, reports.host)
        plan = plan_of(found, reports.host, when=asked.when)
        given = reports.output.files
        own = tuple(path for path in found.reports if path not in given)
        output = replace(reports.output, files=(*given, *own))
        reports.reports = output.files
        if asked.dry_run:
            from auditkit.cli.runs.foresee import foresee

            foresee(plan, output, found.document.file)
            return Done(name=name, code=0)
        report = carry_out(plan, output, reports)
    return Done(name=name, code=code_of(report, output), report=report)


def need_places(names: Sequence[str], asked: Asked, host: Host) -> None:
    """Raise UsageError unless each of several recipes has files of its own."""
    for path in asked.output.files:
        if RECIPE not in str(path):
            message = (
                f"-o {path} is one file for {len(names)} recipes: name one for each, as in -o '{RECIPE}.xml'"
            )
            raise UsageError(message)
    seen: dict[Path, str] = {}
    for name in names:
        for path in {one.absolute().resolve() for one in reports_of(name, asked, host).reports}:
            if path in seen:
                message = f"recipes {seen[path]} and {name} both write {path.name}; name a file for each"
                raise UsageError(message)
            seen[path] = name
