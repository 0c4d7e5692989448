"""The grid: who stands where, what is tinted, what is folded."""

from __future__ import annotations

from dataclasses import replace

from render import example

from auditkit.render import outline
from auditkit.render.page.grid import grid_of
from auditkit.render.screen.screen import first_screen
from auditkit.values.finding import Finding, Interval
from auditkit.values.metric import Metric
from auditkit.values.report import StepEntry

RATES = StepEntry(
    id="rates",
    use="rates",
    kind="audit",
    title="Rates",
    method="",
    plugin="",
    metrics=tuple(
        Metric(name=name, title=name, formula="", direction=direction)
        for name, direction in (("tpr", "lower_is_worse"), ("fpr", "higher_is_worse"), ("base", "neither"))
    ),
)


def gap(group, metric, value, half=0.01, **more):
    direction = next(m.direction for m in RATES.metrics if m.name == metric)
    interval = None if value is None else Interval(value - half, value + half)
    shared = {"n": 500, "compare": "to_rest", "signed": True, "unit": "share", "direction": direction}
    return Finding(step="rates", metric=metric, group=group, value=value, interval=interval, **shared, **more)


def grid(*findings, gates=(), room=100):
    made = replace(
        example.report(), findings=findings, steps=(RATES,), gates=gates, charts=(), tables=(), groups=()
    )
    (section,) = outline.sections(made)
    return grid_of(section, first_screen(made), room=room)


def test_the_worst_certain_harm_comes_first_and_only_certain_harms_are_tinted():
    made = grid(
        gap("sex=F", "tpr", -0.12), gap("sex=M", "tpr", 0.12), gap("sex=X", "tpr", -0.3, half=0.4),
        gap("sex=F", "fpr", -0.12), gap("sex=M", "fpr", 0.06), gap("sex=X", "fpr", 0.0),
    )  # fmt: skip
    assert [row.group for row in made.rows][:2] == ["sex=F", "sex=M"]
    tints = {row.group: [cell.tint for cell in row.cells] for row in made.rows}
    assert tints == {"sex=F": ["bad3", ""], "sex=M": ["", "bad2"], "sex=X": ["", ""]}
    assert made.rows[0].cells[0].text == "−12"


def test_a_metric_without_a_worse_side_is_grey_where_its_interval_excludes_zero():
    made = grid(gap("sex=F", "base", -0.2), gap("sex=M", "base", 0.2), gap("sex=X", "base", 0.0))
    assert {row.group: row.cells[0].tint for row in made.rows} == {
        "sex=F": "grey",
        "sex=M": "grey",
        "sex=X": "",
    }


def test_a_metric_that_nobody_could_be_measured_by_has_no_column():
    few = [gap(group, "fpr", None, reason="3 rows") for group in ("sex=F", "sex=M")]
    made = grid(gap("sex=F", "tpr", -0.1), gap("sex=M", "tpr", None, reason="9 rows"), *few)
    assert made.heads == ("Tpr",)
    assert [cell.text for row in made.rows for cell in row.cells] == ["−10", "too few"]


def test_an_intersection_that_says_what_its_parent_says_is_folded_beneath_it():
    made = grid(
        gap("sex=F", "tpr", -0.12), gap("sex=M", "tpr", 0.12),
        gap("sex=F & age=old", "tpr", -0.13, half=0.02), gap("sex=F & age=young", "tpr", -0.3),
    )  # fmt: skip
    assert [(row.group, row.alike) for row in made.rows] == [
        ("sex=F & age=young", 0), ("sex=F", 1), ("sex=M", 0),
    ]  # fmt: skip
    assert [row.group for row in made.folded] == ["sex=F & age=old"]


def test_what_a_gate_shows_to_be_worse_is_tinted_too():
    """A gate corrects for its own comparisons, fewer than those of the grid."""
    gates = tuple(
        replace(gate, on="rates", comparisons=(replace(gate.comparisons[0], group="sex=F"),))
        for gate in example.gates()[:1]
    )
    found = [gap("sex=F", "tpr", -0.12, half=0.2), gap("sex=M", "tpr", 0.12, half=0.2)]
    assert grid(*found).rows[0].cells[0].tint == ""
    assert next(row for row in grid(*found, gates=gates).rows if row.group == "sex=F").cells[0].tint == "bad3"


def test_fifteen_rows_stand_open_and_the_rest_is_folded_and_counted():
    made = grid(*[gap(f"g={i}", "tpr", -i / 100) for i in range(40)], room=30)
    assert (len(made.rows), len(made.folded), made.hidden) == (15, 15, 10)
