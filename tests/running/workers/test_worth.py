"""Processes are started where each item is expected to last, as many as there is memory for, and where somebody asks."""

import pytest

from auditkit import Cost
from auditkit.running.workers import worth as module
from auditkit.running.workers.mapped import ALONE, Workers
from auditkit.running.workers.worth import worth


def cost(item_seconds, size=0.0):
    return Cost(seconds=100.0, bytes=size, item_seconds=item_seconds)


@pytest.fixture
def machine(monkeypatch):
    """Let a machine have four cores, and so many bytes free, of which this process holds so many."""
    monkeypatch.setattr("joblib.cpu_count", lambda: 4)

    def has(free, held):
        monkeypatch.setattr(module, "free_bytes", lambda: free)
        monkeypatch.setattr(module, "held_bytes", lambda: held)

    has(10**12, 10**8)
    return has


@pytest.mark.parametrize(("found", "jobs"), [(None, 1), (cost(0.0), 1), (cost(2.0), 1), (cost(2.1), 4)])
def test_an_item_of_less_than_two_seconds_is_worth_no_process(machine, found, jobs):
    assert worth(found) == jobs


@pytest.mark.parametrize(("free", "jobs"), [(10**9, 4), (6 * 10**8, 3), (10**8, 1), (None, 4)])
def test_no_more_processes_are_started_than_there_is_memory_for(machine, free, jobs):
    machine(free, 10**8)
    assert worth(cost(10.0, 10**8)) == jobs


def test_without_a_number_nothing_is_handed_over_but_what_is_worth_it():
    assert not Workers(None).several
    assert not ALONE.several
    assert Workers(2).several
    assert Workers(None, "dask").several
