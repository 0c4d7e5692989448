"""Groupings: codes against a row-by-row twin, expressions that find the same rows again, and refusals."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.errors import DataError, UsageError
from auditkit.groups.cut import group_by
from auditkit.recipe.groups import parse_groups
from auditkit.spec.groups import GroupSpec
from auditkit.values.subject import Subject


def grouped(values, bins=None, column="c"):
    subject = group_by(
        Subject(table=pd.DataFrame({column: values})), {"g": GroupSpec(column=column, bins=bins)}
    )
    return subject.groupings[0], subject


def finds_its_rows_again(grouping, table):
    for code, expression in enumerate(grouping.expressions):
        again = table.eval(expression, engine="python").to_numpy(dtype=bool)
        assert (again == (grouping.codes == code)).all(), expression


COLUMNS = [
    "c", "a b", "marital-status", "1st", "it's", 'a"b', "a#b", "class", "Ünï", "@x", "a.b", "x\\y", "(z)", "",
    "a,b", "True", "50%", "a&b", "a=b",
]  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
def test_an_expression_names_any_column(column):
    values = ["it's", 'a"b', "`x`", "#", "@y", "two\nlines", "é", "\\", "{}", "", " a == 1", None, "50%"]
    grouping, subject = grouped(values, column=column)
    assert len(grouping.labels) == 13
    assert len(set(grouping.labels)) == 13
    finds_its_rows_again(grouping, subject.table)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=5)), min_size=1, max_size=15).filter(any))
def test_an_expression_finds_any_text_again(values):
    grouping, subject = grouped(pd.Series(values, dtype=object))
    finds_its_rows_again(grouping, subject.table)
    written = {None: "unknown", "": "(empty)"}
    if "unknown" not in values and "(empty)" not in values:
        assert [grouping.labels[code] for code in grouping.codes] == [
            written.get(value, value if value is None or value == value.strip() else repr(value))
            for value in values
        ]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.floats(width=64), min_size=1, max_size=15).filter(lambda v: not all(map(math.isnan, v))))
def test_an_expression_finds_any_number_again(values):
    grouping, subject = grouped(values)
    finds_its_rows_again(grouping, subject.table)
    found = sorted({value for value in values if not math.isnan(value)})
    assert len(grouping.labels) == len(found) + any(map(math.isnan, values))
    assert [
        len(found) if math.isnan(value) else found.index(value) for value in values
    ] == grouping.codes.tolist()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.floats(), min_size=1, max_size=15),
    st.lists(st.floats(allow_nan=False), min_size=2, max_size=6, unique=True).map(sorted),
)
def test_bins_agree_with_a_row_by_row_twin(values, bins):
    last = len(bins) - 2
    twin = [
        next(
            (
                i
                for i in range(last + 1)
                if bins[i] <= value < bins[i + 1] or (i == last and value == bins[-1])
            ),
            -1,
        )
        for value in values
    ]
    if set(twin) == {-1}:
        with pytest.raises(UsageError, match="no row has a value"):
            grouped(values, tuple(bins))
        return
    grouping, subject = grouped(values, tuple(bins))
    used = sorted(set(twin) - {-1})
    assert grouping.codes.tolist() == [
        len(used) if math.isnan(value) else used.index(code) if code >= 0 else -1
        for value, code in zip(values, twin, strict=True)
    ]
    finds_its_rows_again(grouping, subject.table)


def test_bins_are_named_by_their_edges_and_an_open_end_in_words():
    grouping, subject = grouped([10, 25, 39.5, 60, 120, None], (-math.inf, 25, 40, 60.5, math.inf))
    assert grouping.labels == ("under 25", "25 to 40", "40 to 60.5", "60.5 and over", "unknown")
    assert grouping.codes.tolist() == [0, 1, 1, 2, 3, 4]
    assert "1 of 6 rows have no 'c': they are the group g=unknown" in subject.notes[0]


def test_a_value_at_the_last_edge_is_in_the_last_bin_and_a_bin_without_rows_is_left_out():
    grouping, subject = grouped([0, 10, 30, 60, 61], (0, 10, 20, 60))
    assert grouping.labels == ("0 to 10", "10 to 20", "20 to 60")
    assert grouping.codes.tolist() == [0, 1, 2, 2, -1]
    assert subject.notes == ("1 of 5 rows are in no group of 'g': 'c' is missing or in no bin",)
    assert grouped([0, 30], (0, 10, 20, 60))[0].labels == ("0 to 10", "20 to 60")


DAYS = ["2019-12-31", "2020-01-01", "2021-06-30", "2022-12-31", "2023-01-01", "2023-07-01", None]


@pytest.mark.parametrize("zone", [None, "UTC"])
@pytest.mark.parametrize(
    ("bins", "labels", "codes"),
    [
        ((2020, 2022, 2023), ("2020 to 2022", "2022 to 2023", "unknown"), [-1, 0, 0, 1, 1, 1, 2]),
        (("2020-01-01", "2023-01-01"), ("2020-01-01 to 2023-01-01", "unknown"), [-1, 0, 0, 0, 0, -1, 1]),
        ((-math.inf, 2021, math.inf), ("under 2021", "2021 and over", "unknown"), [0, 0, 1, 1, 1, 1, 2]),
        (("2021-06", "2023-07"), ("2021-06 to 2023-07", "unknown"), [-1, -1, 0, 0, 0, 0, 1]),
    ],
)
def test_dates_are_cut_by_days_and_by_years(zone, bins, labels, codes):
    days = pd.Series(pd.to_datetime(DAYS)).dt.tz_localize(zone)
    grouping, subject = grouped(days, bins)
    assert (grouping.labels, grouping.codes.tolist()) == (labels, codes)
    finds_its_rows_again(grouping, subject.table)


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("year", ("2019", "2020", "2021", "2022", "2023")),
        ("quarter", ("2019-Q4", "2020-Q1", "2021-Q2", "2022-Q4", "2023-Q1", "2023-Q3")),
        ("month", ("2019-12", "2020-01", "2021-06", "2022-12", "2023-01", "2023-07")),
    ],
)
def test_dates_are_cut_by_their_periods(kind, labels):
    table = pd.DataFrame({"c": pd.to_datetime(DAYS)})
    grouping = group_by(Subject(table=table), {"g": GroupSpec(column="c", as_=kind)}).groupings[0]
    assert grouping.labels == (*labels, "unknown")
    finds_its_rows_again(grouping, table)
    with pytest.raises(UsageError, match="holds no dates"):
        group_by(Subject(table=pd.DataFrame({"c": [1, 2]})), {"g": GroupSpec(column="c", as_=kind)})


FAR = ["0001-01-01", "1677-01-01", "2020-06-01", "2300-02-03", "9999-12-31"]


@pytest.mark.parametrize(
    ("cut", "labels"),
    [
        ({"as_": "year"}, ("0001", "1677", "2020", "2300", "9999")),
        ({"as_": "quarter"}, ("0001-Q1", "1677-Q1", "2020-Q2", "2300-Q1", "9999-Q4")),
        ({"as_": "month"}, ("0001-01", "1677-01", "2020-06", "2300-02", "9999-12")),
        ({"bins": ("0001-01-01", "2000-01-01", "9999-12-31")}, ("0001-01-01 to 2000-01-01", "2000-01-01 to 9999-12-31")),
        ({"bins": (1, 2000, 9999)}, ("1 to 2000", "2000 to 9999")),
    ],
)  # fmt: skip
def test_dates_that_no_nanosecond_counts_are_cut_too(cut, labels):
    table = pd.DataFrame({"c": pd.Series(np.array(FAR, dtype="datetime64[us]"))})
    grouping = group_by(Subject(table=table), {"g": GroupSpec(column="c", **cut)}).groupings[0]
    assert grouping.labels == labels
    finds_its_rows_again(grouping, table)


def test_many_codes_are_groups_where_they_are_said_to_be_categories():
    table = pd.DataFrame({"c": [*range(1, 52)] * 2})
    with pytest.raises(UsageError, match="51 distinct values; read them as c:category, or give bins"):
        group_by(Subject(table=table), {"g": GroupSpec(column="c")})
    grouping = group_by(Subject(table=table), parse_groups("c:category")).groupings[0]
    assert grouping.labels == tuple(map(str, range(1, 52)))
    finds_its_rows_again(grouping, table)


def test_labels_that_differ_by_spaces_or_capitals_stay_apart_and_are_pointed_out():
    grouping, subject = grouped(["F", " F", "f ", "M"])
    assert set(grouping.labels) == {"F", "' F'", "'f '", "M"}
    assert "differ only by spaces or capitals, and stay apart" in subject.notes[0]
    finds_its_rows_again(grouping, subject.table)


def test_values_of_every_plain_type_are_found_again():
    made = {
        "bool": [True, False, True, False],
        "int": [3, 1, 2, 3],
        "date": pd.to_datetime(["2024-01-01", "2024-05-05 10:00:01.5", None, "2024-01-01"], format="ISO8601"),
        "zoned": pd.to_datetime(["2024-01-01", "2024-05-05", None, "2024-01-01"]).tz_localize("Europe/Paris"),
        "category": pd.Categorical(["b", "a", "b", None], categories=["c", "b", "a"]),
        "numbers": pd.Categorical([2, 1, 2, None]),
        "mixed": pd.Series([1, "1", True, "x"], dtype=object),
        "whole": [1.0, 2.0, None, 1.0],
    }
    for kind, values in made.items():
        grouping, subject = grouped(values)
        assert len(set(grouping.labels)) == len(grouping.labels), kind
        if kind != "mixed":  # True == 1 there, in pandas and in Python
            finds_its_rows_again(grouping, subject.table)
    assert grouped(made["category"])[0].labels == ("b", "a", "unknown")
    assert grouped(made["whole"])[0].labels == ("1", "2", "unknown")
    assert grouped(made["int"])[0].labels == ("1", "2", "3")
    assert grouped(made["bool"])[0].labels == ("False", "True")


def test_missing_values_are_a_group_and_counted_unless_they_are_left_out():
    grouping, subject = grouped(["F", None, "M", None])
    assert grouping.labels == ("F", "M", "unknown")
    assert grouping.codes.tolist() == [0, 2, 1, 2]
    told = "2 of 4 rows have no 'c': they are the group g=unknown, and among the rest of the others"
    assert subject.notes == (told,)
    assert grouped(["unknown", None, "M"])[0].labels == ("M", "unknown", "unknown (no value)")
    out = {"g": GroupSpec(column="c", missing="leave_out")}
    left = group_by(Subject(table=pd.DataFrame({"c": ["F", None, "M", None]})), out)
    assert left.groupings[0].codes.tolist() == [0, -1, 1, -1]
    assert left.notes == ("2 of 4 rows are in no group of 'g': 'c' is missing",)


def test_groups_replace_the_ones_before_and_none_leave_them():
    first = group_by(
        Subject(table=pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})), {"a": GroupSpec(column="a")}
    )
    assert group_by(first, {}) is first
    second = group_by(first, {"of b": GroupSpec(column="b")})
    assert [grouping.name for grouping in second.groupings] == ["of b"]


@pytest.mark.parametrize(
    ("values", "bins", "error", "message"),
    [
        (range(100), None, UsageError, r"100 distinct values; .* bins, such as c:-inf/25/50/74/inf"),
        (
            pd.date_range("2024-01-01", periods=30),
            None,
            UsageError,
            "30 distinct values; .* such as c:2020/2022/2024, or c:year",
        ),
        ([f"id{i}" for i in range(1500)], None, UsageError, "1,500 distinct values, too many"),
        ([1, 2, 3], (0, 2, 2), UsageError, r"bins \(0, 2, 2\) must be .* ascending"),
        ([1, 2, 3], (5,), UsageError, "two or more edges"),
        ([1, 2, 3], (0, math.nan, 3), UsageError, "ascending"),
        (["a", "b"], (0, 1), UsageError, "'c' is neither a number nor a date and cannot be cut"),
        ([True, False], (0, 1), UsageError, "'c' is neither a number nor a date and cannot be cut"),
        (
            ["31.01.2020", "1.2.2021"],
            (2020, 2022),
            UsageError,
            "'31.01.2020' may be a date: write it as 2020-01-31",
        ),
        ([None, None], None, UsageError, "no row has a value"),
        ([[1], [2]], None, DataError, "holds lists"),
    ],
)
def test_a_column_that_makes_no_groups_is_refused(values, bins, error, message):
    with pytest.raises(error, match=message):
        grouped(values, bins)


def test_a_column_that_no_expression_can_name_is_refused():
    with pytest.raises(UsageError, match="rename column"):
        grouped(["x", "y"], column="a`b")


def test_an_unknown_column_gets_the_nearest():
    with pytest.raises(DataError, match="group 'g': table has no column 'sx'; did you mean 'sex'"):
        group_by(Subject(table=pd.DataFrame({"sex": ["F"]})), {"g": GroupSpec(column="sx")})


def test_suggested_bins_are_accepted_and_leave_no_row_out():
    values = np.random.default_rng(0).lognormal(8, 2, 200)
    with pytest.raises(UsageError) as caught:
        grouped(values)
    suggestion = str(caught.value).split("such as ")[1]
    spec = parse_groups(suggestion)["c"]
    grouping, _ = grouped(values, spec.bins)
    assert (grouping.codes >= 0).all()
    assert len(grouping.labels) == 4


def test_groups_on_the_command_line():
    assert parse_groups("age:60")["age"].bins == (-math.inf, 60.0, math.inf)
    assert parse_groups("sex, race,age:0/25/40/60/120,hours:-inf/20.5/inf") == {
        "sex": GroupSpec(column="sex"),
        "race": GroupSpec(column="race"),
        "age": GroupSpec(column="age", bins=(0.0, 25.0, 40.0, 60.0, 120.0)),
        "hours": GroupSpec(column="hours", bins=(-math.inf, 20.5, math.inf)),
    }
    assert parse_groups("state:category,hired:quarter,born:2000-01-01/2001-06") == {
        "state": GroupSpec(column="state", as_="category"),
        "hired": GroupSpec(column="hired", as_="quarter"),
        "born": GroupSpec(column="born", bins=("2000-01-01", "2001-06")),
    }


@pytest.mark.parametrize("text", ["sex,", "sex,,race", ":0/1", "sex,sex", "age:0/x", "age:0//2"])
def test_groups_that_cannot_be_read_are_usage_errors(text):
    with pytest.raises(UsageError):
        parse_groups(text)
