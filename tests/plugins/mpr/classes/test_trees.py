"""All trees of few levels against a plain recursion, and against what greedy fits find."""

import numpy as np
import pytest
from plugins.mpr.fits import shown_by

from auditkit_mpr.classes.fitted import Fitted
from auditkit_mpr.classes.regressors import regression_function, regressor_named, scale_of, stacked
from auditkit_mpr.classes.trees import forest_of, levels_named
from auditkit_mpr.reference.population import population


def plainly(rows, gaps, sizes, levels, *, signs):
    """Every split of every set, by recursion over Python lists."""
    if not len(rows):
        return 0.0
    gap, size = gaps.sum(), sizes.sum()
    best = abs(gap) if signs else gap * gap / size
    if levels == 0:
        return best
    for column in range(rows.shape[1]):
        for value in np.unique(rows[:, column])[:-1]:
            left = rows[:, column] <= value
            found = sum(
                plainly(rows[side], gaps[side], sizes[side], levels - 1, signs=signs)
                for side in (left, ~left)
            )
            best = max(best, found)
    return best


@pytest.mark.parametrize("signs", [False, True])
@pytest.mark.parametrize("levels", [1, 2, 3])
def test_the_best_tree_is_the_best_of_all(levels, signs):
    for seed in range(4):
        rng = np.random.default_rng(seed)
        rows = np.unique(rng.integers(0, 3, (9, 3)).astype(float), axis=0)
        gaps = rng.normal(size=len(rows))
        gaps -= gaps.mean()
        sizes = rng.uniform(1, 5, len(rows))
        tree = forest_of(rows, sizes, signs=signs).best(gaps, levels)
        values = tree(rows)
        reached = values @ gaps if signs else (values @ gaps) ** 2 / (sizes @ values**2)
        assert reached == pytest.approx(plainly(rows, gaps, sizes, levels, signs=signs), abs=1e-12)


def test_an_intersection_that_no_single_split_shows_is_found():
    cells = np.repeat(np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]]), 5, axis=0)
    people, retrieved = population(cells), np.zeros(20)
    retrieved[[0, 1, 2, 3, 4, 15, 16, 17, 18, 19]] = 1.0
    tree = Fitted("tree:2")
    values = tree.function(cells, people, retrieved)(stacked(cells, people))
    values = values * scale_of(values, cells, people, 10.0)
    gap = values[:20][retrieved > 0].mean() - values[20:].mean()
    assert gap == pytest.approx(np.sqrt(20 * 10 / 30) * np.sqrt(4 * (0.25**2 / 10)), abs=1e-12)


def test_no_greedy_tree_shows_more_than_the_best():
    rng = np.random.default_rng(0)
    items, people = rng.integers(0, 2, (80, 5)), population(rng.integers(0, 2, (60, 5)))
    retrieved = np.zeros(80)
    retrieved[rng.permutation(80)[:15]] = 1.0
    for depth in (1, 2, 3):
        greedy = shown_by(regression_function, regressor_named(f"tree:{depth}"), items, people, retrieved)
        values = Fitted(f"tree:{depth}").function(items, people, retrieved)(stacked(items, people))
        values = values * scale_of(values, items, people, 15.0)
        best = values[:80][retrieved > 0].mean() - people.shares @ values[80:]
        assert best >= greedy.value - 1e-12


def test_a_network_never_shows_less_than_the_linear_functions_it_contains():
    rng = np.random.default_rng(1)
    items, people = rng.integers(0, 2, (80, 4)) * 1000.0, population(rng.integers(0, 2, (60, 4)) * 1000.0)
    retrieved = np.zeros(80)
    retrieved[:15] = 1.0
    linear = shown_by(regression_function, regressor_named("LinearRegression"), items, people, retrieved)
    for name in ("mlp:2", "Ridge", "Lasso"):
        values = Fitted(name).function(items, people, retrieved)(stacked(items, people))
        values = values * scale_of(values, items, people, 15.0)
        assert values[:15].mean() - people.shares @ values[80:] >= linear.value - 1e-12


def test_only_trees_of_few_levels_over_few_cuts_are_all_tried():
    assert levels_named("tree", signs=False) == 3
    assert levels_named("tree:4", signs=False) is None
    assert levels_named("mlp", signs=False) is None
    assert levels_named("signs", signs=True) == 3
    many = np.arange(100.0)[:, None]
    assert forest_of(many, np.ones(100), signs=False) is None
