from __future__ import annotations

import re
from importlib.resources import files

import pytest

from auditkit.render.page import charts
from auditkit.render.page.charts import Mark, Panel

PANEL = Panel("Gap", (Mark(-0.2, -0.3, -0.1, "a", alarming=True), None, Mark(0.1, -0.1, 0.3, "c")), 0.0)
SPEC = charts.forest(("<b>one", 'role="x" two', "three"), ("1", "22", "333"), panels=(PANEL, PANEL))
SVG = charts.to_svg(SPEC, label='A "label" <b>')


def test_the_same_spec_gives_the_same_bytes():
    assert charts.to_svg(SPEC, label='A "label" <b>') == SVG


def test_the_svg_is_a_named_image_that_leans_on_nothing_outside():
    assert SVG.startswith('<svg role="img" aria-label="A &quot;label&quot; &lt;b&gt;" width=')
    assert SVG.endswith("</svg>")
    tags = " ".join(re.findall(r"<[^>]*>", SVG))
    assert not re.search(r"http|xmlns|xlink|style=|\bid=|url\(|class=|<script|<image|href", tags)


def test_text_is_shown_whole_and_escaped():
    assert ">&lt;b&gt;one</text>" in SVG
    assert ">role=&quot;x&quot; two</text>" in SVG


def test_a_label_that_looks_like_a_token_stays_itself():
    spec = charts.forest(("q0", "q1"), ("1", "2"), panels=(Panel("P", (None, Mark(0, 0, 0, "x"))),))
    svg = charts.to_svg(spec, label="x")
    assert ">q0</text>" in svg
    assert ">q1</text>" in svg


def test_the_engine_never_sees_text_from_data():
    texts: list[str] = []
    assert "<b>" not in str(charts._take_out(SPEC, texts))
    assert "<b>one" in texts


def test_every_colour_of_a_chart_has_a_theme():
    style = files("auditkit.render.page").joinpath("style.css").read_text(encoding="utf-8")
    for kind, colour in set(re.findall(r'(fill|stroke)="(#[0-9a-f]+)"', SVG)):
        assert f'[{kind}="{colour}"]' in style
    assert set(re.findall(r'(?:fill|stroke)="([^"#]+)"', SVG)) <= {"none"}


def test_a_row_stands_at_one_height_in_all_columns():
    heights = re.findall(r'<path transform="translate\([^,]+,([\d.]+)\)"', SVG)
    assert heights == ["12", "60", "12", "60"]


def test_points_and_intervals_are_drawn_to_scale():
    low, high = charts._domain(PANEL)
    width = charts.PLOT_WIDTH
    drawn = [float(x) for x in re.findall(r'<path transform="translate\(([\d.]+),', SVG)][:2]
    assert drawn == pytest.approx([(x - low) / (high - low) * width for x in (-0.2, 0.1)], abs=0.1)
    line = re.search(r'translate\(([\d.]+),12\)" x2="([\d.]+)"', SVG)
    assert [float(x) for x in line.groups()] == pytest.approx(
        [(-0.3 - low) / (high - low) * width, 0.2 / (high - low) * width], abs=0.1
    )


def test_alarm_is_a_shape_as_well_as_a_colour():
    assert SVG.count(f'fill="{charts.ALARM}"') == 2
    diamond, circle = re.findall(r'<path transform="[^"]*" d="([^"]*)"', SVG)[:2]
    assert "A" not in diamond
    assert "A" in circle


@pytest.mark.parametrize("value", [0.0, 1.0, -5.0, 1e9])
def test_a_single_value_still_has_a_scale(value):
    low, high = charts._domain(Panel("x", (Mark(value, value, value, ""),)))
    assert low < value < high


def test_a_panel_without_any_mark_can_be_drawn():
    assert "<svg" in charts.to_svg(charts.forest(("a",), ("1",), panels=(Panel("x", (None,)),)), label="x")


def test_long_labels_are_shortened_to_their_column():
    assert charts.fitted("short", 232) == "short"
    assert charts.fitted("x" * 10_000, 232) == "x" * 31 + "…"
    assert len(charts.fitted("家" * 100, 232)) < 22
