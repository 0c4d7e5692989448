"""What holds for the page of every report."""

from __future__ import annotations

from importlib.resources import files

import pytest
from browser.conftest import DESK, PHONE

OPEN_ALL = "document.querySelectorAll('details').forEach(fold => fold.open = true)"
FAULTS = """async () => (await axe.run()).violations
    .filter(found => ['serious', 'critical'].includes(found.impact))
    .map(found => found.id + ': ' + found.nodes.map(node => node.html.slice(0, 200)).slice(0, 3).join(' | '))"""


def test_a_page_says_nothing_and_asks_for_nothing(open_page, name):
    assert open_page(name).said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_has_no_serious_fault_of_access_with_all_folds_open(open_page, name, scheme):
    page = open_page(name, scheme=scheme).page
    page.evaluate(OPEN_ALL)
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    assert page.evaluate(FAULTS) == []


def test_a_phone_never_scrolls_sideways(open_page, name):
    page = open_page(name, size=PHONE).page
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_without_scripts_all_is_there_but_the_filter(open_page, name):
    page = open_page(name, scripts=False).page
    assert page.locator("form").evaluate_all("forms => forms.every(form => form.hidden)")
    with_scripts = open_page(name).page
    rows = "rows => rows.map(row => row.textContent)"
    assert page.locator("tr").evaluate_all(rows) == with_scripts.locator("tr").evaluate_all(rows)


def test_the_answer_stands_on_the_first_screen(open_page, name):
    page = open_page(name).page
    box = page.locator(".answer").bounding_box()
    assert box["y"] + box["height"] <= DESK[1]
