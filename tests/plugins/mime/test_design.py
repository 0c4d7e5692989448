"""Splits: nothing is trained and tested on, classes are even, and from share to share rows are replaced only."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit import DataError
from auditkit_mime.design import (
    Sizes,
    check_reach,
    choose_sizes,
    make_trial,
    minority_rows,
    shared_rows,
)

BETAS = (0.0, 0.1, 0.25, 0.5, 1.0)


def cells(classes, rows):
    numbers = iter(np.random.default_rng(0).permutation(2 * classes * rows).reshape(2 * classes, rows))
    return [[np.sort(next(numbers)) for _ in range(classes)] for _ in range(2)]


@given(st.integers(2, 5), st.integers(1, 30), st.integers(1, 9), st.integers(1, 9), st.integers(0, 99))
def test_a_trial_keeps_its_promises(classes, train, validation, test, seed):
    drawn = cells(classes, train + validation + test)
    trial = make_trial(
        drawn, Sizes(train, validation, test), betas=BETAS, seed=seed, rng=np.random.default_rng(seed)
    )
    group = {int(row): g for g, of_group in enumerate(drawn) for cell in of_group for row in cell}
    label = {int(row): c for of_group in drawn for c, cell in enumerate(of_group) for row in cell}
    held = [*trial.test.ravel(), *trial.validation.ravel()]
    assert len(set(held)) == len(held) == 2 * classes * (validation + test)
    for part, size in ((trial.test, test), (trial.validation, validation)):
        assert [[group[int(r)] for r in rows] for rows in part] == [[g] * classes * size for g in (0, 1)]
    for beta, rows in zip(BETAS, trial.train, strict=True):
        assert len(set(rows) | set(held)) == len(rows) + len(held)
        assert [label[int(r)] for r in rows] == [c for c in range(classes) for _ in range(train)]
        assert sum(group[int(r)] for r in rows) == classes * minority_rows(beta, train)
    for before, after in zip(trial.train, trial.train[1:], strict=False):
        changed = before != after
        assert all(group[int(r)] == 0 for r in before[changed])
        assert all(group[int(r)] == 1 for r in after[changed])


def test_the_same_seed_gives_the_same_split_and_another_one_another():
    def split(seed):
        return make_trial(
            cells(2, 40), Sizes(20, 5, 5), betas=BETAS, seed=seed, rng=np.random.default_rng(seed)
        ).train

    assert (split(1) == split(1)).all()
    assert (split(1) != split(2)).any()


def test_halves_are_rounded_up():
    assert [minority_rows(beta, 5) for beta in (0, 0.1, 0.3, 0.5, 1)] == [0, 1, 2, 3, 5]


def test_adult_has_the_papers_sizes_by_default():
    adult = np.array([[22732, 9918], [14423, 1769]])
    assert choose_sizes(adult, betas=BETAS, classes=2, train=None, test=None, validation=None) == Sizes(
        1300, 150, 150
    )


def test_small_data_gets_the_largest_sizes_it_allows():
    counts = np.array([[499, 191], [201, 109]])
    found = choose_sizes(counts, betas=BETAS, classes=2, train=None, test=None, validation=None)
    assert found == Sizes(55, 27, 27)
    check_reach(counts, found, betas=BETAS, groups=("m", "f"), classes=("0", "1"))
    assert (
        choose_sizes(counts, betas=(0, 0.1), classes=2, train=None, test=None, validation=None).train == 137
    )


def test_too_few_rows_says_how_many_there_are_and_what_can_be_reached():
    counts = np.array([[5000, 900], [800, 300]])
    with pytest.raises(DataError) as caught:
        check_reach(counts, Sizes(400, 50, 50), betas=BETAS, groups=("m", "f"), classes=("no", "yes"))
    text = str(caught.value)
    assert "'f' has 300 rows of class 'yes'" in text
    assert "200 can train" in text
    assert "beta up to 0.5" in text
    assert "--train-size 400" in text
    check_reach(counts, Sizes(400, 50, 50), betas=(0, 0.5), groups=("m", "f"), classes=("no", "yes"))
    check_reach(counts, Sizes(200, 50, 50), betas=BETAS, groups=("m", "f"), classes=("no", "yes"))


def test_the_majority_can_be_too_small_too():
    with pytest.raises(DataError, match=r"'m' has 90 rows of class 'yes'.*reachable is beta from 0.25"):
        check_reach(
            np.array([[500, 90], [800, 300]]),
            Sizes(80, 15, 15),
            betas=BETAS,
            groups=("m", "f"),
            classes=("no", "yes"),
        )


def test_rows_that_trials_share_are_the_part_of_the_cells_that_is_tested():
    assert shared_rows(np.array([[100, 50], [40, 20]]), Sizes(1, 1, 10)) == pytest.approx(
        (0.15, 0.375, 0.375)
    )
