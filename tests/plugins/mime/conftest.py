"""The command line in an empty folder, with what the tests of mime read of its answer."""

import command_line
import pytest


class Done(command_line.Done):
    @property
    def findings(self):
        return self.report["findings"]

    @property
    def notes(self):
        return " | ".join(self.report["notes"])

    def values(self, metric, group=None):
        return [f["value"] for f in self.findings if f["metric"] == metric and group in {None, f["group"]}]


@pytest.fixture
def cli(capfd, tmp_path, monkeypatch):
    return command_line.caller(capfd, tmp_path, monkeypatch, kind=Done)
