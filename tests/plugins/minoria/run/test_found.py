"""What a finding is worth to a reader: losses of any source, pairs, embeddings, plain rules, tables, reveal."""

import numpy as np
import pandas as pd
import pytest
from plugins.minoria.calls import STEPS
from plugins.minoria.seeded import minoria_md

from auditkit import Stats, Subject, UsageError
from auditkit.groups.expressions import select_rows
from auditkit.testing import make_context
from auditkit_minoria.searches.climb import ClimbParams
from auditkit_minoria.searches.focus import FocusParams
from auditkit_minoria.searches.kmeans import KMeansParams
from auditkit_minoria.searches.sweeps.sweep import SweepParams
from auditkit_minoria.steps import Minoria, MinoriaParams


def rng(seed=2):
    return np.random.default_rng(seed)


def subject(n=2000, **roles):
    """Points in which a planted twentieth is mispredicted, a date and a category, and a column nobody mines."""
    points, label, minority, _ = minoria_md(n, 4, 7)
    source = rng()
    wrong = source.random(n) < np.where(minority == 1, 0.8, 0.1)
    table = pd.DataFrame(points, columns=["a", "b", "c", "d"])
    table["day"] = pd.Timestamp("2020-01-01") + pd.to_timedelta(source.integers(0, 700, size=n), unit="D")
    table["kind"] = source.choice(["x", "y"], size=n)
    table["label"], table["guess"] = label, np.where(wrong, 1 - label, label)
    table["cost"] = wrong * 3.0 + source.random(n)
    table["who"] = np.where(minority == 1, "minority", source.choice(["one", "two"], size=n))
    given = {"target": "label", "pred": "guess", "features": ("a", "b", "c", "d", "day", "kind")}
    return Subject(table=table, **(given | roles))


def found_by(step, params, data):
    context = make_context(step="hidden", stats=Stats(show_rows=5))
    step.check(data, params)
    return step.find(data, params, context), context.ledger


def test_a_loss_column_is_mined_with_or_without_a_target():
    for roles in ({"loss": "cost"}, {"loss": "cost", "target": None, "pred": None}):
        mined, ledger = found_by(STEPS["minoria.focus"](), FocusParams(), subject(**roles))
        assert mined.confirmed
        assert {f.unit for f in mined.findings if f.metric == "loss_gap"} == {"cost"}
        has_accuracy = any(f.metric == "tail_accuracy" for f in mined.findings)
        assert has_accuracy == (roles.get("target", "label") is not None)
        assert not any("cross-fitted" in note for note in ledger.notes)


def test_beside_a_loss_column_no_baseline_is_fitted():
    mined, ledger = found_by(Minoria(), MinoriaParams(), subject(loss="cost", pred=None))
    assert mined.confirmed
    assert not ledger.predicted


def test_tails_are_judged_on_held_out_rows_at_the_papers_percentiles():
    data = subject(split=None)
    mined, ledger = found_by(STEPS["minoria.focus"](), FocusParams(confirm_share=0.4), data)
    table = next(t for t in ledger.tables if t.title == "Tails of minoria-1")
    assert table.rows[0][:3] == ("1", 800, 1.0)
    right = (data.table["label"] == data.table["guess"]).to_numpy()
    group = next(g for g in mined.groups if g.name == "minoria-1")
    mark = next(f for f in mined.findings if f.metric == "tail_accuracy" and f.details.get("of") == "minoria-1"
                and f.details["percentile"] == 0.05)  # fmt: skip
    share = next(f for f in mined.findings if f.metric == "tail_share" and f.group == "minoria-1")
    assert mark.n == round(share.value * 800)
    assert 0 < mark.interval.low <= mark.value <= mark.interval.high
    assert mark.value < right.mean() or group.n
    shares = [float(row[0]) for row in table.rows]
    assert shares == sorted(shares, reverse=True)
    assert set(shares) <= {1, 0.5, 0.2, 0.1, 0.08, 0.05, 0.01, 0.001, 0.0001}


def test_pairs_of_numbers_are_swept_and_ranked():
    data = subject()
    for step, params in (
        (STEPS["minoria.sweep"](), SweepParams(pairs=True)),
        (Minoria(), MinoriaParams(pairs=True)),
    ):
        mined, ledger = found_by(step, params, data)
        table = next(t for t in ledger.tables if t.title == "Pairs of features by their largest skew")
        sizes_ = [abs(row[2]) for row in table.rows]
        assert sizes_ == sorted(sizes_, reverse=True)
        assert {name for row in table.rows for name in row[:2]} <= {"a", "b", "c", "d", "day"}
        for finding in mined.findings:
            assert finding.metric != "skew" or len(finding.details["direction"]) <= 2
    with pytest.raises(UsageError, match="pairs need at least 2 numeric columns, not 1"):
        STEPS["minoria.sweep"]().check(subject(features=("a", "kind")), SweepParams(pairs=True))


@pytest.mark.parametrize("d", [6, 90])
def test_embeddings_are_mined_and_the_rule_reaches_their_dimensions(d):
    points, label, minority, _ = minoria_md(3000, d, 3, shift=8.0)
    wrong = rng().random(3000) < np.where(minority == 1, 0.8, 0.05)
    table = pd.DataFrame({"label": label, "guess": np.where(wrong, 1 - label, label), "text": "t"})
    data = Subject(
        table=table, target="label", pred="guess", features=("text",), embeddings=points.astype(np.float32)
    )
    mined, _ = found_by(STEPS["minoria.climb"](), ClimbParams(starts=4), data)
    assert mined.confirmed
    for group in mined.groups:
        again = select_rows(group.expression, table, embeddings=data.embeddings)
        assert (again == group.mask).mean() > 0.999
        assert "embedding " in group.rule
    with pytest.raises(UsageError, match=r"minoria\.sweep needs two numeric columns, not embeddings"):
        STEPS["minoria.sweep"]().check(data, SweepParams())


def test_a_cluster_is_a_group_whose_expression_finds_it_again():
    data = subject()
    mined, _ = found_by(STEPS["minoria.kmeans"](), KMeansParams(clusters=4, tau=-1.0), data)
    assert len(mined.groups) == 4
    for group in mined.groups:
        assert select_rows(group.expression, data.table).tolist() == group.mask.tolist()
    assert sum(group.mask.astype(int) for group in mined.groups).tolist() == [1] * 2000


def test_the_revealed_column_is_not_mined_and_the_minority_comes_up():
    data = subject(features=("a", "b", "c", "d", "who"))
    mined, ledger = found_by(Minoria(), MinoriaParams(reveal="who"), data)
    directions = [f.details["direction"] for f in mined.findings if f.metric == "skew"]
    assert not any("who" in name for direction in directions for name in direction)
    table = next(t for t in ledger.tables if t.title.startswith("Reveal: who"))
    ratios = [row[8] for row in table.rows if row[2] == "minority"]
    assert max(ratios) > 3
    assert any(c.title.startswith("who among the worst rows of ") for c in ledger.charts)
    assert "minoria: mining did not see 'who'; a baseline or a model may have" in ledger.notes


def test_rows_to_look_at_first_are_personal_and_the_worst_of_each_group():
    data = subject(loss="cost")
    mined, ledger = found_by(Minoria(), MinoriaParams(), data)
    table = next(t for t in ledger.tables if t.title == "Rows to look at first")
    assert table.personal
    for group in mined.groups:
        shown = [row[1] for row in table.rows if row[0] == group.name]
        worst = data.table.loc[group.mask, "cost"].nlargest(5)
        assert data.table.loc[shown, "cost"].tolist() == worst.tolist()


def test_pictures_mark_the_tail_and_points_of_persons_are_personal():
    data = subject(features=("a", "b"))
    mined, ledger = found_by(STEPS["minoria.sweep"](), SweepParams(), data)
    titles = [chart.title for chart in ledger.charts]
    assert "Skew of the projection, by direction" in titles
    plane = next(chart for chart in ledger.charts if chart.title.startswith("The plane"))
    assert plane.personal
    bars = next(chart for chart in ledger.charts if chart.title == "Rows projected on minoria-1")
    tail = next(layer for layer in bars.layers if layer.name == "tail")
    group = next(g for g in mined.groups if g.name == "minoria-1")
    assert sum(tail.y) == pytest.approx(
        group.n, rel=0.04
    )  # its plain rule has an F1 of .98 or more with the tail
    assert sum(sum(layer.y) for layer in bars.layers if layer.kind == "bars") == 2000


def test_overlaps_are_counted_both_ways():
    mined, ledger = found_by(STEPS["minoria.kmeans"](), KMeansParams(clusters=3, tau=-1.0), subject())
    masks = {group.name: group.mask for group in mined.groups}
    table = next(t for t in ledger.tables if t.title == "Overlap of the groups found")
    for first, second, both, of_first, of_second in table.rows:
        assert both == (masks[first] & masks[second]).sum()
        assert of_first == pytest.approx(both / masks[first].sum(), abs=1e-4)
        assert of_second == pytest.approx(both / masks[second].sum(), abs=1e-4)


def test_a_column_is_revealed_for_tails_that_are_no_groups_too():
    mined, ledger = found_by(Minoria(), MinoriaParams(reveal="who", tau=1e9), subject())
    assert not mined.groups
    assert any(table.title.startswith("Reveal: who") for table in ledger.tables)


@pytest.mark.parametrize(("share", "large"), [(0.4, True), (0.1, False)])
def test_a_group_of_many_rows_is_told_with_the_option_that_finds_smaller_ones(share, large):
    source = rng()
    kind = np.where(source.random(4000) < share, "x", "y")
    wrong = (source.random(4000) < np.where(kind == "x", 0.5, 0.1)).astype(float)
    table = pd.DataFrame({"kind": kind, "other": source.random(4000), "err": wrong})
    _, ledger = found_by(
        Minoria(), MinoriaParams(), Subject(table=table, loss="err", features=("kind", "other"))
    )
    (answer, *_) = ledger.answers
    assert "kind = x" in answer.text
    assert ("--largest 0.2" in answer.text) is large


def test_a_slice_of_a_pattern_of_most_rows_says_so_and_no_noise_makes_that_a_group():
    source = rng()
    kind = source.choice(["x", "y", "z"], p=[0.35, 0.25, 0.4], size=4000)
    wrong = (source.random(4000) < np.where(kind != "z", 0.5, 0.1)).astype(float)
    table = pd.DataFrame({"kind": kind, "other": source.random(4000), "err": wrong})
    _, ledger = found_by(
        Minoria(), MinoriaParams(), Subject(table=table, loss="err", features=("kind", "other"))
    )
    (answer, *_) = ledger.answers
    assert "larger pattern, which is no minority: kind ≠ z (60% of all rows)" in answer.text
    both = table.assign(kind=np.where(kind == "z", "z", "x"))
    step, data = STEPS["minoria.slices"](), Subject(table=both, loss="err", features=("kind", "other"))
    mined, _ = found_by(step, step.Params(), data)
    assert not mined.groups
