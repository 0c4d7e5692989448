"""Nobody who solves what a redacted report says finds a count of few rows, or comes within 2 of it."""

import numpy as np
import pandas as pd
import pytest
from redact.attack import OUTCOMES, RATES, World, equations, ranges

from auditkit.data.bundled.sets import ADULT
from auditkit.plugins.host import load_plugins
from auditkit.recipe.document import Document
from auditkit.recipe.validation import validate
from auditkit.redact.report import LEAST, redacted
from auditkit.running.engine import run
from auditkit.running.plan import make_plan
from auditkit.spec.recipe import Recipe
from auditkit.store.report_json import to_dict


def report_of(table, path, *, max_order=2, min_n=2, more=()):
    """Return the report of the rates of a table with columns y, p and attributes, with gates."""
    table.to_csv(path, index=False)
    attributes = [name for name in table.columns if name not in {"y", "p"}]
    value = {
        "version": 1, "name": "attacked", "data": {"path": str(path), "target": "y", "pred": "p", "positive": 1},
        "groups": {name: {"column": name} for name in attributes},
        "steps": [{"id": "rates", "use": "rates"}, *more],
        "gates": [
            {"id": "gap", "on": "rates", "metric": "tpr", "compare": "to_rest", "limit": 0.2},
            {"id": "one", "on": "rates", "metric": "accuracy", "compare": "absolute", "fail_if": "value < 0.5"},
        ],
        "stats": {"min_n": min_n, "max_order": max_order},
    }  # fmt: skip
    document = Document(value)
    plan = make_plan(validate(Recipe, document), document, load_plugins(only=["rates"]), folder=path.parent)
    return run(plan)


def world_of(table):
    attributes = {
        name: tuple(sorted(table[name].dropna().unique())) for name in table.columns if name not in {"y", "p"}
    }
    return World(attributes, len(table))


def suppressed(world, table, names, least=LEAST):
    """Return the goal and the true count of each small count behind a number about one of the groups."""
    outcome = np.select([table.y & table.p, table.y & ~table.p, ~table.y & table.p], ["tp", "fn", "fp"], "tn")
    found = []
    for name in names:
        inside = np.logical_and.reduce(
            [np.ones(len(table), bool), *((table[a] == v).to_numpy() for a, v in world.group(name))]
        )
        sets = {OUTCOMES, *((o,) for o in OUTCOMES), *(s for pair in RATES.values() for s in pair)}
        sets |= {tuple(o for o in OUTCOMES if o not in chosen) for chosen in sets if chosen != OUTCOMES}
        for chosen in sorted(sets):
            n = int((inside & np.isin(outcome, chosen)).sum())
            if 0 < n < least:
                found.append((world.mask(name, chosen), n, (name, chosen)))
    return found


def assert_safe(table, report, *, most=40, seed=0):
    """Attack the redacted report at some of its small counts; return how many were there."""
    world = world_of(table)
    system = equations(world, to_dict(redacted(report)))
    names = {finding.group for finding in report.findings if finding.compare == "absolute"}
    wanted = suppressed(world, table, sorted(names))
    chosen = np.random.default_rng(seed).permutation(len(wanted))[:most]
    goals = [wanted[i] for i in chosen]
    for (low, high), (_, n, what) in zip(ranges(system, [g for g, _, _ in goals]), goals, strict=True):
        assert low - 1e-6 <= n <= high + 1e-6, "the attack is wrong"
        assert high - low > 4, (what, n, low, high)
        assert low < n - 2 or high > n + 2, (what, n, low, high)
    return len(wanted)


def random_table(rng, rows, *, missing=0.0, attributes=("sex", "race", "age")):
    table = pd.DataFrame()
    for name in attributes:
        k = int(rng.integers(2, 6))
        shares = rng.dirichlet(np.full(k, 0.5)) + 0.002
        labels = rng.choice([f"{name[0]}{i}" for i in range(k)], size=rows, p=shares / shares.sum())
        table[name] = np.where(rng.random(rows) < missing, None, labels)
    table["y"] = rng.random(rows) < rng.uniform(0.05, 0.6)
    table["p"] = np.where(rng.random(rows) < rng.uniform(0.02, 0.4), ~table.y, table.y)
    return table.astype({"y": int, "p": int})


def bits(table):
    return table.assign(y=table.y.astype(bool), p=table.p.astype(bool))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("missing", [0.0, 0.02])
def test_random_tables_with_crossings_hold_out(tmp_path, seed, missing):
    rng = np.random.default_rng(seed)
    table = random_table(rng, int(rng.integers(60, 3000)), missing=missing)
    report = report_of(table, tmp_path / "t.csv", max_order=1 + seed % 3, min_n=2 + 28 * (seed % 2))
    assert assert_safe(bits(table), report, most=12) > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 200))
def test_many_random_tables_hold_out(tmp_path, seed):
    rng = np.random.default_rng(seed)
    many = ("sex", "race", "age")[: int(rng.integers(1, 4))]
    table = random_table(
        rng, int(rng.integers(20, 5000)), missing=rng.choice([0.0, 0.01, 0.1]), attributes=many
    )
    order, least = int(rng.integers(1, 4)), int(rng.choice([2, 10, 30]))
    report = report_of(table, tmp_path / "t.csv", max_order=order, min_n=least)
    assert_safe(bits(table), report, seed=seed)


def by_hand(document):
    """Suppress only what is itself about few rows, as if nobody could subtract."""
    for finding in document["findings"]:
        if finding["n"] < LEAST:
            finding |= {"value": None, "interval": None, "n": 0, "details": {}}
    document["groups"] = [group for group in document["groups"] if group["n"] >= LEAST]
    for sizes in document["subject"]["groups"].values():
        for label in [label for label, n in sizes.items() if n < LEAST]:
            sizes[label] = "few"
    return document


def test_the_attack_finds_what_plain_suppression_leaves(tmp_path):
    table = pd.DataFrame(
        {"sex": ["F"] * 148 + ["M"] * 149 + ["T"] * 3, "y": ([1, 0] * 150), "p": ([1, 1, 0, 0] * 75)}
    )
    report, world = report_of(table, tmp_path / "t.csv"), world_of(table)
    goals = [goal for goal, _, _ in suppressed(world, bits(table), ["sex=T"])]
    assert all(high == low for low, high in ranges(equations(world, by_hand(to_dict(report))), goals))
    assert all(high - low > 4 for low, high in ranges(equations(world, to_dict(redacted(report))), goals))


@pytest.mark.slow
def test_adult_with_small_cells_holds_out_and_keeps_its_big_groups(tmp_path):
    adult = pd.read_parquet(ADULT.path)
    table = pd.DataFrame(
        {
            "sex": adult["sex"],
            "race": adult["race"],
            "age": pd.cut(adult["age"], [0, 25, 40, 60, 120]).astype(str),
        }
    )
    table["y"] = (adult["income"] == ">50K").astype(int)
    table["p"] = np.where(np.random.default_rng(0).random(len(table)) < 0.15, 1 - table["y"], table["y"])
    report = report_of(table, tmp_path / "t.csv")
    assert assert_safe(bits(table), report, most=30) > 20
    kept = {f.group for f in redacted(report).findings if f.metric == "tpr" and f.value is not None}
    assert {"", "sex=Female", "sex=Male", "race=White", "race=Black"} <= kept
    assert {"sex=Female & race=White", "sex=Male & race=White"} <= kept
