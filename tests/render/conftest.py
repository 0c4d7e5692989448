"""Golden files: `python -m pytest tests/render --regolden` writes them anew; then read the diff."""

from __future__ import annotations

from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent.parent / "golden" / "render"


def pytest_addoption(parser):
    parser.addoption("--regolden", action="store_true", help="write the golden files of tests/render anew")


@pytest.fixture
def check_golden(pytestconfig):
    # The option is known only when this folder was named on the command line.
    regolden = pytestconfig.getoption("--regolden", default=False)

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if regolden:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        assert text == path.read_bytes().decode()

    return check
