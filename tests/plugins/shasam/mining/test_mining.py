from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plugins.shasam.oracle import conditional_mutual, determinant, facility, gain, greedy, mutual

from auditkit import DataError, UsageError
from auditkit_shasam.mining import Mining, ground_set, make_cells, mean_hardness, mine, mining_of
from auditkit_shasam.params import ShasamParams
from auditkit_shasam.submodular import cosine_kernel
from auditkit_shasam.two_clusters import MINED, SETTINGS, panels, two_clusters

WAYS = ["random", "facility_location", "log_determinant"]


def rng(seed=0):
    return np.random.default_rng(seed)


def made(n=120, seed=0, d=6, classes=2, groups=2):
    r = rng(seed)
    target, sensitive = r.integers(classes, size=n), r.integers(groups, size=n)
    points = r.normal(size=(n, d)) + 2 * target[:, None] + sensitive[:, None]
    return points, make_cells(target, sensitive)


@given(
    seed=st.integers(0, 10**6),
    classes=st.integers(2, 3),
    groups=st.integers(2, 3),
    anchors=st.sampled_from(WAYS),
    positives=st.sampled_from(WAYS),
    negatives=st.sampled_from([*WAYS, "semihard"]),
    optimiser=st.sampled_from(["lazy", "naive", "stochastic"]),
)
@settings(max_examples=40, deadline=None)
def test_every_set_comes_from_its_cell(seed, classes, groups, anchors, positives, negatives, optimiser):
    points, cells = made(150, seed, classes=classes, groups=groups)
    mining = Mining(k=5, anchors=anchors, positives=positives, negatives=negatives, optimiser=optimiser)
    i, j = cells.pairs(5)[seed % len(cells.pairs(5))]
    found = mine(points, cells, mining, pair=(i, j), rng=rng(seed))
    assert (cells.target[found.anchors] == i).all()
    assert (cells.sensitive[found.anchors] == j).all()
    assert (cells.target[found.positives] == i).all()
    assert (cells.sensitive[found.positives] != j).all()
    assert (cells.target[found.negatives] != i).all()
    assert (cells.sensitive[found.negatives] == j).all()
    assert len(set(found.rows.tolist())) == 15


def test_the_sets_are_the_greedy_sets_of_their_definitions():
    points, cells = made(40, 3, d=4)
    pools = cells.pools(1, 0)
    clamped, raw = cosine_kernel(points), cosine_kernel(points, policy="raw")
    mining = Mining(k=3, optimiser="naive")
    found = mine(points, cells, mining, pair=(1, 0), rng=rng())

    def f(items):
        return facility(clamped, items)

    def picked(value, pool, count):
        return [pool[place] for place in greedy(lambda s: value([pool[p] for p in s]), len(pool), count)]

    anchors = tuple(found.anchors.tolist())
    by_determinant = picked(lambda s: determinant(raw, s), pools[0], 3)
    assert determinant(raw, anchors) == pytest.approx(determinant(raw, by_determinant))
    positives = picked(lambda s: gain(f, tuple(s), anchors), pools[1], 3)
    assert gain(f, found.positives.tolist(), anchors) == pytest.approx(gain(f, positives, anchors))
    negatives = picked(lambda s: mutual(f, tuple(s), anchors), pools[2], 3)
    assert mutual(f, found.negatives.tolist(), anchors) == pytest.approx(mutual(f, negatives, anchors))


def test_semi_hard_negatives_are_the_nearest_of_some_drawn_rows():
    points, cells = made(400, 2)
    pools = cells.pools(0, 1)
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    every = Mining(k=4, anchors="random", positives="random", negatives="semihard", semihard=1000)
    found = mine(points, cells, every, pair=(0, 1), rng=rng())
    near = {row: np.mean([unit[row] @ unit[a] for a in found.anchors]) for row in pools[2]}
    assert found.negatives.tolist() == sorted(near, key=near.get, reverse=True)[:4]
    few = mine(points, cells, replace(every, semihard=2), pair=(0, 1), rng=rng())
    assert np.mean([near[row] for row in few.negatives]) < np.mean([near[row] for row in found.negatives])


def test_hardness_is_the_mean_cosine_over_all_pairs_of_rows():
    points, cells = made(90, 5)
    found = mine(points, cells, Mining(k=6), pair=(1, 0), rng=rng())
    _, positives, negatives = cells.pools(1, 0)

    def cosine(rows):
        pairs = [(points[a], points[row]) for a in found.anchors for row in rows]
        return np.mean([a @ b / np.linalg.norm(a) / np.linalg.norm(b) for a, b in pairs])

    seen = found.hardness
    assert seen.positives == pytest.approx(cosine(found.positives))
    assert seen.random_positives == pytest.approx(cosine(positives))
    assert seen.negatives == pytest.approx(cosine(found.negatives))
    assert seen.random_negatives == pytest.approx(cosine(negatives))
    assert mean_hardness([seen, replace(seen, negatives=1.0)]).negatives == pytest.approx(
        (seen.negatives + 1) / 2
    )
    assert mean_hardness([]) is None


@pytest.mark.parametrize(
    ("options", "ways"),
    [
        ({}, ("random", "random", "random")),
        ({"mining": "shasam"}, ("log_determinant", "facility_location", "facility_location")),
        (
            {"mining": "shasam", "selection": "log_determinant"},
            ("log_determinant", "log_determinant", "log_determinant"),
        ),
        ({"mining": "shasam", "anchors": "random"}, ("random", "facility_location", "facility_location")),
        ({"anchors": "fl", "mine_positives": "logdet"}, ("facility_location", "log_determinant", "random")),
        ({"mine_negatives": "fl"}, ("random", "random", "facility_location")),
        ({"mine_negatives": "semihard:3"}, ("random", "random", "semihard")),
    ],
)
def test_short_forms_and_words_for_each_set_say_how_it_is_chosen(options, ways):
    found = mining_of(ShasamParams(k=5, **options))
    assert (found.anchors, found.positives, found.negatives) == ways
    assert found.k == 5
    assert found.semihard == (3 if ways[2] == "semihard" else 8)
    assert found.random == (set(ways) == {"random"})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mine_negatives": "semihrd:8"}, "mine_negatives cannot be 'semihrd:8'; did you mean 'semihard:8'"),
        ({"mine_negatives": "semihard:0"}, "it is one of random, fl, logdet, semihard:8"),
        ({"mine_positives": "semihard:8"}, "mine_positives cannot be 'semihard:8'"),
        ({"anchors": "log"}, "anchors cannot be 'log'; did you mean 'logdet'"),
    ],
)
def test_words_that_say_no_way_of_choosing_are_refused(options, words):
    with pytest.raises(UsageError, match=words):
        mining_of(ShasamParams(**options))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.title)
def test_in_the_papers_figures_mined_negatives_are_nearer_and_positives_farther_than_random_ones(setting):
    points, cells = two_clusters(setting)
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    pair = (setting.anchors, 0)
    found = mine(points, cells, MINED, pair=pair, rng=rng())
    _, positives, negatives = cells.pools(*pair)
    similar = unit @ unit[found.anchors].T  # random sets of a pool have its mean, whatever their size
    assert similar[found.negatives].max(axis=1).mean() > similar[negatives].max(axis=1).mean()
    assert similar[found.positives].mean() < similar[positives].mean()


def test_the_panels_show_the_sets_that_were_mined_beside_random_ones():
    charts = list(panels())
    assert len(charts) == 8
    assert [chart.title for chart in charts[:2]] == [
        "Anchors of the abundant class (figure 4): mined",
        "Anchors of the abundant class (figure 4): at random",
    ]
    for chart in charts:
        assert [layer.name for layer in chart.layers] == [
            "class A", "class B", "anchors", "positives", "negatives",
        ]  # fmt: skip
        assert {len(layer.x) for layer in chart.layers[2:]} == {10}


def test_an_empty_or_small_cell_is_named():
    points, cells = made(60)
    with pytest.raises(
        DataError, match=r"cell of anchors for target 0 and sensitive 0 has .* rows, fewer than k = 50"
    ):
        mine(points, cells, Mining(k=50), pair=(0, 0), rng=rng())
    alone = make_cells([0, 0, 1], [0, 1, 1], target_names=("no", "yes"), sensitive_names=("Female", "Male"))
    with pytest.raises(DataError, match="cell of negatives for target no and sensitive Female is empty"):
        mine(points[:3], alone, Mining(k=1), pair=(0, 0), rng=rng())
    assert alone.pairs(1) == ((0, 1),)
    assert alone.left_out(1) == ((0, 0), (1, 1))
    with pytest.raises(DataError, match=r"2 anchors.*the best, no and Male, has 1: use k = 1 or less"):
        alone.pairs(2)
    with pytest.raises(DataError, match="every group would have to hold two classes"):
        make_cells([0, 1], [0, 1]).pairs(1)
    with pytest.raises(DataError, match=r"one length, got \(2,\) and \(3,\)"):
        make_cells([0, 1], [0, 1, 1])


def test_a_budget_below_1_is_refused():
    with pytest.raises(UsageError, match="k must be at least 1, got 0"):
        Mining(k=0)


def test_algorithm_1_as_printed_admits_negatives_of_the_anchors_own_class():
    points, cells = made(80, 1)
    loose = mine(points, cells, Mining(k=8, pool="outside_cell"), pair=(0, 0), rng=rng())
    assert (cells.target[loose.negatives] == 0).any()
    assert len(set(loose.rows.tolist())) == 24


def test_rows_without_a_group_are_never_mined():
    points, cells = made(90, 2)
    sensitive = cells.sensitive.copy()
    sensitive[::3] = -1
    some = make_cells(cells.target, sensitive)
    found = mine(points, some, Mining(k=6), pair=(0, 1), rng=rng())
    assert (some.sensitive[found.rows] >= 0).all()


def test_coverage_over_the_class_and_over_all_rows_select_differently():
    points, cells = made(100, 4)
    found = [mine(points, cells, Mining(k=5, covered=c), pair=(0, 0), rng=rng()) for c in ("all", "target")]
    assert found[0].positives.tolist() != found[1].positives.tolist()


def test_sampled_references_cost_little_of_the_value():
    points, cells = made(2000, 5, d=16)
    kernel = cosine_kernel(points)
    exact = mine(points, cells, Mining(k=8, references=2000), pair=(0, 0), rng=rng())
    sampled = mine(points, cells, Mining(k=8, references=300), pair=(0, 0), rng=rng())

    def worth(found):
        reached = kernel[:, exact.anchors].max(axis=1)
        best = kernel[:, found.positives].max(axis=1)
        return np.maximum(best - reached, 0).sum()

    assert worth(sampled) > 0.95 * worth(exact)


def test_a_ground_set_is_a_share_of_the_rows_and_disjoint_from_the_last():
    cells = made(1000)[1]
    first = ground_set(cells, 0.2, least=0, previous=np.zeros(0, dtype=int), rng=rng(1))
    second = ground_set(cells, 0.2, least=0, previous=first, rng=rng(2))
    assert len(first) == 200
    assert not set(first) & set(second)
    assert (np.diff(first) > 0).all()
    assert len(ground_set(cells, 1.0, least=0, previous=first, rng=rng())) == 1000


def test_a_small_cell_keeps_enough_rows_in_every_ground_set():
    cells = make_cells([0] * 500 + [1] * 500, [0] * 490 + [1] * 510)
    for seed in range(20):
        taken = ground_set(cells, 0.05, least=8, previous=np.zeros(0, dtype=int), rng=rng(seed))
        assert cells.take(taken).counts[0, 1] == 8


def test_a_share_outside_0_to_1_is_refused():
    with pytest.raises(UsageError, match="got 0"):
        ground_set(made()[1], 0, least=0, previous=np.zeros(0, dtype=int), rng=rng())


def test_conditional_information_selects_what_is_near_the_query_and_far_from_the_given():
    points, _ = made(30, 6, d=3)
    kernel = cosine_kernel(points)

    def value(items):
        return conditional_mutual(lambda s: facility(kernel, s), items, (0, 1), (2, 3))

    assert value(greedy(value, 30, 2)) >= value((4, 5))


@pytest.mark.parametrize(
    "name", ["anchors", "positives", "negatives", "pool", "optimiser", "covered", "policy"]
)
def test_a_way_of_mining_that_there_is_not_is_refused(name):
    with pytest.raises(UsageError, match=f"{name} cannot be 'nearest'"):
        Mining(**{name: "nearest"})
