"""A subject as training takes it: groups, columns, targets, and the division of its rows."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plugins.shasam.small import leaky_table, subject_of

from auditkit import DataError, Division, UsageError, attributes_of, crossed, divide, encode_with, fit_columns
from auditkit_shasam.mining import make_cells
from auditkit_shasam.reading.roles import cells_of, paired
from auditkit_shasam.reading.rows import unbalanced

TABLE = leaky_table()


def test_numbers_are_cut_at_quantiles_and_several_attributes_crossed():
    subject = subject_of(TABLE, sensitive=("sex", "age"))
    sex, age = attributes_of(subject, quantiles=3)
    assert len(age.labels) == 3
    assert "cut at its quantiles" in age.note
    assert np.bincount(age.codes).min() > 250
    low, high = (float(x) for x in age.labels[0].strip("[)").split(", "))
    np.testing.assert_array_equal(age.codes == 0, (TABLE["age"] >= low) & (TABLE["age"] < high))
    both = crossed((sex, age))
    assert len(both.labels) == 6
    row = both.labels[both.codes[0]]
    assert row == f"sex={TABLE['sex'][0]} & age={age.labels[age.codes[0]]}"


def test_a_split_column_divides_the_rows_and_training_rows_are_spared_for_validation():
    subject = subject_of(TABLE)
    cells = cells_of(subject, attributes_of(subject, quantiles=4)[0])
    division = divide(
        subject, cells.target, sensitive=cells.sensitive, held_out=0.3, rng=np.random.default_rng(0)
    )
    np.testing.assert_array_equal(division.test, np.flatnonzero(TABLE["split"] == "test"))
    assert not set(division.train) & set(division.validation)
    assert len(division.validation) == pytest.approx(0.15 * 600, abs=2)
    named = TABLE.assign(split=np.where(TABLE.index % 7 == 0, "validation", TABLE["split"]))
    division = divide(
        subject_of(named), cells.target, sensitive=cells.sensitive, held_out=0.3, rng=np.random.default_rng(0)
    )
    np.testing.assert_array_equal(division.validation, np.flatnonzero(TABLE.index % 7 == 0))


def test_numbers_are_scaled_over_training_rows_and_kept_near_and_levels_are_0_or_1():
    table = TABLE.copy()
    table.loc[899, "skill"] = 1e9
    rows = np.arange(800)
    columns = fit_columns(subject_of(table), rows, names=("skill", "town"))
    assert {(c.centre, c.scale) for c in columns if c.level is not None} == {(0.0, 1.0)}
    made = encode_with(table, columns)
    assert made[:800, 0].mean() == pytest.approx(0, abs=1e-6)
    assert made[:800, 0].std() == pytest.approx(1, abs=0.01)
    assert made[899, 0] == 5
    assert set(np.unique(made[:, 1:])) == {0.0, 1.0}
    assert (made[:, 1:].sum(axis=1) == 1).all()


def test_the_second_target_is_not_read():
    table = TABLE.assign(skill2=np.where(TABLE["skill"] > 0, "high", "low"))
    subject = replace(subject_of(table), features=("skill", "skill2"))
    assert paired(subject, "skill2").features == ("skill",)
    with pytest.raises(DataError, match="did you mean 'skill2'"):
        paired(subject, "skil2")


def test_one_value_stands_against_all_others():
    table = TABLE.assign(town=TABLE["town"].where(TABLE.index % 9 > 0))
    town, sex = attributes_of(subject_of(table, sensitive=("town", "sex")), quantiles=4, versus="b")
    assert town.labels == ("b", "not b")
    np.testing.assert_array_equal(town.codes == 0, table["town"] == "b")
    np.testing.assert_array_equal(town.codes == -1, table["town"].isna())
    assert sex.labels == ("Female", "Male")
    with pytest.raises(
        UsageError, match="no sensitive column has the value 'bb' of versus; did you mean 'b'"
    ):
        attributes_of(subject_of(table, sensitive=("town",)), quantiles=4, versus="bb")


@given(st.integers(0, 1000), st.sampled_from([2.0, 3.0, 4.0]))
def test_planted_imbalance_has_the_ratio_in_training_and_even_cells_elsewhere(seed, imbalance):
    r = np.random.default_rng(seed)
    cells = make_cells(r.integers(2, size=900), r.integers(2, size=900))
    parts = np.array_split(r.permutation(900), 3)
    whole = Division(train=np.sort(parts[0]), validation=np.sort(parts[1]), test=np.sort(parts[2]))
    drawn = unbalanced(whole, cells, imbalance=imbalance, rng=r)
    counts = cells.take(drawn.train).counts
    assert counts[0, 0] == counts[1, 1]
    assert counts[0, 1] == counts[1, 0]
    assert counts[0, 0] / counts[0, 1] == pytest.approx(imbalance, abs=imbalance / counts[0, 1])
    for part in (drawn.validation, drawn.test):
        assert len(set(cells.take(part).counts.ravel())) == 1
    assert set(drawn.train) <= set(whole.train)
    assert max(cells.take(whole.train).counts.max() - counts.max(), 0) < cells.take(whole.train).counts.max()


def test_a_value_that_holds_an_ampersand_keeps_its_columns_name():
    table = TABLE.assign(sex=TABLE["sex"].replace("Male", "men & boys"))
    subject = subject_of(table)
    (sex,) = attributes_of(subject, quantiles=4)
    assert sex.groups == ("sex=Female", "sex=men & boys")
    assert cells_of(subject, sex).sensitive_names == sex.groups
