"""Runs the command line in this process, in an empty folder, and catches what it prints."""

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
    def report(self):
        return json.loads(self.out)

    def values(self, metric, stage=0):
        found = [f for f in self.report["findings"] if f["metric"] == metric and f["stage"] == stage]
        return {f["group"]: f["value"] for f in found}

    def finding(self, metric, stage=0):
        return next(f for f in self.report["findings"] if f["metric"] == metric and f["stage"] == stage)

    def table(self, title):
        return next(t for t in self.report["tables"] if t["title"].startswith(title))


@pytest.fixture
def cli(capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments):
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        caught = capfd.readouterr()
        return Done(code, caught.out, caught.err)

    return call
