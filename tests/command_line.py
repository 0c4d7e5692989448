"""Runs the command line in this process and catches what it prints."""

import json
from dataclasses import dataclass

from auditkit.cli.app import run


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def report(self):
        """What --json printed."""
        return json.loads(self.out)


def caller(capfd, tmp_path, monkeypatch, *, kind=Done):
    """Return a function that runs `auditkit ARGUMENTS` in an empty folder of its own and returns a `kind`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments):
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        caught = capfd.readouterr()
        return kind(code, caught.out, caught.err)

    return call
