"""The command line in this process, in an empty folder."""

import json
from dataclasses import dataclass

import pytest

from auditkit.cli.app import run


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def findings(self):
        return json.loads(self.out)["findings"]

    @property
    def notes(self):
        return " | ".join(json.loads(self.out)["notes"])

    def values(self, metric, group=None):
        return [f["value"] for f in self.findings if f["metric"] == metric and group in {None, f["group"]}]


@pytest.fixture
def cli(capfd, tmp_path, monkeypatch):
    """Return a function that runs `auditkit ARGUMENTS`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments):
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        caught = capfd.readouterr()
        return Done(code, caught.out, caught.err)

    return call
