"""Nobody who solves what a redacted report says finds a count of few rows, or comes within 2 of it."""

import numpy as np
import pandas as pd
import pytest
from redact.attack import System, equations, ranges
from redact.attacked import assert_safe, attacked, bits, random_table, report_of, suppressed, world_of

from auditkit.data.bundled.sets import ADULT
from auditkit.redact.report import LEAST, redacted
from auditkit.store.report_json import to_dict

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("lack", "missing"), [(0.0, "group"), (0.02, "group"), (0.02, "leave_out")])
@pytest.mark.parametrize("seed", [1, 2])
def test_random_tables_with_crossings_hold_out(tmp_path, seed, lack, missing):
    rng = np.random.default_rng(seed)
    table = random_table(rng, int(rng.integers(60, 3000)), missing=lack)
    report = report_of(
        table, tmp_path / "t.csv", max_order=1 + seed % 3, min_n=2 + 28 * (seed % 2), missing=missing
    )
    assert assert_safe(bits(table, missing=missing), report, most=6)[0] > 0


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 102, 185])
def test_tables_of_any_kind_hold_out(tmp_path, seed):
    """Of all that `python -m redact` draws a few: orders, groups with rules, references, metrics, rows without a value."""
    assert attacked(seed, tmp_path)[1] == 0


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


@pytest.fixture
def few():
    """300 rows in groups of 148, 149 and 3."""
    return pd.DataFrame(
        {"sex": ["F"] * 148 + ["M"] * 149 + ["T"] * 3, "y": ([1, 0] * 150), "p": ([1, 1, 0, 0] * 75)}
    )


def test_the_attack_finds_what_plain_suppression_leaves(tmp_path, few):
    report, world = report_of(few, tmp_path / "t.csv"), world_of(few)
    goals = [goal for goal, _, _ in suppressed(world, bits(few), ["sex=T"])]
    assert all(high == low for low, high in ranges(equations(world, by_hand(to_dict(report))), goals))
    assert all(high - low > 4 for low, high in ranges(equations(world, to_dict(redacted(report))), goals))


def without_values(document):
    """Keep what is compared, and nothing about single groups but the biggest one and all rows."""
    document["subject"]["groups"], document["groups"] = {}, []
    document["findings"] = [
        one for one in document["findings"]
        if one["compare"] != "absolute" or one["group"] in {"", "sex=M"}
    ]  # fmt: skip
    for one in document["findings"]:
        if one["compare"] != "absolute":
            one |= {"n": 0, "interval": None}
            one["details"] = {
                key: of for key, of in one["details"].items() if key in {"best", "lowest", "highest"}
            }
    for gate in document["gates"]:
        gate["comparisons"] = []
    return document


@pytest.mark.parametrize("compare", ["to_rest", "to_best", "to_reference", "difference", "ratio"])
def test_the_attack_finds_a_rate_from_each_comparison_alone(tmp_path, few, compare):
    few["sex"] = few["sex"].replace("T", "F")
    report, world = report_of(few, tmp_path / "t.csv", references=True), world_of(few)
    document = without_values(to_dict(report))
    document["findings"] = [one for one in document["findings"] if one["compare"] in {"absolute", compare}]
    system = System(world)
    system.found = equations(world, document)
    rate, n = (world.mask("sex=F", outcomes) for outcomes in (("tn", "tp"), ("tn", "fp", "fn", "tp")))
    ((low, high),) = ranges([*system.found, (n, 151.0, 151.0)], [rate])
    assert low == high
    truth = bits(few)
    assert low == int((truth.y == truth.p)[truth.sex == "F"].sum())


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
    assert assert_safe(bits(table), report, most=8)[0] > 20
    kept = {f.group for f in redacted(report).findings if f.metric == "tpr" and f.value is not None}
    assert {"", "sex=Female", "sex=Male", "race=White", "race=Black"} <= kept
    assert {"sex=Female & race=White", "sex=Male & race=White"} <= kept
