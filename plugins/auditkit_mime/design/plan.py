"""Everything that must be settled before a model is trained: groups, classes, sizes, shares and the kind of model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from auditkit import DataError, UsageError
from auditkit_mime.design.inputs import what_to_read
from auditkit_mime.design.sides import attribute, sides
from auditkit_mime.design.sizes import check_reach, choose_sizes
from auditkit_mime.torch_needed import need_torch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Subject
    from auditkit_mime.design.inputs import Reads
    from auditkit_mime.design.sides import Attribute, Sides
    from auditkit_mime.design.sizes import Sizes

    Kind = Literal["stack", "logistic", "module", "estimator"]

MOST_CLASSES = 50


@dataclass(frozen=True, eq=False)
class Pair:
    """A minority and a majority with their rows in each class: `cells[group][class]`, majority first."""

    sides: Sides
    cells: tuple[tuple[NDArray[np.int64], ...], ...]
    sizes: Sizes

    @property
    def counts(self) -> NDArray[np.int64]:
        """Rows of each class in each group, [2, classes], majority first."""
        return np.array([[len(cell) for cell in group] for group in self.cells])


@dataclass(frozen=True, eq=False)
class Plan:
    """What will be trained on what."""

    attribute: Attribute
    pairs: tuple[Pair, ...]
    classes: tuple[Any, ...]
    codes: NDArray[np.int64]
    betas: tuple[float, ...]
    kind: Kind
    reads: Reads


def plan(subject: Subject, params: Any) -> Plan:
    """Return the plan, or raise UsageError or DataError in one sentence that says what would do."""
    target = subject.need_target()
    betas = _betas(params.betas)
    _check_seeds(params.seeds)
    kind = kind_of(params.model)
    reads = what_to_read(subject, params.reads, model=params.model)
    _check_model(kind, params, reads)
    found = attribute(subject, params.group)
    if target in found.columns:
        message = f"'{target}' cannot be both the target and the group"
        raise UsageError(message)
    classes, codes = _classes(subject, target)
    pairs = tuple(
        _pair(one, params, betas=betas, classes=classes, codes=codes)
        for one in sides(found, minority=params.minority, against=params.against, source=subject.source)
    )
    if reads == "table" and not set(subject.features) - found.columns:
        message = f"without '{found.name}', {subject.source} has no feature left; name some with --features"
        raise DataError(message)
    return Plan(found, pairs, classes, codes, betas, kind, reads)


def kind_of(model: str) -> Kind:
    """Return how models of this name are trained."""
    if model in {"mlp", "logistic"}:
        return "stack" if model == "mlp" else "logistic"
    return "module" if model == "resnet34" or ":" in model else "estimator"


def _check_model(kind: Kind, params: Any, reads: Reads) -> None:
    if kind in {"stack", "module"}:
        need_torch(params.model)
    if kind == "module":
        from auditkit_mime.train.modules import factory_of

        factory_of(params.model)
    if kind == "estimator":
        from auditkit_mime.train.estimators import estimator_of

        estimator_of(params.model, 0)
    if kind in {"stack", "estimator"} and reads == "images":
        message = (
            f"model '{params.model}' reads a table or embeddings; images need resnet34 or module:factory"
        )
        raise UsageError(message)
    if params.hard_mining and kind in {"logistic", "estimator"}:
        message = f"--hard-mining is for mlp, resnet34 and module:factory, which learn in batches, not {params.model}"
        raise UsageError(message)
    if params.selection == "best-test" and kind in {"logistic", "estimator"}:
        message = f"--selection best-test chooses an epoch, and {params.model} has none"
        raise UsageError(message)


def _check_seeds(seeds: tuple[int, ...]) -> None:
    if len(seeds) == 1:
        message = "--seeds needs two or more: one trial alone has no spread"
        raise UsageError(message)
    if len(set(seeds)) < len(seeds) or any(not 0 <= seed < 2**32 for seed in seeds):
        shown = ",".join(map(str, seeds))
        message = f"--seeds {shown}: give different whole numbers from 0 to 4294967295; equal ones make equal trials"
        raise UsageError(message)


def _betas(given: tuple[float, ...]) -> tuple[float, ...]:
    betas = tuple(sorted(set(given)))
    if len(betas) < 2 or betas[0] != 0 or betas[-1] > 1:
        shown = ",".join(f"{beta:g}" for beta in given)
        message = (
            f"--betas {shown}: give 0 and at least one share up to 1, such as 0,0.5,1; gain is over beta = 0"
        )
        raise UsageError(message)
    return betas


def _classes(subject: Subject, target: str) -> tuple[tuple[Any, ...], NDArray[np.int64]]:
    """Return the target's classes, the positive one last if there are two, and each row's class."""
    from auditkit import class_codes

    values = subject.column(target)
    distinct = int(values.nunique())
    if not 2 <= distinct <= MOST_CLASSES:
        hint = "; cut a number into classes first" if distinct > MOST_CLASSES else ""
        message = (
            f"target '{target}' has {distinct:,} values, and mime needs 2 to {MOST_CLASSES} classes{hint}"
        )
        raise DataError(message)
    classes = subject.classes or tuple(sorted(values.unique().tolist()))
    return classes, class_codes(values, classes)[0]


def _pair(
    one: Sides, params: Any, *, betas: tuple[float, ...], classes: tuple[Any, ...], codes: NDArray[np.int64]
) -> Pair:
    cells = tuple(
        tuple(np.flatnonzero(mask & (codes == label)) for label in range(len(classes)))
        for mask in (one.of_majority, one.of_minority)
    )
    counts = np.array([[len(cell) for cell in group] for group in cells])
    sizes = choose_sizes(
        counts, betas=betas, classes=len(classes),
        train=params.train_size, test=params.test_size, validation=params.validation_size,
    )  # fmt: skip
    check_reach(
        counts, sizes, betas=betas, groups=(one.majority, one.minority), classes=tuple(map(str, classes))
    )
    return Pair(one, cells, sizes)
