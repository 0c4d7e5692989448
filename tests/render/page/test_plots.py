import re
from importlib.resources import files

import pytest

from auditkit.render.page import axes, gallery, plots
from auditkit.values.shown.exhibit import Chart, Layer

KINDS = (
    Layer(
        kind="line", name="l", x=(0.0, 1.0), y=(0.0, 2.0), low=(-1.0, 1.0), high=(1.0, 3.0), colour="second"
    ),
    Layer(kind="band", name="b", x=(0.0, 1.0), low=(0.0, 0.0), high=(1.0, 1.0), colour="third"),
    Layer(kind="points", name="p", x=(0.0, 1.0), y=(1.0, 1.0), texts=("<b>", "q0"), colour="alarm"),
    Layer(kind="bars", name="h", x=(0.0, 0.5, 1.0), y=(2.0, 1.0), colour="accent"),
    Layer(kind="vertical", name="v", x=(0.25,), colour="ink"),
    Layer(kind="horizontal", name="z", y=(0.5,), colour="faint"),
)


def chart(*layers, **settings):
    return Chart(title="t", x_title="across <x>", y_title="up", layers=layers, **settings)


def svg(made):
    return plots.draw(made, label='A "label" <b>').svg


def values_drawn(drawn, kind, made):
    """Return the points of a path of one class, read back from pixels into the chart's own numbers."""
    layers, x_log = list(made.layers), made.x_log
    x = axes.Axis(*plots._extent(layers, "x", log=x_log), axes.LEFT, axes.LEFT + plots.WIDTH, log=x_log)
    y = axes.Axis(*plots._extent(layers, "y", log=False), axes.TOP + plots.HEIGHT, axes.TOP)
    path = re.search(rf'<path class="{kind}" d="([^"]*)"', drawn)[1]
    places = [tuple(map(float, pair)) for pair in re.findall(r"[ML]([\d.-]+) ([\d.-]+)", path)]

    def value(axis, pixel):
        share = (pixel - axis.start) / (axis.end - axis.start)
        if axis.log:
            return axis.low * (axis.high / axis.low) ** share
        return axis.low + share * (axis.high - axis.low)

    return [(value(x, a), value(y, b)) for a, b in places]


@pytest.mark.parametrize("layer", KINDS, ids=lambda layer: layer.kind)
def test_every_kind_of_layer_can_stand_alone(layer):
    drawn = svg(chart(layer))
    assert f'<g class="{layer.colour}"><path' in drawn
    assert ">across &lt;x&gt;</text>" in drawn


def test_the_svg_is_a_named_image_that_leans_on_nothing_outside():
    drawn = svg(chart(*KINDS))
    assert drawn.startswith('<svg role="img" aria-label="A &quot;label&quot; &lt;b&gt;" width=')
    tags = " ".join(re.findall(r"<[^>]*>", drawn))
    assert not re.search(r"http|xmlns|xlink|style=|\bid=|url\(|<script|<image|href", tags)
    assert drawn == svg(chart(*KINDS))


def test_axis_titles_stand_once_however_many_layers_there_are():
    drawn = svg(chart(*KINDS))
    assert drawn.count(">across &lt;x&gt;</text>") == 1
    assert drawn.count(">up</text>") == 1
    assert ">&lt;b&gt;</text>" in drawn
    assert ">q0</text>" in drawn


def test_every_class_of_a_chart_and_its_legend_is_styled():
    style = files("auditkit.render.page").joinpath("style.css").read_text(encoding="utf-8")
    many = Layer(kind="points", name="m", x=(0.0,) * 200, y=(0.0,) * 200)
    drawn = svg(chart(*KINDS, many)) + "".join(map(plots.swatch, KINDS))
    for classes in set(re.findall(r'class="([^"]+)"', drawn)):
        for name in classes.split():
            assert f".{name}" in style


@pytest.mark.parametrize("log", [False, True])
def test_lines_and_points_stand_where_their_numbers_are(log):
    x, y = (1.0, 10.0, 100.0), (-1.0, 0.0, 4.0)
    for kind, name in (("line", "line"), ("points", "point")):
        made = chart(Layer(kind=kind, name="l", x=x, y=y), x_log=log)
        found = values_drawn(svg(made), name, made)
        for (a, b), want_a, want_b in zip(found, x, y, strict=True):
            assert a == pytest.approx(want_a, rel=0.01, abs=0.02)
            assert b == pytest.approx(want_b, abs=0.02)


def test_what_is_not_above_zero_does_not_stand_on_a_logarithmic_axis():
    drawn = svg(chart(Layer(kind="line", name="l", x=(0.0, 1.0, 10.0), y=(1.0, 2.0, 3.0)), x_log=True))
    assert re.search(r'class="line" d="([^"]*)"', drawn)[1].count("L") == 1


def test_a_bar_goes_from_zero_to_its_height_between_its_edges():
    made = chart(KINDS[3])
    found = re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)H([\d.]+)V([\d.]+)z", svg(made))
    (left, base, top, right, down), _ = [tuple(map(float, bar)) for bar in found]
    y = axes.Axis(*plots._extent([KINDS[3]], "y", log=False), axes.TOP + plots.HEIGHT, axes.TOP)
    assert base == down == pytest.approx(y.at(0.0), abs=0.1)
    assert top == pytest.approx(y.at(2.0), abs=0.1)
    assert right - left == pytest.approx(plots.WIDTH / 2 / 1.08, abs=0.2)


def test_a_thinned_layer_keeps_its_first_and_last_point_and_says_how_many_are_gone():
    x = tuple(float(i) for i in range(2500))
    made = chart(Layer(kind="line", name="p", x=x, y=x))
    drawing = plots.draw(made, label="t")
    found = values_drawn(drawing.svg, "line", made)
    assert (found[0][0], found[-1][0]) == pytest.approx((0.0, 2499.0), abs=3)
    assert drawing.left_out == 2500 - plots.MOST_MARKS == 2500 - len(found)


def test_a_logarithmic_axis_leaves_room_and_bars_stand_on_zero():
    assert plots._extent([Layer(kind="line", name="", x=(1.0, 100.0), y=(1.0, 2.0))], "x", log=True) == (
        pytest.approx(1 / 1.1), pytest.approx(110.0),
    )  # fmt: skip
    assert plots._extent([KINDS[3]], "y", log=False)[0] == 0.0


@pytest.mark.parametrize(
    ("low", "high", "log", "labels"),
    [
        (0.0, 1.0, False, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-0.3, 0.12, False, ["−0.3", "−0.2", "−0.1", "0", "0.1"]),
        (0.0, 50_000.0, False, ["0", "10,000", "20,000", "30,000", "40,000", "50,000"]),
        (1.0, 1000.0, True, ["1", "10", "100", "1,000"]),
        (2e-9, 9e-9, False, ["2e-09", "4e-09", "6e-09", "8e-09"]),
    ],
)
def test_ticks_are_round_numbers_with_as_many_decimals_as_tell_them_apart(low, high, log, labels):
    ticks = axes.Axis(low, high, 0.0, 100.0, log=log).ticks
    assert [axes._label(value, ticks) for value in ticks] == labels
    assert all(low - 1e-9 <= value <= high + 1e-9 for value in ticks)


@pytest.mark.parametrize("value", [0.0, 1.0, -5.0, 1e9, 1e-12])
def test_a_single_value_still_has_a_scale(value):
    assert "<circle" not in svg(chart(Layer(kind="points", name="p", x=(value,), y=(value,))))


def test_long_texts_are_shortened_to_their_place():
    assert axes.fitted("short", 232) == "short"
    assert axes.fitted("x" * 10_000, 232) == "x" * 34 + "…"
    assert len(axes.fitted("家" * 100, 232)) < 22


def test_the_table_behind_a_chart_holds_every_mark_and_no_empty_column():
    behind = gallery.behind(chart(KINDS[3], KINDS[4]))
    assert behind.columns == ("Series", "across <x>", "up")
    assert behind.rows == (("h", 0.0, 2.0), ("h", 0.5, 1.0), ("v", 0.25, None))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "line", "x": (1.0,), "y": ()},
        {"kind": "bars", "x": (1.0,), "y": (1.0,)},
        {"kind": "band", "x": (1.0,)},
        {"kind": "points", "x": (1.0,), "y": (1.0,), "low": (1.0,)},
        {"kind": "vertical", "x": (1.0,), "texts": ("a", "b")},
    ],
)
def test_series_of_lengths_that_do_not_go_together_are_refused(wrong):
    with pytest.raises(ValueError, match="lengths"):
        Layer(name="n", **wrong)
