"""Trains one model for every trial and share of a pair of groups, and keeps what an interrupt should not lose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit_mime.design.inputs import read
from auditkit_mime.design.trials import make_trial, model_rows
from auditkit_mime.train.outcome import Outcome, joined

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from auditkit import Context, Subject
    from auditkit_mime.design.inputs import Inputs
    from auditkit_mime.design.plan import Pair, Plan
    from auditkit_mime.design.trials import ModelRows, Trial

HIDDEN = (50, 50, 50)


@dataclass(frozen=True, eq=False)
class Swept:
    """Per trial, share and group (majority first), [trials, betas, 2, rows]: right and projected on the test rows."""

    trials: tuple[Trial, ...]
    right: NDArray[np.bool_]
    projected: NDArray[np.float32]
    epoch: NDArray[np.int64]
    inputs: str

    @property
    def accuracy(self) -> NDArray[np.float64]:
        """Share of right test rows, float64 [trials, betas, 2]."""
        return np.asarray(self.right.mean(axis=3))


def sweep(subject: Subject, plan: Plan, pair: Pair, params: Any, context: Context, *, name: str) -> Swept:
    """Return what all models of a pair say about their test rows; `name` keeps pairs of one run apart."""
    trials = tuple(
        make_trial(
            pair.cells, pair.sizes, betas=plan.betas, seed=seed,
            rng=np.random.default_rng([context.stats.seed, seed]),
        )
        for seed in _seeds(params, context)
    )  # fmt: skip
    used = np.unique(
        np.concatenate([part.ravel() for t in trials for part in (t.train, t.validation, t.test)])
    )
    inputs = read(
        subject, used, context, reads=plan.reads, size=params.image_size, without=plan.attribute.columns
    )
    rows = model_rows(trials, used=used)
    found = _train(inputs, plan.codes[used], rows, plan, params, context, name=name)
    shape = (len(trials), len(plan.betas), 2, -1)
    return Swept(
        trials, found.right.reshape(shape), found.projected.reshape(shape),
        found.epoch.reshape(shape[:2]), inputs.words,
    )  # fmt: skip


def _seeds(params: Any, context: Context) -> tuple[int, ...]:
    """Return a seed for each trial: those that were given, or drawn from the run's."""
    return params.seeds or tuple(context.rng("trials").integers(2**31, size=params.trials).tolist())


def _train(
    inputs: Inputs,
    classes: NDArray[np.int64],
    rows: ModelRows,
    plan: Plan,
    params: Any,
    context: Context,
    *,
    name: str,
) -> Outcome:
    k = len(plan.classes)
    project_on = k - 1 if k == 2 else 0
    if plan.kind == "logistic":
        from auditkit_mime.train.logistic import fit_logistic

        return fit_logistic(inputs.values, classes, rows, context, n_classes=k, project_on=project_on)
    if plan.kind == "estimator":
        from auditkit_mime.train.estimators import fit_estimator

        def fit(one: ModelRows) -> Outcome:
            return fit_estimator(params.model, inputs.values, classes, one, project_on=project_on)

        return _one_after_another(fit, rows, context, folder=context.scratch() / name)
    from auditkit_mime.train.stacked import Optimiser, Shape

    optimiser = Optimiser(
        params.learning_rate, params.weight_decay, params.hard_kept if params.hard_mining else None
    )
    common = {
        "optimiser": optimiser, "batch_size": params.batch_size, "epochs": params.epochs,
        "selection": params.selection, "project_on": project_on,
    }  # fmt: skip
    if plan.kind == "stack":
        from auditkit_mime.train.stack_training import train_stack

        shape = Shape((inputs.values.shape[1], *HIDDEN, k))
        file = context.scratch() / f"{name}.pt"
        return train_stack(inputs.values, classes, rows, context, shape=shape, file=file, **common)
    from auditkit_mime.train.modules import build, input_shape, train_module

    build(params.model, input_shape(inputs.values), k)  # its errors come before an hour of training

    def train(one: ModelRows) -> Outcome:
        return train_module(params.model, inputs.values, classes, one, n_classes=k, **common)

    return _one_after_another(train, rows, context, folder=context.scratch() / name)


def _one_after_another(
    train: Callable[[ModelRows], Outcome], rows: ModelRows, context: Context, *, folder: Path
) -> Outcome:
    """Return the outcome of all models; each is written to the folder when it is done, and read from there."""
    folder.mkdir(exist_ok=True)
    done = []
    for i in context.track(range(len(rows)), "mime: models"):
        file = folder / f"{i}.npz"
        if not file.exists():
            found = train(rows.part(slice(i, i + 1)))
            part = folder / "part.npz"
            np.savez(part, right=found.right, projected=found.projected, epoch=found.epoch)
            part.replace(file)
        with np.load(file) as held:
            done.append(Outcome(held["right"], held["projected"], held["epoch"]))
    return joined(done)
