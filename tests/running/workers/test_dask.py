"""Dask's workers: one that is killed while it trains changes no finding, and strangers are refused in a sentence."""

import os
import signal
import threading
import time

import pytest
from command_line import caller
from dask_cluster import cluster

from auditkit.errors import UsageError
from auditkit.running.workers.dask import why_strange
from auditkit.running.workers.mapped import Workers, mapped

ASKED = ("--with", "mime", "--groups", "sex", "--model", "ExtraTreesClassifier", "--trials", "2", "--betas", "0,1",
         "--train-size", "2000")  # fmt: skip
WITHOUT = """
import sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "auditkit":
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Without())
"""


def told(python="3.11.7.final.0", distributed="2026.8.0"):
    return {"host": {"python": python}, "packages": {"distributed": distributed}}


def kill_one_at_work(of, killed, over):
    """Kill the first process that has been at work over one item for a fifth of a second; stop looking once `over`."""
    since = {}
    while not over.wait(0.01):
        for one in list(of.scheduler.workers.values()):
            for task in list(one.processing):
                begun = since.setdefault((one.address, task.key), time.monotonic())
                mine = [nanny for nanny in list(of.workers.values()) if nanny.worker_address == one.address]
                if time.monotonic() - begun > 0.2 and mine and mine[0].process is not None:
                    killed.append(mine[0].process.pid)
                    os.kill(killed[0], signal.SIGKILL)
                    return


@pytest.mark.slow
def test_a_dask_worker_killed_in_a_sweep_of_mime_changes_no_finding(capfd, tmp_path, monkeypatch):
    auditkit = caller(capfd, tmp_path, monkeypatch)
    alone = auditkit("audit", "adult", *ASKED, "--json", "-j", "1").report
    killed, over = [], threading.Event()
    with cluster(2) as two:
        watcher = threading.Thread(target=kill_one_at_work, args=(two, killed, over))
        watcher.start()
        try:
            address = ("--scheduler", two.scheduler_address)
            done = auditkit("audit", "adult", *ASKED, "--json", "--backend", "dask", *address)
        finally:
            over.set()
            watcher.join()
        assert len(killed) == 1
    assert len(alone["findings"]) > 10
    assert done.report["findings"] == alone["findings"]


@pytest.mark.slow
def test_a_worker_without_auditkit_is_said_to_be_one(tmp_path):
    (tmp_path / "without.py").write_text(WITHOUT)
    with cluster(1, preload=[str(tmp_path / "without.py")]) as one:
        workers = Workers(None, "dask", one.scheduler_address)
        with pytest.raises(UsageError, match=r"auditkit is not installed for tcp.*; install version"):
            mapped(workers, abs, [1, 2], watch=iter)


@pytest.mark.slow
def test_a_scheduler_without_workers_is_not_waited_for_without_end():
    with (
        cluster(0, wait=1) as none,
        pytest.raises(UsageError, match=r"has no worker within 1 s; start one with: dask worker"),
    ):
        mapped(Workers(None, "dask", none.scheduler_address), abs, [1, 2], watch=iter)


ALIKE = {"client": told(), "scheduler": told("3.11.2.final.0"), "workers": {"tcp://w:1": told()}}
STRANGE = [
    ({}, {"tcp://w:1": None}, "auditkit is not installed for tcp://w:1"),
    ({}, {"tcp://w:1": "0.0.1"}, "auditkit is 0.0.1 for tcp://w:1 and 0.2.0 here"),
    ({"scheduler": told(distributed="2024.1.0")}, {}, "distributed is 2024.1.0 for the scheduler and 2026.8.0 here"),
    ({"workers": {"tcp://w:1": told("3.13.0.final.0")}}, {}, "Python is 3.13 for tcp://w:1 and 3.11 here"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "programs", "said"), STRANGE)
def test_what_another_version_would_not_read_is_refused(changed, programs, said):
    assert said in why_strange({**ALIKE, **changed}, programs, own="0.2.0")


def test_equal_versions_are_no_strangers():
    assert why_strange(ALIKE, {"tcp://w:1": "0.2.0"}, own="0.2.0") == ""
