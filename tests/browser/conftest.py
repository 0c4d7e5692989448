"""Reports opened in a real browser. `make browser` runs these; `pytest` alone does not come here (norecursedirs)."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from browser.reports import REPORTS, report
from playwright.sync_api import sync_playwright

from auditkit.render.page import html

DESK, PHONE = (1440, 900), (375, 812)


@dataclass
class Seen:
    """An open page and everything that it said or asked for since it was opened."""

    page: object
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def chromium():
    found = subprocess.run([Path(__file__).with_name("chromium.sh")], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    with sync_playwright() as driver:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []  # a container's root has no sandbox
        browser = driver.chromium.launch(executable_path=found.stdout.strip(), args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """The files of all reports by name, each made when it is first asked for."""
    folder, made = tmp_path_factory.mktemp("pages"), {}

    def page_of(name: str) -> Path:
        if name not in made:
            path = folder / f"{name}.html"
            path.write_text(html.render(report(name)), encoding="utf-8")
            made[name] = path
        return made[name]

    return page_of


@pytest.fixture
def open_page(chromium, pages):
    """Opens a report's page; `scheme` is light or dark, `scripts` whether the browser runs any."""
    contexts = []

    def opened(name, *, size=DESK, scheme="light", scripts=True):
        width, height = size
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        seen = Seen(context.new_page())
        seen.page.on("console", lambda message: seen.said.append(message.text))
        seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
        seen.page.on("request", lambda request: seen.said.append(request.url))
        url = pages(name).as_uri()
        seen.page.goto(url)
        assert seen.said.pop(0) == url
        return seen

    yield opened
    for context in contexts:
        context.close()


def pytest_generate_tests(metafunc):
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", REPORTS)
