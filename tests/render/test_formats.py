"""What every report format owes a reader, whoever adds it."""

import pytest
from render import hostile

from auditkit.plugins.host import load_plugins
from auditkit.render.formats import FORMATS

FORBIDDEN = ("\x1b[31m", "\x00", "\u202e", "\u2067", "\udc80")


@pytest.mark.parametrize("name", [name for name, _, _ in FORMATS if name != "json"])
def test_no_text_of_the_data_reaches_a_terminal_or_turns_a_line_around(name):
    renderer = next(one for one in load_plugins().renderers if one.name == name)
    text = renderer.render(hostile.report())
    assert [mark for mark in FORBIDDEN if mark in text] == []
    text.encode("utf-8")


def test_json_is_exact_and_escapes_what_no_file_can_hold():
    renderer = next(one for one in load_plugins().renderers if one.name == "json")
    text = renderer.render(hostile.report())
    assert "\x1b" not in text
    assert "\x00" not in text
    text.encode("utf-8")
