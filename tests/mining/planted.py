"""Groups that were planted: how many runs of `minoria` find and confirm them, and give them their name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from mining.scores import Score
from plugins.minoria.calls import mined
from plugins.minoria.seeded import minoria_md
from plugins.minoria.slices.made import planted

from auditkit import Mined, Subject
from auditkit.predict.logistic import fit_logistic, probability
from auditkit.testing import make_context
from auditkit_minoria.directions.errors import whitened_difference
from auditkit_minoria.slices.nearest import f1_of
from auditkit_minoria.steps import FINDERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    Rows = NDArray[np.bool_]

STEPS = {step.name: step for step in FINDERS}
ROWS = 8000
FOUND = 0.9
"""F1 of the planted rows and a group from which on the group is the planted one."""
N, D = 10_000, 20


def mined_of(table: pd.DataFrame, step: str = "minoria", weight: NDArray[np.float64] | None = None) -> Mined:
    """Return what a step finds in a table with a column `err` of losses, perhaps with a weight [n] for each row."""
    features = tuple(table.columns.drop("err"))
    if weight is None:
        subject = Subject(table=table, loss="err", features=features)
    else:
        subject = Subject(table=table.assign(weight=weight), loss="err", features=features, weight="weight")
    return STEPS[step]().find(subject, STEPS[step].Params(), make_context())


def best(rule: str, seed: int, step: str = "minoria") -> tuple[float, bool]:
    """Return the F1 of the best confirmed group, and whether its rule names the columns and levels planted."""
    table, group = planted(rule, ROWS, seed)
    found = mined_of(table, step)
    f1, said = max(
        ((f1_of(one.mask, group), one.rule) for one in found.groups if one.name in (found.confirmed or ())),
        default=(0.0, ""),
    )
    return f1, named(said) == named(f"rows with {rule}")


def named(rule: str) -> set[str]:
    """Return the conditions of a rule, without the number of a cut."""
    return {part.split("≥")[0] for part in rule.removeprefix("rows with ").split(" and ")}


def conjunctions(rule: str, seeds: Sequence[int]) -> Iterator[Score]:
    """Yield how many runs find the planted conjunction, 19 of 20, and name it exactly, 15 of 20."""
    runs = [best(rule, seed) for seed in seeds]
    n = len(runs)
    yield Score(what=f"{rule}: found", count=sum(f1 >= FOUND for f1, _ in runs), runs=n, least=19 * n // 20)
    yield Score(what=f"{rule}: named", count=sum(exact for _, exact in runs), runs=n, least=15 * n // 20)


def tilted(seeds: Sequence[int]) -> Iterator[Score]:
    """Yield how many runs find a shifted cloud like one who knows its rows and draws the best line, 18 of 20."""
    found = 0
    for seed in seeds:
        points, label, who, _ = minoria_md(N, D, seed)
        points, group = (points - points.mean(axis=0)) / points.std(axis=0), who == 1
        rng = np.random.default_rng(seed)
        mining = rng.permutation(N) < N // 2
        groups = mined(
            points, _out_of_fold_loss(points, label, rng), mining, rng=rng, search="climb+focus+slices"
        )
        scores = [f1_of(one.members[~mining], group[~mining]) for one in groups if one.confirmed]
        found += max(scores, default=0.0) >= _best_linear_rule(points, group, mining) - 0.05
    n = len(seeds)
    yield Score(what="5 % in a shifted cloud: found", count=found, runs=n, least=18 * n // 20)


def _out_of_fold_loss(points: NDArray[np.float64], label: NDArray[np.int64], rng: np.random.Generator):
    """Return the log loss [n] of a logistic regression that did not see the row."""
    fold, chance = rng.integers(0, 5, len(points)), np.empty(len(points))
    for k in range(5):
        test = fold == k
        beta = fit_logistic(points[~test], label[~test] == 1)
        chance[test] = probability(beta[0] + points[test] @ beta[1:])
    return -np.log(np.clip(np.where(label == 1, chance, 1 - chance), 1e-12, 1.0))


def _best_linear_rule(points: NDArray[np.float64], group: Rows, mining: Rows) -> float:
    """Return the F1 on held-out rows of the discriminant that knows the group, cut where it is best on mined rows."""
    score = points @ whitened_difference(points[mining], group[mining])
    cuts = np.sort(score[mining])[-2000::5]
    cut = max(cuts, key=lambda limit: f1_of(score[mining] >= limit, group[mining]))
    return f1_of((score >= cut)[~mining], group[~mining])
