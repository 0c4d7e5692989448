"""Encoding: a slow twin per column, invariants of the matrix, and what is dropped or refused."""

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.data.bundled.sets import BUNDLED
from auditkit.data.subjects import load
from auditkit.errors import DataError
from auditkit.predict.encoding import MISSING, encode
from auditkit.spec.data import DataSpec
from auditkit.values.subject import Subject


def subject_of(missing="refuse", **columns):
    table = pd.DataFrame(columns)
    return Subject(table=table, features=tuple(table.columns), missing=missing)


def slow_twin(table, encoded, *, row, place):
    """One cell of the matrix from its column's description, by the words of the docstring."""
    column = encoded.columns[place]
    value = table[column.source][row]
    if column.level is None:
        number = column.fill if pd.isna(value) else float(value)
    else:
        number = float(pd.isna(value) if column.level == MISSING else value == column.level)
    return (number - column.centre) / column.scale


MIXED = pd.DataFrame(
    {
        "age": [20.0, 31.0, None, 45.0, 52.0, 33.0] * 10,
        "sex": ["F", "M", "M", None, "F", "M"] * 10,
        "member": [True, False, True, True, False, True] * 10,
        "one": [1] * 60,
        "rare": ["a"] * 57 + ["b"] * 3,
    }
)


@pytest.mark.parametrize("standardise", [True, False])
def test_every_cell_is_what_its_column_says(standardise):
    encoded = encode(
        Subject(table=MIXED, features=tuple(MIXED.columns), missing="impute"), standardise=standardise
    )
    assert [column.name for column in encoded.columns] == [
        "age", "sex=F", "sex=M", f"sex={MISSING}", "member", "rare=a",
    ]  # fmt: skip
    assert dict(encoded.dropped) == {"one": "constant", "rare=b": "in 3 rows only, fewer than 5"}
    expected = [
        [slow_twin(MIXED, encoded, row=row, place=place) for place in range(len(encoded.columns))]
        for row in range(len(MIXED))
    ]
    np.testing.assert_allclose(encoded.matrix, expected, rtol=1e-12)
    assert encoded.columns[0].fill == 33.0


def test_standardised_columns_have_mean_0_and_deviation_1_indicators_too():
    matrix = encode(Subject(table=MIXED, features=tuple(MIXED.columns), missing="impute")).matrix
    np.testing.assert_allclose(matrix.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(matrix.std(axis=0), 1, rtol=1e-12)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.floats(allow_infinity=False)), min_size=2, max_size=12),
    st.lists(st.sampled_from(["a", "b", None, ""]), min_size=12, max_size=12),
)
def test_the_matrix_is_finite_and_has_no_constant_column(numbers, texts):
    n = len(numbers)
    table = pd.DataFrame({"x": pd.array(numbers, dtype=float), "t": pd.Series(texts[:n], dtype=object)})
    subject = Subject(table=table, features=("x", "t"), missing="impute")
    for standardise in (True, False):
        try:
            encoded = encode(subject, standardise=standardise)
        except DataError:
            return
        assert encoded.matrix.shape == (n, len(encoded.columns))
        assert encoded.matrix.dtype == np.float64
        assert np.isfinite(encoded.matrix).all()
        assert (encoded.matrix.min(axis=0) < encoded.matrix.max(axis=0)).all()


def test_levels_below_a_thousandth_of_the_rows_share_the_zero_code():
    values = ["common"] * 9_985 + ["some"] * 10 + ["few"] * 5
    encoded = encode(subject_of(c=values), standardise=False)
    assert [column.name for column in encoded.columns] == ["c=common", "c=some"]
    assert dict(encoded.dropped) == {"c=few": "in 5 rows only, fewer than 10"}
    assert encoded.matrix[-1].tolist() == [0.0, 0.0]


def test_dates_count_in_days():
    days = pd.to_datetime(["1970-01-01", "1970-01-03", "1970-01-02"])
    encoded = encode(subject_of(d=days), standardise=False)
    assert encoded.matrix[:, 0].tolist() == [0.0, 2.0, 1.0]
    zoned = encode(subject_of(d=days.tz_localize("UTC")), standardise=False)
    assert zoned.matrix[:, 0].tolist() == [0.0, 2.0, 1.0]


def test_nullable_and_categorical_columns_are_encoded_like_plain_ones():
    encoded = encode(
        subject_of(
            missing="impute",
            i=pd.array([1, None, 3, 3] * 5, dtype="Int64"),
            b=pd.array([True, None, False, True] * 5, dtype="boolean"),
            c=pd.Categorical(["x", None, "y", "x"] * 5, categories=["unused", "y", "x"]),
        ),
        standardise=False,
    )
    assert [column.name for column in encoded.columns] == ["i", "b", "c=x", "c=y", f"c={MISSING}"]
    assert encoded.matrix[1].tolist() == [3.0, 1.0, 0.0, 0.0, 1.0]


def test_columns_of_no_use_are_dropped_with_a_reason():
    n = 120
    encoded = encode(
        subject_of(
            x=range(n),
            id=[f"person {i}" for i in range(n)],
            empty=pd.Series([None] * n, dtype=float),
            void=pd.Series([None] * n, dtype=object),
            lists=pd.Series([[1]] * n),
            gap=pd.to_timedelta(range(n), unit="s"),
            z=np.arange(n) * 1j,
            pairs=["u", "v"] * 2 + ["w"] * (n - 4),
        )
    )
    assert [column.name for column in encoded.columns] == ["x", "pairs=w"]
    reasons = dict(encoded.dropped)
    assert "identifier" in reasons["id"]
    assert reasons["empty"] == "no value is there"
    assert reasons["void"] == "no value is there"
    assert "lists" in reasons["lists"]
    assert "neither" in reasons["gap"]
    assert "neither" in reasons["z"]
    assert set(reasons) == {"id", "empty", "void", "lists", "gap", "z", "pairs=u", "pairs=v"}


def test_a_missing_number_is_refused_unless_it_may_be_imputed():
    with pytest.raises(DataError, match="column 'age' has 2 missing values; use --missing impute or drop"):
        encode(subject_of(age=[1.0, None, 3.0, None]))
    encoded = encode(subject_of(missing="impute", age=[1.0, None, 4.0, 9.0]), standardise=False)
    assert encoded.matrix[:, 0].tolist() == [1.0, 4.0, 4.0, 9.0]


@pytest.mark.parametrize("missing", ["refuse", "impute"])
def test_infinity_is_always_refused(missing):
    with pytest.raises(DataError, match="column 'x' has 2 infinite values"):
        encode(subject_of(missing=missing, x=[1.0, np.inf, -np.inf]))


def test_no_usable_feature_is_a_data_error():
    with pytest.raises(DataError, match="no numeric or categorical feature; name some"):
        encode(Subject(table=pd.DataFrame({"a": [1, 2]})))
    with pytest.raises(DataError, match=r"no .* feature that varies \(a: constant; b: constant\)"):
        encode(subject_of(a=[1, 1, 1], b=["x", "x", "x"]))


def test_huge_numbers_do_not_overflow():
    encoded = encode(subject_of(missing="impute", x=[1e308, -1e308, None, 1.7e308, 1.6e308]))
    assert np.isfinite(encoded.matrix).all()
    assert encoded.columns[0].fill == 1.3e308
    np.testing.assert_allclose(encoded.matrix.std(axis=0), 1)


def test_named_features_replace_the_subjects():
    encoded = encode(subject_of(a=[1, 2], b=[3, 4], c=[5, 6]), features=("c", "a"))
    assert [column.name for column in encoded.columns] == ["c", "a"]


def test_adult_is_encoded_within_half_a_second():
    adult = load(DataSpec(path="adult"), datasets=BUNDLED, folder=Path())
    started = time.process_time()
    encoded = encode(adult)
    assert time.process_time() - started < 0.5
    assert encoded.matrix.shape == (48_842, 53)
