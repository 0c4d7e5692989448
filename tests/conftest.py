"""The same examples in every run; `pytest --hypothesis-profile=default` looks for new ones.

Golden files: `python -m pytest tests/render tests/store tests/cli/test_every_screen.py --regolden` writes them anew;
then read the diff.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser):
    parser.addoption("--regolden", action="store_true", help="write the golden files anew")


@pytest.fixture
def check_golden(pytestconfig):
    regolden = pytestconfig.getoption("--regolden", default=False)

    def check(name: str, text: str, *, room: str = "render") -> None:
        path = GOLDEN / room / name
        if regolden:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        assert text == path.read_bytes().decode()

    return check
