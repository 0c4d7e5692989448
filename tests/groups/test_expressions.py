"""Group expressions: what DataFrame.eval finds, and refusal of everything that could do more than select rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.errors import DataError, UsageError
from auditkit.groups.expressions import select_rows
from auditkit.groups.syntax import LONGEST

TABLE = pd.DataFrame(
    {
        "age": [20.0, 60.0, np.nan, 71.0],
        "sex": ["F", "M", None, "F"],
        "a b": [1, 2, 3, 4],
        "it's": ["x`y", "q", "@z", "#"],
        "ok": [True, False, True, False],
        "day": pd.to_datetime(["2020-01-01", "2021-06-01", None, "2022-01-01"]),
        "kind": pd.Categorical(["u", "v", "u", None]),
    }
)


def rows(expression, **more):
    return select_rows(expression, TABLE, **more).tolist()


@pytest.mark.parametrize(
    "expression",
    [
        "age >= 60", "`age` >= 60.0", "(age >= 60) & (`sex` == 'F')", "(`a b` > 1) | ~(sex == 'M')",
        "`it's` == 'x`y'", '`it\'s` == "@z"', "`it's` == '#'", "`ok` == True", "`sex`.isna()", "`age`.notna()",
        "0.5 * `age` + -2.0 * (`a b` - 1) / 3.0 >= 9.5", "`age`.astype(\"float64\").fillna(65.0) > 60",
        '(`a b`).astype("str") == "3"', "`kind` == 'u'", '(`day` >= "2021-01-01") & (`day` <= "2021-12-31")',
        '(`day`.dt.as_unit("ns").astype("int64") / 86400000000000.0).where(`day`.notna(), 18000.0) >= 18500.0',
        "1.0 * (`sex` == 'F') >= 1.0", "`age` >= -1e999", "`age` <= 1e999",
    ],
)  # fmt: skip
def test_it_selects_what_a_data_frames_eval_does(expression):
    expected = TABLE.eval(expression, engine="python")
    assert rows(expression) == [bool(value) for value in expected.fillna(False)]


def test_words_join_conditions_and_a_column_may_be_named_as_text():
    assert rows("age >= 60 and sex == 'F'") == [False, False, False, True]
    assert rows("not (ok == True)") == [False, True, False, True]
    assert rows('@table["a b"] >= 3') == [False, False, True, True]
    assert rows("@embeddings[1] > 0", embeddings=np.array([[0, 1], [0, -1], [1, 0], [9, 2.0]])) == [
        True, False, False, True,
    ]  # fmt: skip


def test_a_missing_value_is_in_no_group():
    assert rows("age < 1000") == [True, True, False, True]
    assert rows("ok") == [True, False, True, False]


MISTAKEN = {
    "sex == 1": "it compares column 'sex' of texts with the number 1; texts stand in quotes",
    "1 == sex": "it compares the number 1 with column 'sex' of texts; texts stand in quotes",
    "sex > 0": "it compares column 'sex' of texts with the number 0",
    "sex == True": "it compares column 'sex' of texts with True",
    "age == 'old'": "it compares column 'age' of numbers with the text 'old'; numbers stand without quotes",
    "age >= '60'": "it compares column 'age' of numbers with the text '60'",
    "`a b` != '1'": "it compares column 'a b' of numbers with the text '1'",
    "ok == 'True'": "it compares column 'ok' of true or false with the text 'True'",
    "kind == 3": "it compares column 'kind' of texts with the number 3",
    "day == 2020": "it compares column 'day' of dates with the number 2020",
    "day == 'never'": "the text 'never', which is no date; write 2024-12-31",
    "age == sex": "it compares column 'age' of numbers with column 'sex' of texts",
    "age.astype('str') == 3": "of texts with the number 3",
    "mixed_text == 1": "it compares column 'mixed_text' of texts with the number 1",
    "whole == 'x'": "it compares column 'whole' of numbers with the text 'x'",
    "flags == 'yes'": "it compares column 'flags' of true or false with the text 'yes'",
    "(age > 3) == 'yes'": "of true or false with the text 'yes'",
    "'a' == 1": "it compares the text 'a' with the number 1",
}
OBJECTS = TABLE.assign(
    mixed_text=pd.Series(["a", None, "b", "c"], dtype=object),
    whole=pd.Series([1, None, 2, 3], dtype=object),
    flags=pd.Series([True, None, False, True], dtype=object),
    several=pd.Series([1, "1", None, 2.5], dtype=object),
    nothing=pd.Series([None] * 4, dtype=object),
    empty=np.nan,
)


@pytest.mark.parametrize("expression", MISTAKEN)
def test_a_rule_of_the_wrong_type_is_an_error_and_not_no_rows(expression):
    with pytest.raises(UsageError) as caught:
        select_rows(expression, OBJECTS)
    assert MISTAKEN[expression] in str(caught.value)


def test_a_column_of_several_kinds_or_of_none_is_compared_with_anything():
    found = {
        "several == 1": [True, False, False, False],
        "several == '1'": [False, True, False, False],
        "nothing == 1": [False] * 4,
        "nothing == 'a'": [False] * 4,
        "empty == 'a'": [False] * 4,
        "empty > 1": [False] * 4,
        "ok == 1": [True, False, True, False],
        "whole >= 2": [False, False, True, True],
        "day >= '2021-06-01'": [False, True, False, True],
    }
    for expression, expected in found.items():
        assert select_rows(expression, OBJECTS).tolist() == expected, expression


HOSTILE = {
    "__import__('os').system('true')": "two underscores",
    "age.__class__": "two underscores",
    "().__class__.__bases__": "two underscores",
    "@pd.io": "@ may only stand in",
    "@table.to_csv('x') == 1": "@ may only stand in",
    "@table['age'].to_csv('x') == 1": r"to_csv\(\) is no method",
    "@table[0] > 1": "Subscript",
    "@embeddings['x'] > 1": "Subscript",
    "age.to_pickle('x') == 1": r"to_pickle\(\) is no method",
    "age.apply('x') > 1": r"apply\(\) is no method",
    "age.pipe(print)": r"pipe\(\) is no method",
    "open('x')": "calling a function is refused",
    "eval('1')": "calling a function is refused",
    "print(age) == 1": "calling a function is refused",
    "age.values": "'.values' is refused",
    "age.str": "'.str' is refused",
    "[x for x in (1,2)]": "ListComp",
    "lambda: 1": "Lambda",
    "(y := 3) > 2": "NamedExpr",
    "f'{age}' == '1'": "JoinedStr",
    "b'1' == age": "Constant",
    "1j == age": "Constant",
    "age if ok else age": "IfExp",
    "{'a': 1} == 1": "Dict",
    "age[0] > 1": "Subscript",
    "9 ** 9 ** 9 ** 9 > 1": "BinOp",
    "1 << 1000000000 > 1": "BinOp",
    "'a' * 1000000000 == 'a'": "take numbers only",
    "sex + sex == 'FF'": "take numbers only",
    "age > 20 & ok": "put each comparison in brackets",
    "20 < age < 60": "two comparisons in a row",
    "age in (1, 2)": "Compare",
    "age is None": "Compare",
    "age.fillna('x') > 1": "take a plain number",
    "age.where(1, 2) > 1": "put each comparison in brackets",
    "age.astype('object') == 1": r"astype\(\) is no method",
    "age.fillna(value=1) > 1": "calling a function is refused",
    "age.fillna(*ok) > 1": "Starred",
    "day.dt.strftime('%Y') == '2020'": r"strftime\(\) is no method",
    "age; ok": "cannot be read",
    "import os": "cannot be read",
    "x = 1": "cannot be read",
    "`age > 1": "backtick is not closed",
    "'age": "cannot be read",
    "": "cannot be read",
    "age": "not a condition",
    "1": "not a condition",
    "age > 1 #": None,
    "\\u0061ge > 1": "cannot be read",
    "sex > 1": "texts stand in quotes",
}


@pytest.mark.parametrize("expression", HOSTILE)
def test_anything_else_is_refused_in_a_sentence(expression):
    reason = HOSTILE[expression]
    if reason is None:  # a comment does nothing, as in any rule
        assert rows(expression) == [True, True, False, True]
        return
    with pytest.raises(UsageError, match=reason):
        rows(expression)


@pytest.mark.parametrize(
    "expression",
    ["(" * 5000 + "1" + ")" * 5000, "1+" * 60_000 + "age > 1", "~" * 9000 + "ok", "a" * (LONGEST + 1)],
)
def test_endless_expressions_are_refused(expression):
    with pytest.raises(UsageError, match=r"nested too deeply|cannot be read|characters"):
        rows(expression)


def test_a_column_that_is_not_there_is_named_with_the_nearest_one():
    with pytest.raises(DataError, match="no column 'agee'; did you mean 'age'"):
        rows("`agee` > 1")
    with pytest.raises(DataError, match="no column 'nope'"):
        rows('@table["nope"] > 1')
    with pytest.raises(DataError, match="name them with --embeddings"):
        rows("@embeddings[0] > 1")
    with pytest.raises(DataError, match="needs dimension 7"):
        rows("@embeddings[7] > 1", embeddings=np.zeros((4, 2)))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="abco ke()[]{}.,'\"`@_=<>&|~+-*/%0129\\\n", max_size=40))
def test_no_text_does_anything_but_select_or_be_refused(expression):
    try:
        found = select_rows(expression, TABLE)
    except (UsageError, DataError):
        return
    assert found.dtype == bool
    assert len(found) == len(TABLE)
