import re
from importlib.resources import files

import pytest

from auditkit.render.page import charts, gallery, plots
from auditkit.values.exhibit import Chart, Layer

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
    return charts.to_svg(plots.draw(made).spec, label="t")


@pytest.mark.parametrize("layer", KINDS, ids=lambda layer: layer.kind)
def test_every_kind_of_layer_can_stand_alone(layer):
    drawn = svg(chart(layer))
    assert f'"{plots.HUES[layer.colour]}"' in drawn
    assert ">across &lt;x&gt;</text>" in drawn or layer.kind == "horizontal"


def test_axis_titles_stand_once_however_many_layers_there_are():
    drawn = svg(chart(*KINDS))
    assert drawn.count(">across &lt;x&gt;</text>") == 1
    assert drawn.count(">up</text>") == 1
    assert ">&lt;b&gt;</text>" in drawn
    assert ">q0</text>" in drawn


def test_every_colour_of_a_chart_and_its_legend_has_a_theme():
    style = files("auditkit.render.page").joinpath("style.css").read_text(encoding="utf-8")
    drawn = svg(chart(*KINDS)) + "".join(map(plots.swatch, KINDS))
    for kind, colour in set(re.findall(r'(fill|stroke)="(#[0-9a-f]+)"', drawn)):
        assert f'[{kind}="{colour}"]' in style


def test_points_are_drawn_to_scale():
    layer = Layer(kind="points", name="p", x=(0.0, 10.0), y=(0.0, 10.0))
    low, high = plots._extent([layer], "x")
    drawn = re.findall(r'<path transform="translate\(([\d.]+),([\d.]+)\)"', svg(chart(layer)))
    expected = [(x - low) / (high - low) * plots.WIDTH for x in (0.0, 10.0)]
    assert [float(x) for x, _ in drawn] == pytest.approx(expected, abs=0.1)
    assert float(drawn[0][1]) > float(drawn[1][1])


def test_a_thinned_layer_keeps_its_first_and_last_point_and_says_how_many_are_gone():
    x = tuple(float(i) for i in range(2500))
    drawing = plots.draw(chart(Layer(kind="points", name="p", x=x, y=x)))
    values = drawing.spec["layer"][0]["data"]["values"]
    assert (values[0]["x"], values[-1]["x"]) == (0.0, 2499.0)
    assert drawing.left_out == 2500 - plots.MOST_MARKS == 2500 - len(values)


def test_a_logarithmic_axis_leaves_room_and_bars_stand_on_zero():
    assert plots._extent([Layer(kind="line", name="", x=(1.0, 100.0), y=(1.0, 2.0))], "x", log=True) == (
        pytest.approx(1 / 1.1), pytest.approx(110.0),
    )  # fmt: skip
    assert plots._extent([KINDS[3]], "y")[0] == 0.0


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
