"""Answers are stamped and kept once; rows of single persons are shown only when asked for."""

import pytest

from auditkit import Answer, Chart, Layer, Table
from auditkit.spec.stats import Stats
from auditkit.testing import make_context


@pytest.mark.parametrize("rows", [0, 3])
def test_exhibits_of_single_persons_are_left_out_unless_rows_are_asked_for(rows):
    context = make_context(stats=Stats(show_rows=rows))
    context.show(Table(title="t", columns=("a",), rows=((1,),), personal=True))
    points = Layer(kind="points", name="p", x=(1.0,), y=(1.0,))
    context.show(Chart(title="c", layers=(points,), x_title="x", y_title="y", personal=True))
    context.show(Table(title="others", columns=("a",), rows=((1,),)))
    titles = [item.title for item in (*context.ledger.tables, *context.ledger.charts)]
    assert titles == (["t", "others", "c"] if rows else ["others"])
    assert any("--show-rows" in note for note in context.ledger.notes) is (rows == 0)


def test_an_answer_is_kept_once_and_stamped():
    context = make_context(step="mine")
    for _ in range(2):
        context.answer(Answer("so", harm=True))
    assert context.ledger.answers == [Answer("so", step="mine", harm=True)]
