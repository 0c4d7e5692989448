"""What is counted, and in whose favour: declared, found among the column's own values, or guessed and said so."""

from dataclasses import replace

import pandas as pd
import pytest

from auditkit.data.bundled.sets import BUNDLED
from auditkit.data.meaning.outcomes import declared, outcome_of, with_blank
from auditkit.errors import DataError, UsageError
from auditkit.spec.data import DataSpec
from auditkit.values.outcome import Outcome


def found(values, **roles):
    return outcome_of(pd.DataFrame({"y": values}), "y", DataSpec(path="t.csv", target="y", **roles))


@pytest.mark.parametrize("kind", ["favourable", "unfavourable", "positive"])
@pytest.mark.parametrize(
    ("values", "told", "own"),
    [
        ([0, 1], "1", 1),
        ([0, 1], 1.0, 1),
        ([1.0, 2.0], 1, 1.0),
        (["1", "2"], 1, "1"),
        ([True, False], "true", True),
        (["<=50K", ">50K"], ">50K", ">50K"),
        (["approved", "denied"], "approved", "approved"),
    ],
)
def test_a_declared_value_is_the_columns_own(kind, values, told, own):
    outcome = found(values * 2, **{kind: told})
    assert outcome == Outcome(column="y", value=own, kind=kind)
    assert type(outcome.value) is type(own)


@pytest.mark.parametrize(
    ("values", "last"),
    [(["approved", "denied"], "denied"), (["out2", "out12"], "out2"), ([2, 10], 10), ([False, True], True)],
)
def test_what_nobody_declares_is_the_last_in_order_and_a_guess(values, last):
    assert found(values * 2) == Outcome(column="y", value=last, kind="favourable", said=False)


@pytest.mark.parametrize("values", [["a", "b", "c"], list(range(30))])
def test_without_two_classes_nothing_is_counted_and_a_declaration_is_refused(values):
    assert found(values) is None
    with pytest.raises(DataError, match="leave out --unfavourable"):
        found(values, unfavourable=values[0])


def test_two_declarations_are_refused():
    with pytest.raises(UsageError, match="--favourable and --positive"):
        found([0, 1], favourable=1, positive=0)


def test_a_value_whose_sign_a_shell_ate_is_told_to_be_quoted():
    with pytest.raises(DataError, match="'<=50K' and '>50K', and a shell and YAML need the quotes"):
        found(["<=50K", ">50K"], favourable="50K")
    with pytest.raises(
        DataError, match=r"""no class '1'; it has "'1'", and a shell and YAML need the quotes"""
    ):
        found(["'0'", "'1'"], positive=1)
    with pytest.raises(DataError, match=r"""no class 'b'; it has '"b"', and a shell"""):
        found(['"a"', '"b"'], positive="b")
    with pytest.raises(DataError, match="no class 'aproved'; did you mean 'approved'"):
        found(["approved", "denied"], favourable="aproved")


def test_a_guess_is_kept_as_a_line_to_fill_in():
    spec = DataSpec(path="t.csv", target="y")
    assert with_blank(spec, found([0, 1])).favourable.startswith("???")
    with pytest.raises(UsageError, match=r"data\.favourable is still to be filled in: .*'1' was guessed"):
        declared(with_blank(spec, found([0, 1])))
    assert with_blank(spec, found([0, 1], positive=0)) is spec


@pytest.mark.parametrize("dataset", BUNDLED.values(), ids=lambda one: one.name)
def test_a_bundled_set_says_what_is_good_for_the_people_in_it(dataset):
    assert declared(DataSpec(path=dataset.name), dataset).kind == "favourable"
    assert declared(DataSpec(path=dataset.name, unfavourable="x"), dataset).kind == "unfavourable"
    assert declared(DataSpec(path=dataset.name, target="other"), replace(dataset)) is None
