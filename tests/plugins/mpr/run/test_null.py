"""Where nothing is wrong, `mpr_shown` says so: lists drawn by lot from the population that the reference came from."""

import numpy as np
import pandas as pd
import pytest

from auditkit import Stats, Subject
from auditkit.gates.decide import decide
from auditkit.spec.gate import GateSpec
from auditkit.testing import make_context
from auditkit.values.finding import as_declared
from auditkit_mpr.params import RetrievalParams
from auditkit_mpr.steps import Mpr

REPEATS, BROKEN = 300, 17
"""So many of 300 exclude 0 with a chance below .001 if the truth is 2.5 %."""
SMOKE, TOO_MANY = 30, 5
SHARES = {"sex": {"f": 0.3, "m": 0.7}, "race": {"a": 0.6, "b": 0.25, "c": 0.11, "d": 0.04}}
EVERY = ("linear", "affine", "groups:1", "groups:2", "rbf", "polynomial", "linear_kernel", "tree", "Ridge", "mlp:8",
         "signs")  # fmt: skip
STATS = Stats(bootstrap=400)


def people(rng, n):
    return pd.DataFrame({name: rng.choice(list(p), n, p=list(p.values())) for name, p in SHARES.items()})


def findings(folder, seed, *, classes, reference="table", k=40, m=150, queries=1):
    """Run the audit of random lists of k of 200 people."""
    rng = np.random.default_rng([seed, 12])
    items = people(rng, 200)
    np.save(folder / "similarities.npy", rng.random((queries, 200)))
    given = {
        "similarities": str(folder / "similarities.npy"),
        "attributes": tuple(SHARES),
        "k": k,
        "classes": classes,
    }
    if reference in {"table", "weighted"}:
        table = people(rng, m)
        if reference == "weighted":  # women were asked twice as often, and count half
            table = people(rng, 4 * m)
            asked = rng.random(4 * m) < np.where(table["sex"] == "f", 0.4, 0.2)
            table = table[asked].assign(weight=np.where(table["sex"] == "f", 0.5, 1.0)[asked])
            given["reference_weight"] = "weight"
        table.to_csv(folder / "reference.csv", index=False)
        given["reference"] = str(folder / "reference.csv")
    if reference == "typed":
        given["shares"] = tuple(f"{name}={v}:{s}" for name, p in SHARES.items() for v, s in p.items())
    step, params = Mpr(), RetrievalParams(**given)
    found = step.run(Subject(table=items), params, make_context(seed=seed, stats=STATS))
    declared = {metric.name: metric for metric in step.metrics}
    return [as_declared(f, declared[f.metric]) for f in found]


def excluding_zero(folder, repeats, **setting):
    found = [findings(folder, seed, **setting) for seed in range(repeats)]
    return sum(f.interval.low > 0 for one in found for f in one if f.metric == "mpr_shown")


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_a_list_by_lot_shows_a_gap_no_more_often_than_nominal(tmp_path, name):
    assert excluding_zero(tmp_path, REPEATS, classes=(name,)) <= BROKEN


@pytest.mark.slow
@pytest.mark.parametrize("name", ["linear", "groups:2", "tree", "Ridge"])
@pytest.mark.parametrize(
    "setting",
    [
        {"reference": "items"},
        {"reference": "typed"},
        {"reference": "weighted"},
        {"k": 20, "m": 1500},
        {"k": 80, "m": 40},
    ],
    ids=lambda setting: " ".join(f"{key} {value}" for key, value in setting.items()),
)
def test_nor_does_it_against_any_kind_and_size_of_reference(tmp_path, name, setting):
    assert excluding_zero(tmp_path, REPEATS, classes=(name,), **setting) <= BROKEN


@pytest.mark.parametrize("name", ["linear", "groups:2", "tree", "Ridge"])
@pytest.mark.parametrize("reference", ["table", "items", "typed"])
def test_a_few_lists_by_lot_show_no_gap(tmp_path, name, reference):
    assert excluding_zero(tmp_path, SMOKE, classes=(name,), reference=reference) <= TOO_MANY


@pytest.mark.slow
@pytest.mark.parametrize("classes", [("groups:2",), ("linear", "tree")])
def test_a_gate_over_many_queries_fails_no_more_often_than_nominal(tmp_path, classes):
    gate = GateSpec(id="g", on="", metric="mpr_shown", compare="absolute", limit=0.0)
    failed = 0
    for seed in range(REPEATS):
        found = findings(tmp_path, seed, classes=classes, queries=6)
        (result,) = decide([gate], found, STATS, ran={""})
        assert len(result.comparisons) == 6 * len(classes)
        failed += result.outcome == "fail"
    assert failed <= BROKEN
