"""Reports of random tables, and whether their small counts hold out against the attack."""

import numpy as np
import pandas as pd
from redact.attack import RATES, LateError, equations, held, least, some_world
from redact.world import OUTCOMES, World, outcomes_of

from auditkit.plugins.host import load_plugins
from auditkit.recipe.document import Document
from auditkit.recipe.validation import validate
from auditkit.redact.report import LEAST, redacted
from auditkit.running.engine import run
from auditkit.running.plan import make_plan
from auditkit.spec.recipe import Recipe
from auditkit.store.report_json import to_dict

UNKNOWN = "unknown"
"""The group of the rows that lack an attribute."""
GATES = (
    {"metric": "tpr", "compare": "to_rest", "limit": 0.2},
    {"metric": "accuracy", "compare": "absolute", "fail_if": "value < 0.5"},
    {"metric": "accuracy", "compare": "to_rest", "limit": 0.02},
    {"metric": "accuracy", "compare": "to_reference", "limit": 0.1},
    {"metric": "fpr", "compare": "absolute", "fail_if": "lower_bound > 0.1"},
    {"metric": "precision", "compare": "to_best", "limit": 0.1},
    {"metric": "demographic_parity", "compare": "difference", "limit": 0.1},
    {"metric": "equal_opportunity", "compare": "ratio", "fail_if": "upper_bound < 0.8"},
)
EVERY = (*RATES, "balanced_accuracy", "demographic_parity", "equal_opportunity", "equalized_odds")
FAR = 5
"""Rows that a small count has to be able to be away from what it is."""
RULES = {"high": (1, 2, 3), "higher": (2, 3), "highest": (3,)}
"""Groups by values of z, each within the one before."""


def attributes_of(table):
    return [name for name in table.columns if name not in {"y", "p", "z"}]


def report_of(table, path, *, max_order=2, min_n=2, missing="group", references=False, metrics=()):
    """Return the report of the rates of a table with columns y, p, perhaps z, and attributes, with gates."""
    table.to_csv(path, index=False)
    groups = {name: {"column": name, "missing": missing} for name in attributes_of(table)}
    gates = [gate for gate in GATES if gate["metric"] in (metrics or EVERY)]
    if references:
        for name, group in groups.items():
            group["reference"] = table[name].value_counts().index[0]
    else:
        gates = [gate for gate in gates if gate["compare"] != "to_reference"]
    if "z" in table.columns:
        groups |= {name: {"where": f"z >= {inside[0]}"} for name, inside in RULES.items()}
    value = {
        "version": 1, "name": "attacked", "data": {"path": str(path), "target": "y", "pred": "p", "positive": 1},
        "groups": groups, "steps": [{"id": "rates", "use": "rates", "with": {"metrics": list(metrics)}}],
        "gates": [{"id": f"gate{i}", "on": "rates"} | gate for i, gate in enumerate(gates)],
        "stats": {"min_n": min_n, "max_order": max_order},
    }  # fmt: skip
    document = Document(value)
    plan = make_plan(validate(Recipe, document), document, load_plugins(only=["rates"]), folder=path.parent)
    return run(plan)


def bits(table, *, missing="group"):
    """Return the table with bool y and p, and with the rows that lack an attribute as the report counts them."""
    known = table.assign(y=table.y.astype(bool), p=table.p.astype(bool))
    names = attributes_of(table)
    return known if missing == "leave_out" else known.fillna(dict.fromkeys(names, UNKNOWN))


def world_of(table):
    attributes = {name: tuple(sorted(table[name].dropna().unique())) for name in attributes_of(table)}
    return World(attributes, len(table), named=RULES if "z" in table.columns else None)


def suppressed(world, table, names, least=LEAST):
    """Return the goal and the true count of each small count behind a number about one of the groups."""
    outcome = outcomes_of(table)
    found = []
    for name in names:
        if name in world.named:
            inside = table["z"].isin(world.named[name]).to_numpy()
        else:
            parts = [(table[a] == v).to_numpy() for a, v in world.group(name)]
            inside = np.logical_and.reduce([np.ones(len(table), bool), *parts])
        sets = {OUTCOMES, *((o,) for o in OUTCOMES), *(s for pair in RATES.values() for s in pair)}
        sets |= {tuple(o for o in OUTCOMES if o not in chosen) for chosen in sets if chosen != OUTCOMES}
        for chosen in sorted(sets):
            n = int((inside & np.isin(outcome, chosen)).sum())
            if 0 < n < least:
                found.append((world.mask(name, chosen), n, (name, chosen)))
    return found


def assert_safe(table, report, *, most=40, seed=0):
    """Attack the redacted report at some of its small counts; return how many were there, and of how many none is known.

    The rows that there are are one world (assert_true): another one far from them is range enough.
    """
    world = world_of(table)
    system = equations(world, to_dict(redacted(report)))
    assert_true(system, world.truth(table))
    names = {finding.group for finding in report.findings if finding.compare == "absolute"}
    wanted, told, late = suppressed(world, table, sorted(names)), held(system), 0
    for i in np.random.default_rng(seed).permutation(len(wanted))[:most]:
        goal, n, what = wanted[i]
        try:
            assert can_be_far(told, goal, n), (what, n)
        except LateError:
            late += 1
    return len(wanted), late


def can_be_far(told, goal, n):
    """Return whether a count may be FAR from n, or lie in a range of more than 4 that reaches beyond n - 2 or n + 2."""
    if some_world(told, goal, n + FAR, np.inf) or (n >= FAR and some_world(told, goal, 0, n - FAR)):
        return True
    low, high = least(told, goal), -least(told, -goal)
    return high - low > 4 and (low < n - 2 or high > n + 2)


def assert_true(system, truth):
    """Hold every equation against the rows that there are: what a report says is true, and the attack reads it right."""
    for row, low, most in system:
        assert low - 1e-6 * max(low, 1) <= row @ truth <= most + 1e-6 * max(most, 1)


def random_table(rng, rows, *, missing=0.0, attributes=("sex", "race", "age"), named=False):
    table = pd.DataFrame()
    for name in attributes:
        k = int(rng.integers(2, 6))
        shares = rng.dirichlet(np.full(k, 0.5)) + 0.002
        labels = rng.choice([f"{name[0]}{i}" for i in range(k)], size=rows, p=shares / shares.sum())
        table[name] = np.where(rng.random(rows) < missing, None, labels)
    table["y"] = rng.random(rows) < rng.uniform(0.05, 0.6)
    table.loc[:1, "y"] = [True, False]  # a target of one value is refused
    table["p"] = np.where(rng.random(rows) < rng.uniform(0.02, 0.4), ~table.y, table.y)
    if named:
        table["z"] = rng.binomial(3, rng.uniform(0.05, 0.5), size=rows)
    return table.astype({"y": int, "p": int})


def attacked(seed, folder, *, most=40):
    """Attack the report of one random table; return what `assert_safe` does."""
    rng = np.random.default_rng(seed)
    many = ("sex", "race", "age")[: int(rng.integers(1, 4))]
    lack = float(rng.choice([0.0, 0.01, 0.1]))
    named = len(many) < 3 and bool(rng.integers(2))
    table = random_table(rng, int(rng.integers(20, 5000)), missing=lack, attributes=many, named=named)
    missing = str(rng.choice(["group", "leave_out"]))
    report = report_of(
        table,
        folder / "t.csv",
        max_order=int(rng.integers(1, 4)),
        min_n=int(rng.choice([2, 10, 30])),
        missing=missing,
        references=bool(rng.integers(2)),
        metrics=tuple(rng.choice(EVERY, size=int(rng.integers(len(EVERY))), replace=False).tolist()),
    )
    return assert_safe(bits(table, missing=missing), report, most=most, seed=seed)
