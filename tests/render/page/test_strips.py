"""Gates as chart rows: all offenders stand open, the rest is folded and counted in words."""

from dataclasses import replace

from render import example

from auditkit.render.page.strips import OPEN_ROWS, strip_of
from auditkit.render.screen.screen import first_screen


def strips(report, room=100):
    return {block.gate.id: strip_of(block, room=room) for block in first_screen(report).gates}


def test_offenders_stand_open_with_their_marks_and_the_rest_is_folded():
    made = strips(example.report())["tpr"]
    assert [row.group for row in made.rows] == ["sex: Female & race: Black"]
    assert 'class="mark bad"' in made.rows[0].drawing
    assert made.fold == "Others: 1 holds, 1 is undecided, 1 has too few rows"
    assert [row.group for row in made.folded if row.why.startswith("insufficient")] == ["race: Other"]
    assert made.axis == "Gap, 0 to 26 points"


def test_a_gate_that_holds_says_its_worst_and_folds_all():
    made = strips(example.report())["fpr"]
    assert made.rows == ()
    assert made.lead.startswith("Worst: sex: Male, ")


def test_more_offenders_than_stand_open_are_folded_and_more_than_there_is_room_for_are_counted():
    gate = example.gates()[0]
    many = tuple(replace(gate.comparisons[0], group=f"g{i}") for i in range(200))
    report = replace(example.report(), gates=(replace(gate, comparisons=many),))
    made = strips(report, room=50)["tpr"]
    assert (len(made.rows), len(made.folded), made.hidden) == (OPEN_ROWS, 50 - OPEN_ROWS, 150)


def test_why_a_comparison_is_not_shown_stands_in_its_row():
    gate = example.gates()[0]
    open_row = replace(gate.comparisons[1], reason="heavy tail", lower=None)
    report = replace(
        example.report(),
        gates=(replace(gate, outcome="not_shown", comparisons=(open_row,)),),
        verdict="not_shown",
    )
    (row,) = strips(report)["tpr"].rows
    assert row.why == "heavy tail, about 2,400 rows would decide"
    assert row.drawing.count('class="bar"') == 2
