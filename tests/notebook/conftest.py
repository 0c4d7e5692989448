"""The command line in an empty folder."""

import pytest
from command_line import caller


@pytest.fixture
def cli(capfd, tmp_path, monkeypatch):
    return caller(capfd, tmp_path, monkeypatch)
