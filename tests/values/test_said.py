"""Numbers and groups in words: nothing is rounded into a claim that was not made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.values.shown.said import GroupWords, percent, plain_number, points

SHARE = st.floats(0, 1)
GAP = st.floats(-1, 1)


def told(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "").removesuffix(" %"))


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.343, "34 %"), (0.0834, "8.3 %"), (0.02, "2 %"), (0.997, "99.7 %"), (0.99996, "99.996 %"), (0, "0 %"), (1, "100 %"),
     (0.0004, "0.04 %"), (0.95, "95 %"), (0.975, "97.5 %")],
)  # fmt: skip
def test_a_share_in_percent(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("gap", "text"), [(-0.2417, "24"), (0.0871, "8.7"), (0.1, "10"), (0.05, "5"), (0.0004, "0.04"), (0, "0")]
)
def test_a_gap_in_points(gap, text):
    assert points(gap) == text


@given(SHARE)
def test_only_none_and_all_are_0_and_100_percent(share):
    if 1e-8 < share < 1 - 1e-8:
        assert 0 < told(percent(share)) < 100


@given(GAP)
def test_a_bound_is_rounded_away_from_what_it_claims(gap):
    assert told(points(gap, "down")) <= 100 * abs(gap) + 1e-6
    assert told(points(gap, "up")) >= 100 * abs(gap) - 1e-6


@given(st.floats(-1e6, 1e6))
def test_a_signed_number_is_rounded_along_the_axis(value):
    assert told(plain_number(value, "down")) <= value + 1e-6
    assert told(plain_number(value, "up")) >= value - 1e-6


@given(GAP, st.sampled_from((0.01, 0.02, 0.05, 0.1, 0.2)), st.sampled_from(("down", "up", "nearest")))
def test_a_gap_is_told_apart_from_the_limit(gap, limit, toward):
    if abs(abs(gap) - limit) > 1e-6:
        assert told(points(gap, toward, beside=limit)) != 100 * limit


WORDS = GroupWords(
    {
        "sex": ("Female", "Male"),
        "age": ("0 to 25", "60 and over", "under 3"),
        "race": ("Black", "Other"),
        "afam": ("yes", "no"),
        "mother": ("Lawyer", "Nurse"),
        "father": ("Lawyer", "Cook"),
        "a & b": ("x & y",),
        "code": ("F", "12"),
    }
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sex=Male & age=0 to 25", "Male · age 0 to 25"),
        ("age=60 and over", "age 60 and over"),
        ("age=under 3", "age under 3"),
        ("race=Other", "race = Other"),
        ("race=Black & sex=Female", "Black · Female"),
        ("afam=no", "afam = no"),
        ("mother=Lawyer", "mother = Lawyer"),
        ("mother=Nurse & father=Cook", "Nurse · Cook"),
        ("code=F & code=12", "code = F · code = 12"),
        ("a & b=x & y", "a & b = x & y"),
        ("minoria-1", "minoria-1"),
        ("sex=Male & minoria-1", "sex=Male & minoria-1"),
        ("", ""),
    ],
)
def test_a_group_in_words(name, text):
    assert WORDS(name) == text
