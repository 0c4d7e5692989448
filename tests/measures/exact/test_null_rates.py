# ruff: noqa: T201  (sizes and powers are printed beside today's)
"""How often a gate on the false positive rate of Adult's groups fails, and how often it finds one that is worse.

Counts are drawn directly. A gate fails where Holm's first step does: the smallest of m p-values is below
2.5 % / m. The family is fixed by rows alone, however few events there are.
"""

import itertools

import numpy as np
import pandas as pd
import pytest

from auditkit.data.bundled.sets import ADULT
from auditkit.measures import newcombe
from auditkit.measures.exact.difference import difference_p

LEVEL, MIN_ROWS = 0.025, 30


@pytest.fixture(scope="module")
def adult():
    """Return (members bool [57, 50], share of actual negatives [50]): groups by cells of sex, race and age."""
    table = pd.read_parquet(ADULT.path)
    age = pd.cut(table["age"], [0, 25, 35, 45, 60, 120], right=False, labels=False)
    parts = [pd.factorize(table["sex"])[0], pd.factorize(table["race"])[0], age.to_numpy()]
    sizes = [part.max() + 1 for part in parts]
    cells = np.ravel_multi_index(parts, sizes)
    negative = table["income"].astype(str).str.startswith("<=50K").to_numpy()
    share = np.bincount(cells[negative], minlength=np.prod(sizes)) / len(table)
    places = np.stack(np.unravel_index(np.arange(np.prod(sizes)), sizes))
    cuts = [*itertools.combinations(range(3), 1), *itertools.combinations(range(3), 2)]
    members = [
        np.all([places[i] == value for i, value in zip(cut, values, strict=True)], axis=0)
        for cut in cuts for values in itertools.product(*(range(sizes[i]) for i in cut))
    ]  # fmt: skip
    return np.array(members), share


def draw(adult, n, rates, repeats):
    """Return the counts x1, n1, x2, n2 [repeats, m] of each group with enough rows against its rest."""
    members, share = adult
    rows = np.round(share * n).astype(int)
    group = members @ rows
    kept = (group >= MIN_ROWS) & (rows.sum() - group >= MIN_ROWS)
    events = np.random.default_rng(0).binomial(rows, rates, (repeats, len(rows)))
    x1, n1 = (events @ members.T)[:, kept], group[kept]
    return x1, np.broadcast_to(n1, x1.shape), events.sum(axis=1)[:, None] - x1, rows.sum() - n1


def failing(counts):
    """Return how many gates fail, now and with Newcombe's bounds, as until now."""
    m = counts[0].shape[1]
    now = difference_p(*counts, threshold=0.0, side="above").min(axis=1) < LEVEL / m
    low, _ = newcombe(*counts, 1.0 - 2.0 * LEVEL / m)
    return now, (low > 0.0).any(axis=1)


def test_the_groups_are_57(adult):
    members, share = adult
    assert members.shape == (57, 50)
    assert share.sum() == pytest.approx(0.76, abs=0.01)


def test_a_gate_on_a_rare_rate_fails_in_about_2_point_5_percent_at_most(adult):
    now, before = failing(draw(adult, 48_000, 0.001, 200))
    assert now.sum() <= 13
    assert before.sum() > 30


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "rate"),
    [(48_000, 0.001), (48_000, 0.01), (200_000, 0.0005), (48_000, 0.08), (48_000, 0.3), (48_000, 0.999)],
)
def test_2000_gates_on_equal_rates_fail_in_2_point_5_percent_at_most(adult, n, rate):
    now, before = failing(draw(adult, n, rate, 2000))
    print(f"\nn {n}, rate {rate}: {now.sum()} of 2000 fail, with Newcombe's bounds {before.sum()}")
    assert now.sum() <= 73


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.2, 0.3, 0.5])
@pytest.mark.parametrize("size", [100, 300, 1000, 4000])
def test_a_group_that_is_worse_is_found_nearly_as_often_as_before(adult, rate, size):
    members, share = adult
    rows = np.round(share * 48_000)
    group = int(np.argmin(np.abs(members @ rows - size)))
    worse = rate + 4.0 * np.sqrt(rate * (1 - rate) / (members @ rows)[group])
    now, before = failing(draw(adult, 48_000, np.where(members[group], worse, rate), 1000))
    print(
        f"\nrate {rate}, {(members @ rows)[group]:.0f} rows at {worse:.2f}: found in {now.mean():.3f}, before {before.mean():.3f}"
    )
    assert now.mean() >= 0.85 * before.mean()
