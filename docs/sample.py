"""Makes docs/sample-report.html, the README's pictures of it and its screen: `python docs/sample.py`, with a Chromium.

The report is that of the README's command: the bundled recipe, its limit set so that it fails.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

import auditkit

DOCS = Path(__file__).parent
CHANGES = ("gates.equal-opportunity.limit=0.02",)
SIZE = {"width": 1440, "height": 900}


def chromium() -> str:
    """Return the path of a Chromium."""
    found = subprocess.run(
        [DOCS.parent / "tests" / "browser" / "chromium.sh"], capture_output=True, text=True, check=True
    )
    return found.stdout.strip()


def screen() -> str:
    """Return what the README's command prints on a terminal of 100 columns."""
    words = [Path(sys.executable).with_name("auditkit"), "run", "adult", "--set", *CHANGES]
    ran = subprocess.run(
        words, env=os.environ | {"COLUMNS": "100"}, capture_output=True, text=True, check=False
    )
    if ran.returncode != 1:
        raise RuntimeError(ran.stderr)
    return "$ auditkit run adult --set " + " ".join(CHANGES) + "\n" + ran.stdout


def main() -> None:
    """Write the report, its first screen, light and dark, and the terminal's."""
    readme = DOCS.parent / "README.md"
    whole = readme.read_text(encoding="utf-8")
    readme.write_text(
        re.sub(r"(?<=```text\n)\$ auditkit run adult.*?(?=```)", lambda _: screen(), whole, flags=re.S),
        encoding="utf-8",
    )
    page = DOCS / "sample-report.html"
    auditkit.run("adult", changes=CHANGES).save(page, overwrite=True)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []  # a container's root has no sandbox
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=arguments)
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport=SIZE, color_scheme=scheme)
            opened = context.new_page()
            opened.goto(page.as_uri())
            opened.screenshot(path=DOCS / "figures" / f"report-{scheme}.png")
        browser.close()


if __name__ == "__main__":
    main()
