"""What is told of the groups of a table is true of its rows: `python -m mining.real TABLE --target COLUMN`."""

from __future__ import annotations

import argparse
import sys
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from plugins.minoria.calls import STEPS

from auditkit.groups.expressions import select_rows
from auditkit.testing import make_context
from auditkit_minoria.groups.cover import MOST_SHARED, jaccard
from auditkit_minoria.slices.nearest import EXACT, SIMPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from auditkit import Finding, Group, Subject


def faults(subject: Subject, step: str = "minoria", **settings: object) -> tuple[int, list[str]]:
    """Return how many groups a step finds, and what it says of them that is not so."""
    finder = STEPS[step]()
    params = finder.Params(**settings)
    finder.check(subject, params)
    found = finder.find(subject, params, make_context(step="hidden"))
    gaps = {f.group: f for f in found.findings if f.metric == "loss_gap"}
    told = [fault for group in found.groups for fault in of_one(group, gaps[group.name], subject.table)]
    for one, other in combinations(found.groups, 2):
        if jaccard(one.mask, other.mask) > MOST_SHARED:
            told.append(f"{one.name} and {other.name} are largely the same rows")
    return len(found.groups), told


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


def main() -> int:
    """Mine a table by several searches and print what is not so."""
    from auditkit.data.bundled.sets import BUNDLED
    from auditkit.data.subjects import load
    from auditkit.spec.data import DataSpec

    parser = argparse.ArgumentParser(prog="python -m mining.real")
    parser.add_argument("table")
    parser.add_argument("--target")
    parser.add_argument("--features", type=lambda text: tuple(text.split(",")), default=())
    given = parser.parse_args()
    spec = DataSpec(path=given.table, target=given.target, features=given.features)
    subject = load(spec, datasets=BUNDLED, folder=Path())
    wrong = 0
    for step in ("minoria", "minoria.slices", "minoria.climb", "minoria.focus", "minoria.kmeans"):
        groups, told = faults(subject, step, tau=-1.0)
        print(f"{step}: {groups} groups, {len(told)} faults", *told, sep="\n  ", flush=True)
        wrong += len(told)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
