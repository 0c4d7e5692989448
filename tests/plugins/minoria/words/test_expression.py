import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditkit import Subject
from auditkit.predict.encoding import EncodedColumn, encode
from auditkit_minoria.groups.threshold import tail_mask, tail_threshold
from auditkit_minoria.words.expression import expression
from auditkit_minoria.words.sentence import words

NAMES = st.text(min_size=1, max_size=12) | st.sampled_from(
    [
        "a b",
        "a-b",
        'say "hi"',
        "it's",
        "`",
        "a`b",
        "x\ny",
        "class",
        "index",
        "sin",
        "1",
        "@x",
        "#",
        "\\",
        "a\tb",
        "é",
        "_",
    ]
)
LEVELS = st.text(max_size=6) | st.sampled_from(["it's", '"', "`", "\\n", "x\ny", "@a", "{}", "#"])


def applied(rule, table):
    return table.eval(rule, engine="python", local_dict={"table": table}).to_numpy(dtype=bool)


def assert_the_rule_finds_the_tail(subject, weights, encoded, side="upper", share=0.2):
    projection = encoded.matrix @ weights
    threshold = tail_threshold(projection, share=share, side=side)
    rule = expression(weights, encoded.columns, threshold, side, table=subject.table)
    assert applied(rule, subject.table).tolist() == tail_mask(projection, threshold, side).tolist()
    return rule


@settings(max_examples=60, deadline=None)
@example(["\x1f\\", "0"], "", 0, False)
@example(["a b", "c"], "ends in a backslash\\", 1, True)
@given(st.lists(NAMES, min_size=2, max_size=3, unique=True), LEVELS, st.integers(0, 99), st.booleans())
def test_a_rule_finds_its_rows_whatever_columns_and_levels_are_called(names, level, seed, standardise):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({name: rng.normal(size=60) for name in names})
    table[names[-1]] = rng.choice([level, "other level"], size=60)
    subject = Subject(table=table, features=tuple(names))
    encoded = encode(subject, standardise=standardise)
    assert_the_rule_finds_the_tail(
        subject, rng.normal(size=len(encoded.columns)), encoded, side="upper" if seed % 2 else "lower"
    )


@pytest.mark.parametrize("standardise", [True, False])
def test_a_rule_finds_its_rows_among_every_kind_of_column(standardise):
    rng = np.random.default_rng(0)
    n = 200
    numbers = pd.Series(rng.integers(0, 50, size=n), dtype="Int64")
    numbers[3:9] = pd.NA
    dates = pd.Series(pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, size=n), unit="D"))
    dates[5] = pd.NaT
    text = pd.Series(rng.choice(["a", "b"], size=n), dtype="str")
    text[20:40] = None
    table = pd.DataFrame(
        {
            "float": np.where(np.arange(n) % 7 == 0, np.nan, rng.normal(size=n)),
            "nullable": numbers,
            "date": dates,
            "zoned": dates.dt.tz_localize("Europe/Rome"),
            "flag": rng.random(n) < 0.5,
            "text": text,
            "kind": pd.Categorical(rng.choice([1, 2, 3], size=n)),
            "truth": pd.Series(rng.choice([True, False, None], size=n), dtype="object"),
            "cut": pd.cut(rng.normal(size=n), 3),
        }
    )
    subject = Subject(table=table, features=tuple(table.columns), missing="impute")
    encoded = encode(subject, standardise=standardise)
    spread = encoded.matrix.std(axis=0)
    for column in range(len(encoded.columns)):
        alone = np.zeros(len(encoded.columns))
        alone[column] = 1.0
        assert_the_rule_finds_the_tail(subject, alone, encoded)
    assert_the_rule_finds_the_tail(subject, rng.normal(size=len(spread)) / spread, encoded)


def test_a_rule_of_hundreds_of_terms_can_be_applied():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(30, 300)), columns=[f"column {i}" for i in range(300)])
    subject = Subject(table=table, features=tuple(table.columns))
    assert_the_rule_finds_the_tail(subject, rng.normal(size=300), encode(subject))


def test_a_rule_reads_as_a_sum_of_encoded_columns():
    table = pd.DataFrame({"capital-gain": [0.0, 5.0], "sex": ["F", "M"]})
    terms = (EncodedColumn("capital-gain", None, 2.5, 2.0), EncodedColumn("sex", "F", 0.0, 1.0))
    assert expression(np.array([0.5, -1.0]), terms, 0.25, "upper", table=table) == (
        "0.5 * (`capital-gain` - 2.5) / 2.0 + -1.0 * (`sex` == 'F') >= 0.25"
    )


def test_a_column_that_cannot_be_quoted_is_taken_from_the_table():
    table = pd.DataFrame({"a`b": [0.0, 5.0]})
    rule = expression(np.array([2.0]), (EncodedColumn("a`b", None, 0.0, 1.0),), 0.5, "lower", table=table)
    assert rule == "2.0 * @table['a`b'] <= 0.5"


def test_a_rule_without_weights_or_with_an_endless_threshold_finds_nobody():
    table = pd.DataFrame({"a": [0.0, 5.0]})
    rule = expression(np.array([1.0]), (EncodedColumn("a", None, 0.0, 1.0),), np.inf, "upper", table=table)
    assert not applied(rule, table).any()


def number(name):
    return EncodedColumn(name, None, 0.0, 1.0)


def level(name, value):
    return EncodedColumn(name, value, 0.0, 1.0)


@pytest.mark.parametrize(
    ("terms", "weights", "side", "expected"),
    [
        (
            [number("capital-gain"), number("education-num"), number("age")],
            [0.8, 0.5, -0.3],
            "upper",
            "rows with high capital-gain and education-num, and low age: linear score ≥ 2.31",
        ),
        (
            [number("a"), number("b")],
            [0.8, -0.6],
            "lower",
            "rows with high b, and low a: linear score ≤ 2.31",
        ),
        ([number("a"), number("b")], [1.0, 0.0], "upper", "rows with high a: linear score ≥ 2.31"),
        (
            [number("a"), number("b"), number("c"), number("d"), number("e"), number("f")],
            [0.9, 0.8, 0.7, 0.6, 0.5, 0.4],
            "upper",
            "rows with high a, b, c and d (2 smaller terms not named): linear score ≥ 2.31",
        ),
        (
            [number("a"), number("b"), number("c")],
            [0.9, 0.1, 0.01],
            "upper",
            "rows with high a and b (1 smaller term not named): linear score ≥ 2.31",
        ),
        (
            [number("age"), level("sex", "F"), level("job", "none")],
            [0.9, 0.8, -0.7],
            "upper",
            "rows with high age, leaning to sex = F, and away from job = none: linear score ≥ 2.31",
        ),
        (
            [level("sex", "F"), level("sex", "M")],
            [0.9, -0.8],
            "upper",
            "rows leaning to sex = F: linear score ≥ 2.31",
        ),
    ],
)
def test_a_sentence_names_what_weighs_most_and_which_way(terms, weights, side, expected):
    assert words(np.array(weights), terms, 2.31, side) == expected


def test_raw_columns_weigh_by_their_spread():
    terms = [number("a"), number("b"), number("c")]
    said = words(np.array([0.9, 0.1, 0.1]), terms, 1.0, "upper", spread=np.array([1.0, 1000.0, 500.0]))
    assert re.match(r"rows with high b and c \(1 smaller term", said)
