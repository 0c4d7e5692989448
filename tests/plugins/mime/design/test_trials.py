"""Splits: nothing is trained and tested on, classes are even, and from share to share rows are replaced only."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from auditkit_mime.design.sizes import Sizes, minority_rows
from auditkit_mime.design.trials import make_trial

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
