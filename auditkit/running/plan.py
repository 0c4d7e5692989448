"""A recipe whose steps, parameters and gates have been checked: all that can be wrong before a minute of work."""

from __future__ import annotations

import sys
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast

from auditkit.data.engines.places import place_of
from auditkit.data.images import ImageFiles
from auditkit.data.memory import room_of, within
from auditkit.data.models import NO_CONSENT
from auditkit.data.paths import is_file
from auditkit.data.sources import inputs_of, loader_of_scheme
from auditkit.data.subjects import load
from auditkit.errors import AuditkitError, DataError, UsageError, out_of_memory, ran_out
from auditkit.groups.cut import group_by
from auditkit.plugins.fault import at_fault, said
from auditkit.recipe.validation import validate
from auditkit.recipe.waivers import read_waivers, waivers_beside
from auditkit.running.reach.consent import check_consent, check_images, check_waivers
from auditkit.running.reach.engines import check_engine
from auditkit.running.reach.gate_checks import (
    check_alternatives,
    check_gates,
    check_references,
    check_sides,
    check_tags,
)
from auditkit.running.reach.inputs import Input, heard, of_file, of_images, of_many
from auditkit.running.reach.parameter_files import files_of, folders_of, with_paths
from auditkit.running.reach.room import need_room, need_room_for_vectors
from auditkit.running.versus.around import Surroundings
from auditkit.running.versus.checks import check_read, hash_to_pin, run_in_place
from auditkit.running.versus.read import versus_file, with_versus
from auditkit.running.versus.stored import subject_of_run
from auditkit.store.report_json import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from auditkit.plugins.host import Host
    from auditkit.recipe.document import Document
    from auditkit.spec.consent import Consent
    from auditkit.spec.data import DataSpec
    from auditkit.spec.recipe import Recipe
    from auditkit.spec.step import StepSpec
    from auditkit.spec.waiver import Waiver
    from auditkit.step.step import Step
    from auditkit.values.offers import Loader
    from auditkit.values.subject import Subject


@dataclass(frozen=True)
class Planned:
    """A step that is ready to run: its declaration and its checked parameters, as given and with files found.

    `plugin` is what a sentence calls the plugin that brought it.
    """

    spec: StepSpec
    step: Step[Any]
    given: Any
    params: Any
    plugin: str

    @property
    def who(self) -> str:
        """What a sentence about a fault of the step begins with."""
        use = "" if self.spec.use == self.spec.id else f" ({self.spec.use})"
        return f"{self.plugin}, step '{self.spec.id}'{use}"


@dataclass(frozen=True)
class Loaded:
    """The subject that every step can serve, what was read for it, and the seconds that this took."""

    subject: Subject
    inputs: tuple[Input, ...]
    seconds: float


@dataclass(frozen=True)
class Plan:
    """A recipe whose steps, parameters and gates have been checked; nothing has run."""

    recipe: Recipe
    steps: tuple[Planned, ...]
    left_out: tuple[StepSpec, ...]
    host: Host
    folder: Path
    document: Document
    consent: Consent = NO_CONSENT
    waivers: tuple[Waiver, ...] = ()

    @cached_property
    def ran(self) -> Mapping[str, Step[Any]]:
        """The steps that run, by the ids that gates name."""
        return {planned.spec.id: planned.step for planned in self.steps}

    @cached_property
    def loaded(self) -> Loaded:
        """The data, read once: what hashes are told of is what the steps get."""
        return _load(self)


def make_plan(
    recipe: Recipe,
    document: Document,
    host: Host,
    *,
    folder: Path,
    when: Collection[str] = (),
    consent: Consent = NO_CONSENT,
) -> Plan:
    """Return the plan of a recipe, or raise before a minute of work is spent and before any code of a model runs.

    `folder` is where relative paths start; `when` are the tags whose steps run besides the untagged ones.
    """
    host.require(recipe.requires)
    check_tags(recipe, when)
    planned, left_out = [], []
    for i, spec in enumerate(recipe.steps):
        if spec.when is not None and spec.when not in when:
            left_out.append(spec)
            continue
        try:
            kind = host.step(spec.use)
        except UsageError as error:
            raise document.error(("steps", i, "use"), str(error)) from error
        plugin = host.plugin_of(kind).words
        told = document.at(("steps", i, "with"), dict(spec.with_))
        with at_fault(f"{plugin}, step '{spec.id}'"):
            step, given = kind(), validate(kind.Params, told)
            plain(asdict(cast("Any", given)), "with")  # the report will hold them
        planned.append(Planned(spec, step, given, given, plugin))
    plan = Plan(recipe, tuple(planned), tuple(left_out), host, folder, document, consent)
    check_alternatives(recipe, plan.ran, document)
    check_read(recipe, host, document)
    check_consent(plan, document)
    check_gates(recipe, host, document)
    plan = _with_waivers(plan)
    return replace(plan, steps=tuple(_with_files(one, folder) for one in plan.steps))


def _with_waivers(plan: Plan) -> Plan:
    """Return the plan with what is accepted beside its recipe; options have no folder where it would be."""
    if not plan.document.file:
        return plan
    check_waivers(plan, plan.document)
    return replace(plan, waivers=read_waivers(waivers_beside(plan.folder)))


def _with_files(planned: Planned, folder: Path) -> Planned:
    """Return the step with the files that its parameters name."""
    return replace(planned, params=with_paths(planned.given, folder=folder, step=planned.spec.id))


def load_subject(plan: Plan) -> Subject:
    """Return the plan's subject, grouped, after every step said that it can serve it."""
    return plan.loaded.subject


def inputs(plan: Plan) -> tuple[Input, ...]:
    """Return what the plan's data and parameters were read from, each with its hash."""
    return plan.loaded.inputs


def pinned(data: DataSpec, plan: Plan) -> DataSpec:
    """Return the data with the hash of what the plan compared them with, where a file that stays holds it."""
    found = hash_to_pin(plan.recipe.data, columns=plan.loaded.subject.table.columns, folder=plan.folder)
    return replace(data, versus_sha256=found) if found is not None else data


def files_read(plan: Plan) -> Iterator[Path]:
    """Yield the files that a run of the plan reads, and the folders that it reads from; images once they are known."""
    yield from map(Path, plan.document.read)
    if plan.waivers:
        yield waivers_beside(plan.folder)
    yield from _files(plan)
    accepted = versus_file(plan.recipe.data, plan.folder)
    if accepted is not None:
        yield accepted
    loader = loader_of_scheme(plan.recipe.data.path, plan.host.loaders)
    if loader is not None and loader.local:
        yield plan.folder / plan.recipe.data.path.removeprefix(f"{loader.scheme}:")
    if "loaded" in vars(plan) and isinstance(plan.loaded.subject.images, ImageFiles):
        yield from plan.loaded.subject.images.paths


def files_written(plan: Plan) -> Iterator[Path]:
    """Yield the files that the steps write for the user."""
    for planned in plan.steps:
        for files in folders_of(planned.params).values():
            yield from files


@contextmanager
def _strangers_code(path: str) -> Iterator[None]:
    """Turn a call of sys.exit, as in a model's module, into DataError; what such code prints goes aside."""
    try:
        with redirect_stdout(sys.stderr):
            yield
    except Exception as error:
        if not isinstance(error, AuditkitError) and ran_out(error):
            raise out_of_memory(error, f"reading {path} and what belongs to it") from error
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        message = f"what {path} and its model run ended the program: {said(error)}"
        raise DataError(message) from error


def _load(plan: Plan) -> Loaded:
    """Read the data of a plan, and have every step say that it can serve them."""
    begun = perf_counter()
    check_engine(plan)
    with within(room_of(plan.recipe.data.memory_limit)):
        need_room(plan)
        subject, read = _read(plan)
    return Loaded(subject, read, perf_counter() - begun)


def _read(plan: Plan) -> tuple[Subject, tuple[Input, ...]]:
    """Return the plan's subject, and what was read for it, each with its hash: only what can be read is hashed."""
    data, host = plan.recipe.data, plan.host
    read: list[Input] = []
    loaders = tuple(heard(loader, read.append) for loader in host.loaders)
    run = run_in_place(data.path, host, folder=plan.folder, steps=[planned.step for planned in plan.steps])
    if run is not None:
        subject = subject_of_run(run, name=data.path)
        read.append(of_file(run))
    else:
        with _strangers_code(data.path):
            subject = _rows_of(plan, loaders)
    hashed = [of_file(path) for path in _files(plan)]
    if data.counted:
        hashed.append(of_many(place_of(data, plan.folder).files))
    read = hashed + read
    if subject.embeddings is not None:
        need_room_for_vectors(plan, subject.embeddings.shape, f"embeddings {data.embeddings}")
    if isinstance(subject.images, ImageFiles):
        check_images(plan, plan.document, subject.images.paths)
        read.append(of_images(subject.images.paths))
    check_sides(plan.recipe.gates, plan.ran, subject.outcome, plan.document)
    if subject.versus is None:
        subject = group_by(subject, plan.recipe.groups)
    with _strangers_code(data.versus or data.path):
        subject, more = with_versus(
            subject, Surroundings(data, plan.recipe.groups, host, plan.folder, plan.consent)
        )
    read += more
    check_references(plan.recipe.gates, subject.groupings)
    for planned in plan.steps:
        with at_fault(planned.who):
            planned.step.check(subject, planned.params)
    return subject, tuple(read)


def _rows_of(plan: Plan, loaders: Iterable[Loader]) -> Subject:
    """Return the rows of a plan's data, or what an engine counted of them."""
    data, host = plan.recipe.data, plan.host
    if data.counted and any(planned.step.reads_sample for planned in plan.steps):
        from auditkit.data.engines.sample import load_sampled

        return load_sampled(data, plan.recipe.groups, folder=plan.folder, seed=plan.recipe.stats.seed)
    if data.counted:
        from auditkit.data.engines.subject import load_counted

        return load_counted(data, plan.recipe.groups, folder=plan.folder)
    return load(
        data,
        datasets=host.datasets,
        loaders=loaders,
        models=host.models,
        folder=plan.folder,
        consent=plan.consent,
    )


def _files(plan: Plan) -> tuple[Path, ...]:
    """Return the files that the data and the parameters name."""
    data = inputs_of(plan.recipe.data, datasets=plan.host.datasets, folder=plan.folder)
    named = (Path(name) for planned in plan.steps for name in files_of(planned.params))
    return tuple(dict.fromkeys((*data, *(path for path in named if is_file(path)))))
