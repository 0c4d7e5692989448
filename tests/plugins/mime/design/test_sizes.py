"""Sizes: as large as the paper's where the rows allow, and a sentence with what can be reached where they do not."""

import numpy as np
import pytest

from auditkit import DataError
from auditkit_mime.design.sizes import Asked, Sizes, check_reach, choose_sizes, minority_rows

BETAS = (0.0, 0.1, 0.25, 0.5, 1.0)


def test_halves_are_rounded_up():
    assert [minority_rows(beta, 5) for beta in (0, 0.1, 0.3, 0.5, 1)] == [0, 1, 2, 3, 5]


def test_adult_has_the_papers_sizes_by_default():
    adult = np.array([[22732, 9918], [14423, 1769]])
    assert choose_sizes(adult, Asked(test=300), betas=BETAS, classes=2) == Sizes(1300, 150, 150)


def test_rows_that_no_train_set_needs_are_tested_on():
    adult = np.array([[22732, 9918], [14423, 1769]])
    assert choose_sizes(adult, Asked(), betas=BETAS, classes=2) == Sizes(1300, 150, 319)
    assert choose_sizes(adult, Asked(epochs=False), betas=BETAS, classes=2) == Sizes(1300, 0, 469)
    assert choose_sizes(adult, Asked(train=600), betas=BETAS, classes=2) == Sizes(300, 150, 1319)
    assert choose_sizes(10 * adult, Asked(), betas=BETAS, classes=2) == Sizes(1300, 150, 2500)


def test_small_data_gets_the_largest_sizes_it_allows():
    counts = np.array([[499, 191], [201, 109]])
    found = choose_sizes(counts, Asked(), betas=BETAS, classes=2)
    assert found == Sizes(55, 27, 27)
    check_reach(counts, found, betas=BETAS, groups=("m", "f"), classes=("0", "1"))
    assert choose_sizes(counts, Asked(), betas=(0, 0.1), classes=2).train == 137


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
