"""What holds for the pages of the bundled census data: what the first screen shows, filter, print, size."""

from __future__ import annotations

import re
from time import process_time

import pytest
from browser.conftest import DESK
from browser.reports import report

from auditkit.render.page import html

PAGE = re.compile(rb"/Type\s*/Page\b")


def bottom(locator):
    box = locator.bounding_box()
    return box["y"] + box["height"]


def test_the_first_screen_holds_the_answer_every_failing_row_and_the_top_of_the_grid(open_page):
    page = open_page("failing").page
    assert page.locator(".answer h2").inner_text().startswith("✗ FAIL")
    failing = page.locator(".gate.fail .strip >> nth=0").locator("tbody tr")
    broken = sum(one.outcome == "breaks" for gate in report("failing").gates for one in gate.comparisons)
    assert failing.count() == broken > 0
    assert bottom(failing.last) <= DESK[1]
    assert bottom(page.locator(".mat >> nth=0").locator("tbody tr").nth(5)) <= DESK[1]


def test_the_filter_finds_groups_in_the_fold_and_one_attribute_hides_intersections(open_page):
    page = open_page("demo").page
    grid = page.locator(".grid")
    grid.get_by_label("Filter").fill("eskimo")
    shown = grid.locator("tbody tr:visible th").all_inner_texts()
    assert shown
    assert all("Eskimo" in name for name in shown)
    grid.get_by_label("Filter").fill("")
    grid.get_by_label("single attributes only").check()
    singles = grid.locator("tbody tr:visible th").all_inner_texts()
    named = [entry for entry in report("demo").groups if not entry.step]
    assert len(singles) == len(named)
    assert not any(" · " in name for name in singles)


def test_a_click_on_a_head_sorts_all_rows_and_another_turns_them(open_page):
    page = open_page("demo").page
    grid = page.locator(".grid")
    grid.locator("summary").click()
    before = sorted(grid.locator("tbody tr th").all_inner_texts())

    def rows():
        cells = grid.locator("tbody tr td:nth-child(2)").all_inner_texts()
        return [int(text.replace(",", "")) for text in cells]

    head = grid.locator("thead").first.get_by_role("button", name="Rows")
    head.press("Enter")
    assert rows() == sorted(rows())
    head.click()
    assert rows() == sorted(rows(), reverse=True)
    assert sorted(grid.locator("tbody tr th").all_inner_texts()) == before


@pytest.mark.parametrize(("which", "least", "most"), [("demo", 6, 8), ("audit", 2, 5), ("mime", 3, 6)])
def test_print_is_a_few_sheets_of_paper(open_page, which, least, most):
    sheets = len(PAGE.findall(open_page(which).page.pdf(format="A4", prefer_css_page_size=True)))
    assert least <= sheets <= most


def test_the_page_of_the_demo_stays_below_300_kilobytes(pages):
    assert pages("demo").stat().st_size < 300_000


def test_a_notebook_frame_shows_the_page_and_its_filter_works(chromium):
    page = chromium.new_page()
    page.set_content(report("demo")._repr_html_())
    inside = page.frame_locator("iframe")
    inside.get_by_label("Filter").fill("eskimo")
    assert inside.locator(".answer h2").inner_text().startswith("?")
    assert all("Eskimo" in name for name in inside.locator(".grid tbody tr:visible th").all_inner_texts())
    page.close()


def test_a_page_costs_less_than_a_second_beyond_its_run():
    made, begun = report("demo"), process_time()
    html.render(made)
    assert process_time() - begun < 1.0
