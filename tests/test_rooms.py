"""A room is read at a glance: at most a dozen files, and one sentence that says what lives there."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST = 12
"""Files of a room, its __init__ aside."""
LISTS = {
    "plugins/auditkit_mpr/methods": "one file for each method, found by its file",
}
"""Rooms that are a list of like things, and why."""
ROOMS = sorted(
    str(file.parent.relative_to(ROOT))
    for top in ("auditkit", "plugins")
    for file in (ROOT / top).rglob("__init__.py")
)


def modules(room):
    return [file.name for file in (ROOT / room).glob("*.py") if file.name != "__init__.py"]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_holds_a_dozen_files_at_most_and_says_what_lives_there(room):
    assert len(modules(room)) <= MOST or room in LISTS, sorted(modules(room))
    first = (ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text())) or "").splitlines()
    assert first
    assert first[0].endswith((".", ":", ";"))


def test_the_lists_are_still_rooms_that_need_it():
    assert all(len(modules(room)) > MOST for room in LISTS)
