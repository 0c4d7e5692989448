"""Runs the command line in this process and catches what it prints."""

from dataclasses import dataclass

import pytest

from auditkit.cli.app import run


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@pytest.fixture
def cli(capfd, tmp_path, monkeypatch):
    """Return a function that runs `auditkit ARGUMENTS` in an empty folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments):
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        caught = capfd.readouterr()
        return Done(code, caught.out, caught.err)

    return call
