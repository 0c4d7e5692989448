"""The command line in an empty folder, with what the tests of mpr read of its answer."""

import command_line
import pytest


class Done(command_line.Done):
    def values(self, metric, stage=0):
        found = [f for f in self.report["findings"] if f["metric"] == metric and f["stage"] == stage]
        return {f["group"]: f["value"] for f in found}

    def finding(self, metric, stage=0):
        return next(f for f in self.report["findings"] if f["metric"] == metric and f["stage"] == stage)

    def table(self, title):
        return next(t for t in self.report["tables"] if t["title"].startswith(title))


@pytest.fixture
def cli(capfd, tmp_path, monkeypatch):
    return command_line.caller(capfd, tmp_path, monkeypatch, kind=Done)
