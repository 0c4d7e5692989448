"""What every report format owes a reader, whoever adds it."""

import json
from dataclasses import replace

import pytest
from render import example, hostile

from auditkit.plugins.host import load_plugins
from auditkit.render.formats import FORMATS
from auditkit.render.text import terminal

FORBIDDEN = (
    *("\x1b[31m", "\x00", "\u202e", "\u2067", "\udc80"),
    *("\u200b", "\ufeff", "\u2060", "\U000e0041", "\x9b", "\x7f", "\u2028"),
)


@pytest.mark.parametrize("name", [name for name, _, _ in FORMATS])
def test_no_text_of_the_data_reaches_a_terminal_or_turns_a_line_around(name):
    renderer = next(one for one in load_plugins().renderers if one.name == name)
    text = renderer.render(hostile.report())
    assert [mark for mark in FORBIDDEN if mark in text] == []
    text.encode("utf-8")


def test_json_is_exact():
    """Marks are escapes in it, which read back as what they were."""
    renderer = next(one for one in load_plugins().renderers if one.name == "json")
    report = replace(hostile.report(), name=hostile.NAMES[-2])
    assert json.loads(renderer.render(report))["name"] == hostile.NAMES[-2]


@pytest.mark.parametrize("name", [name for name, _, _ in FORMATS])
def test_every_format_says_what_makes_the_whole_audit_void(name):
    """With twenty gates there is no room for notes; a leak is none of them."""
    told = "Leak: 'after' alone says 'income' on rows not seen."
    plain = example.report()
    void = replace(plain, subject={**plain.subject, "caution": told}, notes=(told,) * 5)
    renderer = next(one for one in load_plugins().renderers if one.name == name)
    assert "Leak" in renderer.render(void)
    assert "Leak" not in renderer.render(plain)


@pytest.mark.parametrize("width", [50, 80, 140])
def test_the_first_screen_gives_a_caution_whole_and_once(width):
    told = "Leak: 'after' alone says 'income' on rows not seen: leave it out with --ignore after."
    plain = example.report()
    void = replace(plain, subject={**plain.subject, "caution": told}, notes=(told,))
    text = " ".join(terminal.render(void, width=width).split())
    assert text.count("Leak") == 1
    assert f"! {told}" in text
