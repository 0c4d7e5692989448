"""A step's own picture: arrows of a repair, bars beside a reference, a chart whose title is its answer."""

from dataclasses import replace

import pytest
from render import example

from auditkit.render.page import html
from auditkit.render.page.gallery import bars_of
from auditkit.values.finding import Finding
from auditkit.values.report import StepEntry
from auditkit.values.shown.answer import Answer
from auditkit.values.shown.exhibit import Table

REPAIR = StepEntry(id="fix", use="shasam", kind="repair", title="Repair", method="", plugin="")


def stage(group, number, value, metric="tpr"):
    return Finding(
        step="fix",
        metric=metric,
        group=group,
        n=90,
        value=value,
        stage=number,
        direction="lower_is_worse",
        unit="share",
    )


def page(**more):
    return html.render(replace(example.report(), **more))


def test_a_repair_is_drawn_as_an_arrow_for_each_group_from_before_to_after():
    found = (stage("sex=F", 0, 0.5), stage("sex=F", 1, 0.7), stage("sex=M", 0, 0.8), stage("sex=M", 1, 0.75))
    text = page(findings=found, steps=(REPAIR,), gates=(), groups=(), charts=(), tables=())
    assert text.count('class="ring"') == 2
    assert 'class="mark good" height="16" role="img" aria-label="sex=F: 0.500 to 0.700"' in text
    assert 'class="mark bad" height="16" role="img" aria-label="sex=M: 0.800 to 0.750"' in text


def test_a_number_without_its_other_stage_has_no_arrow():
    text = page(
        findings=(stage("sex=F", 0, 0.5), stage("sex=M", 1, 0.8)), steps=(REPAIR,), gates=(), groups=()
    )
    assert 'class="ring"' not in text


def test_a_chart_that_an_answer_names_has_the_answer_as_its_title_and_stands_open():
    answer = Answer("The long tail is at 75 degrees.", step="hidden", exhibit="Projection")
    opened, folded = page(answers=(answer,)).split(">Appendix</h2>")
    assert "<h3><bdi>The long tail is at 75 degrees.</bdi></h3>" in opened
    assert 'aria-label="The long tail is at 75 degrees.; the table holds the same numbers"' in opened
    assert "The long tail" not in folded


def test_answers_say_how_sure_they_are():
    answer = Answer("No effect.", step="hidden", basis="95 %", sure="not_shown")
    text = page(answers=(answer,), groups=())
    assert '<li class="open"><bdi>No effect.</bdi> <span class="faint">not shown; 95 %</span></li>' in text


def test_an_answer_about_one_mined_group_stands_on_its_card_only():
    answers = (
        Answer("hidden-1 fares worse.", step="hidden"),
        Answer("1 of 2 groups fares worse.", step="hidden"),
    )
    text = page(answers=answers)
    assert "hidden-1 fares worse." not in text
    assert text.count("1 of 2 groups fares worse.") == 1


def test_titles_of_one_name_in_two_steps_keep_their_own_answers():
    rows = Table(
        title="Shares", columns=("group", "people", "list"), rows=(("women", 0.5, 0.1),), reference="people"
    )
    steps = (replace(REPAIR, id="before"), replace(REPAIR, id="after"))
    answers = tuple(Answer(f"Told {step.id}.", step=step.id, exhibit="Shares") for step in steps)
    text = page(
        steps=steps,
        answers=answers,
        findings=(),
        groups=(),
        charts=(),
        tables=tuple(replace(rows, step=s.id) for s in steps),
    )
    assert (
        text.count("<h3><bdi>Told before.</bdi></h3>") == text.count("<h3><bdi>Told after.</bdi></h3>") == 1
    )


def test_shares_stand_beside_their_reference():
    rows = (("women", 0.08, 0.02), ("men", 0.6, None))
    made = bars_of(Table(title="t", columns=("group", "people", "list"), rows=rows, reference="people"), "")
    assert made.heads == ("group", "people", "list")
    (label, reference, ((text, drawing),)), (_, _, ((empty, nothing),)) = made.rows
    assert (label, reference, text, empty, nothing) == ("women", "0.08", "0.02", "", "")
    assert 'class="tick"' in drawing


def test_a_reference_that_is_no_column_is_refused():
    with pytest.raises(ValueError, match="no column 'people'"):
        Table(title="t", columns=("group", "list"), rows=(), reference="people")
