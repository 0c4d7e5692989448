"""Trains one model for every trial and share of a pair of groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit_mime.design.inputs import Examples, read
from auditkit_mime.design.trials import make_trial, model_rows
from auditkit_mime.train.kinds import Job

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Context, Subject
    from auditkit_mime.design.plan import Pair, Plan
    from auditkit_mime.design.trials import Trial
    from auditkit_mime.train.kinds import Model


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


def sweep(subject: Subject, plan: Plan, pair: Pair, model: Model, context: Context) -> Swept:
    """Return what all models of a pair say about their test rows."""
    trials = tuple(
        make_trial(
            pair.cells,
            pair.sizes,
            betas=plan.betas,
            seed=seed,
            rng=np.random.default_rng([context.stats.seed, seed]),
        )
        for seed in _seeds(plan, context)
    )
    used = np.unique(
        np.concatenate([part.ravel() for t in trials for part in (t.train, t.validation, t.test)])
    )
    inputs = read(
        subject, used, context, reads=model.reads, size=model.image_size, without=plan.attribute.columns
    )
    examples = Examples(inputs.values, plan.codes[used], len(plan.classes), plan.projected_class)
    place = context.scratch() / f"pair-{pair.number}"
    job = Job(model.name, examples, model_rows(trials, used=used), model.training, place)
    found = model.kind.train(job, context)
    shape = (len(trials), len(plan.betas), 2, -1)
    return Swept(
        trials,
        found.right.reshape(shape),
        found.projected.reshape(shape),
        found.epoch.reshape(shape[:2]),
        inputs.words,
    )


def _seeds(plan: Plan, context: Context) -> tuple[int, ...]:
    """Return a seed for each trial: those that were given, or drawn from the run's."""
    return plan.seeds or tuple(context.rng("trials").integers(2**31, size=plan.trials).tolist())
