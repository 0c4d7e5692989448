"""What is chosen of several repairs, and the three answers of a limit: on made findings whose answer is known."""

import pytest

from auditkit import Finding, Interval, UsageError
from auditkit.measures.repairs.failures import Failure
from auditkit.running.alternatives.choose import choose
from auditkit.running.alternatives.limit import read_limit
from auditkit.running.alternatives.outcomes import Compared


def gap(low, value, high, *, metric="equalized_odds_max", group="sex"):
    return Finding(
        metric=metric, value=value, n=100, group=group, compare="difference", interval=Interval(low, high)
    )


def alternative(name, *, gaps, accuracy, failed=()):
    found = (
        Finding(metric="balanced_accuracy", value=accuracy, n=100),
        *(gap(*one) for one in gaps),
        *(gap(*one, metric="equalized_odds_mean") for one in gaps),
    )
    return Compared(name=name, seconds=1.0, validation=found, test=found, failed=failed)


BEFORE = alternative("before", gaps=[(0.15, 0.2, 0.25)], accuracy=0.80)
CHEAP = alternative("cheap", gaps=[(0.05, 0.08, 0.12)], accuracy=0.79)
DEAR = alternative("dear", gaps=[(0.0, 0.01, 0.04)], accuracy=0.60)


def test_with_a_limit_the_most_accurate_within_it_is_chosen():
    found = choose([BEFORE, CHEAP, DEAR], read_limit("equalized_odds <= 0.13"))
    assert found.chosen is CHEAP
    assert found.why.startswith("of 2 shown to keep equalized_odds within 13 points on validation rows")
    assert choose([BEFORE, CHEAP, DEAR], read_limit("equalized_odds <= 0.05")).chosen is DEAR
    assert choose([BEFORE, CHEAP, DEAR], read_limit("equalized_odds <= 0.3")).chosen is BEFORE


def test_where_no_alternative_is_within_the_limit_nothing_is_chosen_and_the_nearest_is_told():
    found = choose([BEFORE, CHEAP, DEAR], read_limit("equalized_odds <= 0.02"))
    assert found.chosen is None
    assert found.why.endswith("the nearest is of dear, up to 4 points")


def test_without_a_limit_a_point_of_gap_counts_as_a_point_of_balanced_accuracy():
    assert choose([BEFORE, CHEAP, DEAR], None).chosen is CHEAP
    assert choose([BEFORE, DEAR], None).chosen is BEFORE
    assert choose([BEFORE, DEAR], None).why.startswith("no repair is worth its price")


def test_nearly_constant_predictions_are_never_chosen():
    constant = alternative(
        "constant", gaps=[(0.0, 0.0, 0.01)], accuracy=0.9, failed=(Failure(kind="constant", text=""),)
    )
    reversed_ = alternative(
        "reversed", gaps=[(0.0, 0.0, 0.01)], accuracy=0.9, failed=(Failure(kind="reversed", text=""),)
    )
    assert choose([BEFORE, constant], None).chosen is BEFORE
    assert choose([BEFORE, reversed_], None).chosen is reversed_


@pytest.mark.parametrize(
    ("gaps", "answer"),
    [
        ([(0.0, 0.02, 0.04)], "holds"),
        ([(0.02, 0.06, 0.1)], "not_shown"),
        ([(0.07, 0.09, 0.11)], "breaks"),
        ([(0.0, 0.02, 0.04), (0.0, 0.03, 0.06)], "not_shown"),
        ([(0.0, 0.02, 0.04), (0.08, 0.09, 0.1)], "breaks"),
    ],
)
def test_a_limit_has_three_answers_over_all_attributes(gaps, answer):
    assert read_limit("equalized_odds <= 0.05").answer([gap(*one) for one in gaps]) == answer


def test_a_lower_bound_just_beyond_the_limit_is_corrected_for_the_number_of_attributes():
    one = gap(0.051, 0.1, 0.149)
    assert read_limit("equalized_odds <= 0.05").answer([one]) == "breaks"
    assert read_limit("equalized_odds <= 0.05").answer([one, one]) == "not_shown"


def test_a_gap_that_was_not_measured_is_never_a_pass():
    unknown = Finding(
        metric="equalized_odds_max", value=None, n=3, group="sex", compare="difference", reason="few"
    )
    limit = read_limit("equalized_odds <= 0.05")
    assert limit.answer([gap(0, 0.01, 0.02), unknown]) == "not_shown"
    assert limit.answer([]) == "not_shown"
    blind = Compared(name="blind", seconds=0, validation=(unknown,), test=())
    assert choose([blind], limit).chosen is None
    assert choose([blind], limit).why.endswith("the nearest is not measured")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("equalized_odds", 'write it as "equalized_odds <= 0.05"'),
        ("equalised_odds <= 0.05", "there is no gap 'equalised_odds'; did you mean 'equalized_odds'"),
        ("equalized_odds <= 5", "a gap lies between 0 and 1"),
        ("equalized_odds <= 0.0.5", "'0.0.5' is not a number"),
    ],
)
def test_a_limit_that_is_none_is_one_sentence(text, message):
    with pytest.raises(UsageError, match=message):
        read_limit(text)
