from auditkit.render.text.text_plot import HEIGHT, draw
from auditkit.values.shown.exhibit import Chart, Layer

RISING = Layer(kind="line", name="a", x=(0.0, 1.0), y=(0.0, 10.0))


def lines(*layers, width=60):
    return draw(Chart(title="t", x_title="x", y_title="y", layers=layers), width=width)


def body(drawn):
    return [line.split("┤")[1] for line in drawn if "┤" in line]


def test_a_rising_line_starts_low_left_and_ends_high_right():
    grid = body(lines(RISING))
    assert len(grid) == HEIGHT
    assert grid[-1].startswith("●")
    assert grid[0].rstrip().endswith("●")
    assert grid[0].index("●") > grid[-1].rindex("●")


def test_the_ends_of_the_axes_are_named():
    drawn = lines(RISING)
    assert drawn[1].strip().startswith("10")
    assert drawn[HEIGHT].strip().startswith("0")
    assert drawn[HEIGHT + 2].split() == ["0", "x", "1"]


def test_every_line_fits_the_width():
    for width in (40, 80, 200):
        assert max(map(len, lines(RISING, width=width))) <= width


def test_a_legend_names_each_series_once_and_rules_look_like_rules():
    drawn = lines(RISING, RISING, Layer(kind="vertical", name="limit", x=(0.5,)))
    assert drawn[-1].strip() == "● a   │ limit"
    assert sum("│" in line for line in body(drawn)) == HEIGHT


def test_bars_reach_from_the_bottom_to_their_height():
    grid = body(lines(Layer(kind="bars", name="n", x=(0.0, 1.0, 2.0), y=(10.0, 0.0))))
    assert all(line.startswith("●") for line in grid)
    assert all(line.rstrip() == line[: len(line) // 2 + 1].rstrip() or len(line) < 40 for line in grid)


def test_a_chart_with_nothing_to_place_is_not_drawn():
    assert lines() == []
    assert lines(Layer(kind="vertical", name="v", x=(1.0,))) == []
