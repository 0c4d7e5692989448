"""The command line in an empty folder."""

import pytest
from command_line import caller
from one_gate import write_one_gate


@pytest.fixture
def cli(capfd, tmp_path, monkeypatch):
    return caller(capfd, tmp_path, monkeypatch)


@pytest.fixture
def folder(tmp_path):
    """A folder with a recipe whose one gate fails."""
    return write_one_gate(tmp_path)
