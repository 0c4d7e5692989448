"""No line that we print reads as a command of the runner that shows it, in whatever pieces it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.cli.console.runners import Disarming, disarmed

TEXTS = st.lists(
    st.sampled_from([":", "::", "#", "##", "##[", "##vso[", "[", "vso", " ", "\t", "\n", "\r", "a", "error"])
)


def commands_in(text):
    """What GitHub's and Azure's agents would obey, as their sources read lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [
        line for line in lines if line.strip().startswith("::") or "##[" in line or "##vso[" in line.lower()
    ]


@given(TEXTS)
def test_nothing_that_is_left_is_a_command(pieces):
    disarming = Disarming()
    assert commands_in("".join(map(disarming, pieces))) == []


@given(TEXTS)
def test_only_blanks_are_added(pieces):
    text = "".join(pieces)
    assert disarmed(text).replace(" ", "") == text.replace(" ", "")


@given(TEXTS)
def test_the_pieces_in_which_a_text_is_written_change_nothing_about_that(pieces):
    whole = disarmed("".join(pieces))
    assert commands_in(whole) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("::error::x\n", ": :error::x\n"),
        ("  ::stop\n", "  : :stop\n"),
        ("a::b\n", "a::b\n"),
        ("x ##[group]\n", "x ## [group]\n"),
        ("##vso[task]", "## vso[task]"),
        ("plain\n", "plain\n"),
    ],
)
def test_what_a_line_becomes(text, told):
    assert disarmed(text) == told
