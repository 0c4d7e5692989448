"""Columns of text: names give way, numbers never."""

import pytest

from auditkit.render.text.layout import cells, in_columns

ROWS = [
    ("male after 1 repair", "change of the true positive rate", "−23 points [−30, −16]", "n 208"),
    ("f", "recall", "−2 points [−3, −1]", "n 12,208"),
]


@pytest.mark.parametrize("width", range(67, 120, 7))
def test_names_give_way_and_no_number_is_cut(width):
    rows = in_columns(ROWS, width, indent="  ", numbers=frozenset({3}), gives=2)
    for told, given in zip(rows, ROWS, strict=True):
        assert [told[2].strip(), told[3].strip()] == list(given[2:])
        assert cells("  " + "   ".join(told)) <= width
    assert len({tuple(map(len, row)) for row in rows}) == 1


def test_where_there_is_room_nothing_is_cut():
    assert [cell.strip() for cell in in_columns(ROWS, 200, indent="", numbers=frozenset())[0]] == list(
        ROWS[0]
    )
