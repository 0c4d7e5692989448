"""What is told of the groups of a table is true of its rows."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from mining.scores import Score
from plugins.minoria.calls import STEPS

from auditkit.groups.expressions import select_rows
from auditkit.testing import make_context
from auditkit_minoria.groups.cover import MOST_SHARED, jaccard
from auditkit_minoria.slices.nearest import EXACT, SIMPLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd

    from auditkit import Finding, Group, Subject

SEARCHES = ("minoria", "minoria.slices", "minoria.climb", "minoria.focus", "minoria.kmeans")


def told(what: str, table: Callable[[int], Subject], seeds: Sequence[int]) -> Iterator[Score]:
    """Yield in how many runs, each search's turn in order, something untrue is told, none, and in how many a group."""
    wrong = some = 0
    for turn, seed in enumerate(seeds):
        step = SEARCHES[turn % len(SEARCHES)]
        groups, found = faults(table(seed), step, tau=-1.0)
        for fault in found:
            print(f"{what}, {step}, seed {seed}: {fault}", flush=True)
        wrong, some = wrong + bool(found), some + bool(groups)
    n = len(seeds)
    yield Score(what=f"{what}: told of its groups what is not so", count=wrong, runs=n, most=0)
    yield Score(what=f"{what}: find a group", count=some, runs=n, least=(n + 1) // 2)


def faults(subject: Subject, step: str = "minoria", **settings: object) -> tuple[int, list[str]]:
    """Return how many groups a step finds, and what it says of them that is not so."""
    finder = STEPS[step]()
    params = finder.Params(**settings)
    finder.check(subject, params)
    found = finder.find(subject, params, make_context(step="hidden"))
    gaps = {f.group: f for f in found.findings if f.metric == "loss_gap"}
    wrong = [fault for group in found.groups for fault in of_one(group, gaps[group.name], subject.table)]
    for one, other in combinations(found.groups, 2):
        if jaccard(one.mask, other.mask) > MOST_SHARED:
            wrong.append(f"{one.name} and {other.name} are largely the same rows")
    return len(found.groups), wrong


def of_one(group: Group, gap: Finding, table: pd.DataFrame) -> Iterator[str]:
    """Yield what is said of one group that its rows contradict."""
    again = select_rows(group.expression, table)
    details = gap.details
    if not (again == group.mask).all():
        yield f"{group.name}: its expression finds {int(again.sum())} rows, it has {int(group.mask.sum())}"
    if EXACT <= details["f1"] < 1:
        yield f"{group.name}: a rule with an F1 of {details['f1']} is not the group itself"
    if (details["f1"] >= SIMPLE) != bool(details["rule"]):
        yield f"{group.name}: F1 {details['f1']} and the rule '{details['rule']}'"
    if details["f1"] == 1 and group.rule != f"rows with {details['rule']}":
        yield f"{group.name}: '{group.rule}' is not '{details['rule']}'"
    for value in details["who"]:
        rows = _has(value["value"], table)
        share, of_all = float(rows[group.mask].mean()), float(rows.mean())
        if (
            not share > of_all
            or abs(share - value["share"]) > 1e-9
            or abs(of_all - value["share_of_all"]) > 1e-9
        ):
            yield f"{group.name}: {value} against {share:.4f} and {of_all:.4f}"


def _has(said: str, table: pd.DataFrame):
    """Return which rows [n] have what a value in words says: a level, a range, or nothing."""
    column = max(
        (name for name in table.columns if said.startswith(f"{name} ") or f"≤ {name} <" in said), key=len
    )
    values, rest = table[column], said.removeprefix(f"{column} ")
    if rest == "missing":
        return values.isna().to_numpy()
    if "≤" in said:
        low, high = said.split(f" ≤ {column} < ")
        return ((values >= float(low)) & (values < float(high))).to_numpy()
    if rest.startswith("≥ "):
        return (values >= float(rest[2:])).to_numpy()
    if rest.startswith("< "):
        return (values < float(rest[2:])).to_numpy()
    if " to " in rest and not rest.startswith("= "):
        low, high = rest.split(" to ")
        return values.between(float(low), float(high)).to_numpy()
    return (values.astype(str) == rest.removeprefix("= ")).to_numpy() | (
        rest == "= missing"
    ) & values.isna().to_numpy()
