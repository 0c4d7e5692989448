"""Marks within rows: at the place of their number, named in words, never out of the row."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.render.page import marks

SCALE = marks.Scale(-0.5, 0.5)


def places(svg, name):
    return [float(place) for place in re.findall(rf'{name}="(-?[\d.]+)%"', svg)]


@given(st.floats(-0.5, 0.5))
def test_a_dot_stands_at_its_number(value):
    svg = marks.strip(SCALE, value=value, ends=(), limit=None, said="x", tone="bad")
    (place,) = places(svg, "cx")
    share = (place - marks.MARGIN) / (100 - 2 * marks.MARGIN)
    assert -0.5 + share == pytest.approx(value, abs=0.001)


def test_a_bar_goes_from_the_dot_to_each_bound_with_a_tick_there():
    svg = marks.strip(SCALE, value=0.2, ends=(0.1, 0.4), limit=0.05, said="x", tone="bad")
    assert places(svg, "x1")[1] == places(svg, "x1")[2]
    assert places(svg, "x2")[1] == places(svg, "x1")[3]
    assert svg.count('class="bar"') == 3
    assert svg.count('class="limit"') == 1


def test_a_bound_that_cannot_be_given_is_an_open_bar_to_the_edge():
    svg = marks.strip(SCALE, value=0.2, ends=(0.1, float("inf")), limit=None, said="x", tone="open")
    assert svg.count('class="bar"') == 2
    assert max(places(svg, "x2")) == 100 - marks.MARGIN


def test_an_arrow_goes_from_before_to_after():
    svg = marks.move(SCALE, before=0.1, after=0.3, said="x", tone="good")
    ring, dot = places(svg, "cx")
    assert ring < dot
    assert 'class="ring"' in svg


@pytest.mark.parametrize(("value", "width"), [(0.25, 23.5), (0.0, 0.0), (-0.25, 23.5)])
def test_a_bar_stands_on_zero(value, width):
    svg = marks.bar(SCALE, value=value, reference=0.1, said="x")
    assert places(svg, "width") == [pytest.approx(width, abs=0.11)]
    assert svg.count('class="tick"') == 1


@pytest.mark.parametrize("values", [(), (None,), (0.0, 0.0), (float("inf"), 0.1), (-3.0, 5.0)])
def test_every_scale_holds_zero_and_has_a_width(values):
    scale = marks.scale_of(values)
    assert scale.low <= 0.0 <= scale.high
    assert scale.low < scale.high


def test_what_a_mark_says_is_text():
    assert '"><img' not in marks.bar(SCALE, value=0.1, reference=None, said='"><img src=x>')
