"""Odd tables and changes that must not matter: many columns, constants, dates, gaps, few rows, other units, dust."""

import numpy as np
import pandas as pd
import pytest
from plugins.minoria.seeded import minoria_2d

from auditkit import DataError, Subject
from auditkit.groups.expressions import select_rows
from auditkit.testing import make_context
from auditkit_minoria.directions.cells import cell_middles, k_dpp, likeness
from auditkit_minoria.directions.unit import without_dust
from auditkit_minoria.groups.cover import distinct
from auditkit_minoria.slices.nearest import f1_of
from auditkit_minoria.steps import FINDERS

pytestmark = pytest.mark.slow

STEPS = {step.name: step for step in FINDERS}


def mined(table, step="minoria", context=None, **roles):
    settings = roles.pop("settings", {})
    subject = Subject(table=table, loss="err", **{"features": tuple(table.columns.drop("err")), **roles})
    finder = STEPS[step]()
    params = finder.Params(**settings)
    finder.check(subject, params)
    return finder.find(subject, params, context or make_context())


def errors(rng, group):
    return (rng.random(len(group)) < np.where(group, 0.6, 0.1)).astype(float)


def best(found, group):
    return max((f1_of(one.mask, group) for one in found.groups if one.name in found.confirmed), default=0.0)


def test_a_group_of_one_number_is_found_beside_300_columns_of_two_levels():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        rng.integers(0, 2, size=(3000, 300)).astype(str), columns=[f"o{i}" for i in range(300)]
    )
    table["x1"], table["x2"] = rng.normal(size=3000), rng.normal(size=3000)
    group = (table["x1"] > 1.6).to_numpy()
    table["err"] = errors(rng, group)
    context = make_context()
    assert best(mined(table, "minoria.slices", context), group) > 0.9
    assert any("of 3 conditions are of 30 of the 302 columns" in note for note in context.ledger.notes)


@pytest.mark.parametrize("noise", [30, 300])
def test_a_group_of_one_number_is_found_beside_a_column_of_many_levels(noise):
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"x": rng.normal(size=4000), "noise": rng.integers(0, noise, 4000).astype(str)})
    table["more"] = rng.normal(size=4000)
    group = (table["x"] > 1.6).to_numpy()
    table["err"] = errors(rng, group)
    assert best(mined(table), group) > 0.9


def test_a_constant_and_two_identical_columns_are_not_named_twice():
    rng = np.random.default_rng(2)
    table = pd.DataFrame({"x": rng.normal(size=2000), "y": rng.normal(size=2000), "same": 1.0})
    table["twin"] = table["x"]
    group = (table["x"] > 1.3).to_numpy()
    table["err"] = errors(rng, group)
    found = mined(table)
    assert best(found, group) > 0.9
    (said,) = [one.rule for one in found.groups if f1_of(one.mask, group) > 0.9]
    assert ("x ≥" in said) != ("twin ≥" in said)


def test_a_category_of_many_levels_is_looked_at_by_slices_alone_and_that_is_said():
    rng = np.random.default_rng(2)
    codes = rng.integers(0, 150, 4000)
    table = pd.DataFrame({"code": [f"k{code}" for code in codes], "x": rng.normal(size=4000), "void": None})
    table["err"] = errors(rng, codes < 15)
    context = make_context()
    assert best(mined(table, context=context), codes < 15) > 0.9
    assert "minoria: code: looked at in conjunctions alone, in no direction" in context.ledger.notes
    skipped = {one.what: one.why for one in context.ledger.skipped if one.what.startswith("column")}
    assert skipped == {"column void": "no value is there"}
    context = make_context()
    mined(table, "minoria.climb", context)
    assert "column code" in {one.what for one in context.ledger.skipped}


@pytest.mark.parametrize("same", [0.0, 1.0])
def test_where_all_losses_are_alike_that_is_the_answer(same):
    table = pd.DataFrame({"x": np.random.default_rng(0).normal(size=600), "a": ["p", "q"] * 300, "err": same})
    context = make_context()
    found = mined(table, context=context)
    assert not found.confirmed
    first = context.ledger.answers[0]
    assert (
        first.text
        == f"No group fares worse than another: all 300 held-out rows have the same loss, {same:g}."
    )
    assert first.sure == "not_shown"


def test_the_last_days_are_found_and_found_again_by_their_expression():
    rng = np.random.default_rng(3)
    day = pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, 1000, 3000), unit="D")
    table = pd.DataFrame({"day": day, "x": rng.normal(size=3000)})
    group = (table["day"] >= "2023-07-01").to_numpy()
    table["err"] = errors(rng, group)
    found = mined(table)
    assert best(found, group) > 0.9
    for one in found.groups:
        assert select_rows(one.expression, table).tolist() == one.mask.tolist()
    assert any("day ≥ 2023-0" in one.rule for one in found.groups)


def test_a_number_with_gaps_is_refused_by_name_or_mined_with_missing_as_a_level():
    rng = np.random.default_rng(4)
    table = pd.DataFrame(
        {"x": rng.normal(size=3000), "y": rng.normal(size=3000), "k": rng.choice(["a", "b"], 3000)}
    )
    table.loc[rng.random(3000) < 0.08, "x"] = np.nan
    group = table["x"].isna().to_numpy()
    table["err"] = errors(rng, group)
    with pytest.raises(DataError, match=r"column 'x' has .* missing values"):
        mined(table)
    found = mined(table, missing="impute")
    assert best(found, group) > 0.9
    assert any(one.rule == "rows with x missing" for one in found.groups)


def test_forty_rows_are_too_few_and_said_to_be():
    rng = np.random.default_rng(5)
    table = pd.DataFrame({"x": rng.normal(size=40), "y": rng.normal(size=40)})
    table["err"] = errors(rng, (table["x"] > 1).to_numpy())
    context = make_context()
    found = mined(table, context=context)
    assert not found.confirmed
    assert {answer.sure for answer in context.ledger.answers} == {"too_few"}


@pytest.mark.parametrize(
    ("rows", "step", "end"),
    [
        (400, "minoria.climb", "30 of the 200 held-out rows; --tail 0.18 cuts tails of about 36."),
        (80, "minoria.climb", "30 of the 40 held-out rows."),
        (400, "minoria.slices", "30 of the 200 held-out rows."),
    ],
)
def test_where_tails_have_too_few_rows_it_is_said_how_to_cut_larger_ones(rows, step, end):
    rng = np.random.default_rng(6)
    table = pd.DataFrame({"x": rng.normal(size=rows), "y": rng.normal(size=rows), "err": rng.random(rows)})
    context = make_context()
    mined(table, step, context)
    assert context.ledger.answers[0].text.endswith(end)


@pytest.mark.parametrize("step", ["minoria.sweep", "minoria", "minoria.climb"])
def test_other_units_change_no_group(step):
    rng = np.random.default_rng(6)
    table = pd.DataFrame(minoria_2d(2000, seed=4), columns=["x", "y"])
    table["err"] = errors(rng, (table["x"] < -2.5).to_numpy())
    other = table.assign(y=table["y"] * 1024 + 2048)
    one, two = (mined(data, step) for data in (table, other))
    assert [group.mask.tolist() for group in one.groups] == [group.mask.tolist() for group in two.groups]
    angles = [
        [f.details["angle_degrees"] for f in found.findings if f.metric == "skew"] for found in (one, two)
    ]
    for before, after in zip(*angles, strict=True):
        # y counts 1,024 times more, so its weight is that much smaller
        turned = np.degrees(np.arctan2(np.sin(np.radians(before)) / 1024, np.cos(np.radians(before)))) % 180
        assert after == pytest.approx(turned, abs=1e-6)


@pytest.mark.parametrize("step", sorted(STEPS))
def test_no_two_groups_of_a_run_are_largely_the_same_rows(step):
    rng = np.random.default_rng(7)
    points = rng.normal(size=(1500, 3)) + 3 * (rng.random(1500) < 0.06)[:, None]
    table = pd.DataFrame(points, columns=["x", "y", "z"])
    columns = {"minoria.sweep": ("x", "y"), "minoria.warmup": ("x", "y")}.get(step, ("x", "y", "z"))
    table["err"] = errors(rng, (table.sum(axis=1) > 5).to_numpy())
    groups = mined(table, step, features=columns).groups
    assert groups
    for i, one in enumerate(groups):
        assert all(distinct(one.mask, other.mask) for other in groups[:i])


def test_dust_among_the_weights_is_dropped():
    assert without_dust(np.array([0.6, 5e-8, -0.8])).tolist() == [0.6, 0.0, -0.8]
    few = np.array([0.6, 1e-3, 0.8])
    assert without_dust(few) is few


def test_in_the_plane_the_grid_draws_and_does_not_take_all_cells():
    rng = np.random.default_rng(0)
    cells = cell_middles(2, np.deg2rad(15), rng)
    drawn = {tuple(k_dpp(likeness(cells, np.deg2rad(30)), len(cells) // 2, rng).tolist()) for _ in range(20)}
    assert len(cells) == 12
    assert all(len(one) == 6 for one in drawn)
    assert len(drawn) > 1


def test_tails_may_be_those_of_the_rows_judged_by():
    rng = np.random.default_rng(8)
    table = pd.DataFrame(rng.normal(size=(6000, 2)), columns=["x", "y"])
    table["err"] = errors(rng, (table["x"] > 1.5).to_numpy())
    few = {"confirm_share": 0.98, "tail": 0.05, "tau": -1.0}
    for base, rows in (("mined", slice(0.005, 0.2)), ("judged", slice(0.0499, 0.0501))):
        found = mined(table, "minoria.explore", settings={**few, "tails_of": base, "top": 1})
        share = next(f.value for f in found.findings if f.metric == "tail_share")
        assert rows.start <= share <= rows.stop


def test_every_search_of_one_seed_holds_out_the_same_rows():
    rng = np.random.default_rng(9)
    table = pd.DataFrame(rng.normal(size=(800, 3)), columns=["x", "y", "z"])
    table["err"] = errors(rng, (table["x"] > 1).to_numpy())
    seen = [
        next(group.seen for group in mined(table, step, make_context(step=step)).groups)
        for step in ("minoria.climb", "minoria.slices", "minoria.kmeans")
    ]
    assert all((one == seen[0]).all() for one in seen)
