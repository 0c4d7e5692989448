from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser
from itertools import pairwise

import pytest
import yaml
from render import example, hostile

from auditkit.render.page import appendix, gallery, html
from auditkit.values.finding import Finding, Interval
from auditkit.values.shown.exhibit import Chart, Layer, Table

VOID = {"meta", "br", "input"}


class Page(HTMLParser):
    """The tags of a page, with a check that they are closed in order."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.text = [], [], []
        self.own = {"style": "", "script": ""}
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in self.own:
            self.own[self.open[-1]] += data
        else:
            self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def plain():
    return html.render(example.report())


@pytest.fixture(scope="module", params=["plain", "hostile"])
def text(request, plain):
    return plain if request.param == "plain" else html.render(hostile.report())


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_the_example_matches_its_golden_file(plain, check_golden):
    """All but the files of our own that stand in every page, and their hashes."""
    bare = re.sub(r"(<style>|<script>).*?(</style>|</script>)", r"\1\2", plain, flags=re.DOTALL)
    check_golden("report.html", re.sub(r"sha256-[\w+/=]*", "sha256-", bare))


def test_the_same_report_gives_the_same_bytes(plain):
    assert html.render(example.report()) == plain


def test_the_policy_allows_the_one_style_and_the_one_script_and_nothing_else(page):
    (policy,) = [meta["content"] for meta in page.all("meta") if "http-equiv" in meta]
    hashes = {
        kind: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for kind, text in page.own.items()
    }
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes['style']}'; script-src 'sha256-{hashes['script']}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert len(page.all("style")) == len(page.all("script")) == 1
    assert len(page.own["script"].encode()) < 1024


def test_nothing_can_run_or_load(page):
    tags = {tag for tag, _ in page.tags}
    assert not tags & {
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "base",
        "i",
        "image",
        "use",
    }
    for tag, attributes in page.tags:
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name not in {"style", "src", "srcset", "xmlns", "xlink:href", "action"}
            if name not in {"aria-label", "content", "title", "data-l"}:
                assert not re.search(r"//|url\(|javascript:", value or "")
            if tag == "a":
                assert attributes["href"].startswith("#")
    assert not re.search(r"url\(|@import|//", page.own["style"])
    assert not re.search(r"fetch|import|eval|innerHTML|http", page.own["script"])


def test_every_link_and_label_has_its_place_and_ids_are_unique(page):
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    used = {a["href"].removeprefix("#") for a in page.all("a")}
    used |= {attributes["aria-labelledby"] for _, attributes in page.tags if "aria-labelledby" in attributes}
    assert used <= set(ids)


def test_headings_step_down_one_level_at_a_time(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_scoped_heads(page):
    assert len(page.all("table")) == len(page.all("caption"))
    assert all(head["scope"] in {"row", "col"} for head in page.all("th"))


def test_every_drawing_is_a_named_image(page):
    drawn = [svg for svg in page.all("svg") if "aria-hidden" not in svg]
    assert drawn
    assert all(svg["role"] == "img" and svg["aria-label"] for svg in drawn)
    assert len(page.all("details")) >= len(page.all("figure"))


def test_the_reader_meets_answer_gates_grid_mined_groups_what_is_missing_and_the_appendix_in_this_order(
    plain,
):
    marks = (
        'id="answer"', 'class="gate fail"', "Where groups fare worse", "Groups that nobody named", ">Not assessed",
        ">Appendix</h2>", ">All numbers", "Methods and formulas", "How to read this", "The recipe of this run",
        ">Provenance",
    )  # fmt: skip
    places = [plain.index(mark) for mark in marks]
    assert places == sorted(places)


def test_every_finding_and_formula_is_on_the_page(plain):
    for item in example.report().findings:
        if item.value is None:
            assert item.reason in plain
        elif item.compare == "absolute" and item.unit == "share":
            assert f"{item.value:.3f}" in plain
    for step in example.report().steps:
        assert escape(step.method).replace("&#x27;", "&#39;") in plain
        for metric in step.metrics:
            assert metric.formula in plain


def test_hostile_text_shows_as_text_and_is_shortened():
    text = html.render(hostile.report())
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "x" * (html.PARAGRAPH + 1) not in text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert "{{ 7 * 7 }}" in text
    assert len(text.encode()) < 2_000_000


def many(metrics, groups):
    findings = [
        Finding(
            step="rates",
            metric=f"m{m}",
            value=0.5 + (-1) ** g * g / (3 * groups),
            n=100 + g,
            group=f"sex: Female & race: Asian-Pac-Islander & age: {g}",
            compare=compare,
            interval=Interval(0.1, 0.9),
            direction="higher_is_worse",
        )
        for m in range(metrics)
        for g in range(groups)
        for compare in ("absolute", "to_rest")
    ]
    return replace(example.report(), findings=tuple(findings), charts=(), tables=())


@pytest.mark.parametrize(("metrics", "groups"), [(6, 60), (1, 1000)])
def test_a_large_report_stays_below_two_megabytes(metrics, groups):
    assert len(html.render(many(metrics, groups)).encode()) < 2_000_000


def test_all_the_rows_that_a_page_may_hold_stay_below_two_megabytes():
    small, large = (len(html.render(many(1, n)).encode()) for n in (100, 400))
    rows = max(html.ALL_GRIDS, appendix.ALL_ROWS) * (large - small) / 300
    assert small + rows + gallery.ALL_SVG + gallery.ALL_TEXT < 2_000_000


def test_a_step_that_shows_much_stays_below_two_megabytes():
    points = tuple(float(i) for i in range(5000))
    layer = Layer(kind="points", name="rows", x=points, y=points)
    chart = Chart(title="c", x_title="x", y_title="y", layers=(layer,), step="rates")
    table = Table(title="t", columns=tuple("abcdefgh"), rows=(("text " * 20,) * 8,) * 500, step="rates")
    shown = replace(many(6, 60), charts=(chart,) * 30, tables=(table,) * 30)
    text = html.render(shown)
    assert len(text.encode()) < 2_000_000
    assert "For space, 4,000 points are not drawn." in text
    assert "The page has no room for this chart" in text
    assert "495 more rows are in the JSON document." in text


def test_charts_of_one_row_stand_side_by_side_with_a_legend(plain):
    first, second = plain.split('<div class="gallery">')[1].split('<figure class="plot">')[1:]
    assert "Skew against angle" in first
    assert "Projection" in second
    assert first.count("<li>") == 3
    assert "<td>hidden-1</td>" in first


def test_a_long_expression_is_whole_but_folded():
    long = " + ".join(f"{k} * (`hours-per-week` - 40.4)" for k in range(60))
    entry = replace(example.mined_groups()[0], expression=long)
    text = html.render(replace(example.report(), groups=(entry,)))
    assert f"<code>{long}</code>\n</details>" in text


def test_fifteen_groups_stand_open_and_what_is_left_out_is_said():
    text = html.render(many(1, 3000))
    assert text.split('class="mat"')[1].count("<tr") == 15 + 1
    assert f"{html.ALL_GRIDS - 15:,} more groups</summary>" in text
    assert "1,800 more groups are in the JSON document." in text
    assert "600 more rows are in the JSON document." in text


def test_the_recipe_stands_on_the_page_as_yaml_that_reads_back():
    (text,) = re.findall(r"<pre><code>(.*?)</code></pre>", html.render(example.report()), re.DOTALL)
    assert yaml.safe_load(unescape(text)) == example.report().recipe


def test_a_report_of_nothing_is_a_page():
    bare = replace(
        example.report(), verdict="no gates", gates=(), findings=(), groups=(), skipped=(), notes=(), steps=()
    )
    page = Page(html.render(replace(bare, subject={}, provenance={})))
    assert "measured only, nothing was asked to hold" in " ".join(page.text)
