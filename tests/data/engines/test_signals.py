"""A count in a database that takes hours ends when the process is asked to end, not after it."""

import os
import signal
import sqlite3
import threading
from time import perf_counter

import duckdb
import pytest

from auditkit.cli.console.signals import terminable
from auditkit.interrupt import heeded, stopped_by_signals

UNHEARD = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}

ENDLESS = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT COUNT(*) FROM r"


def duck():
    return duckdb.connect()


def lite():
    return sqlite3.connect(":memory:")


def count(base, number, after):
    """Count without end, and be asked to stop, as a run would be."""
    with terminable(), heeded(), stopped_by_signals(base.interrupt):
        threading.Timer(after, os.kill, (os.getpid(), number)).start()
        base.execute(ENDLESS).fetchall()


@pytest.mark.parametrize("connect", [duck, lite])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("after", [0, 0.2])
def test_an_endless_count_ends_at_a_signal(connect, number, after):
    """A library may say that it was stopped before the signal is answered, and as an error of its own."""
    held = {one: signal.signal(one, unheard) for one, unheard in UNHEARD.items()}
    base, start = connect(), perf_counter()
    try:
        with pytest.raises(KeyboardInterrupt):
            count(base, number, after)
    finally:
        for one, before in held.items():
            signal.signal(one, before)
        base.close()
    assert perf_counter() - start < 10
    with (
        pytest.raises(ValueError, match="of its own"),
        heeded(),
    ):  # the run is over: nobody asked for what comes after
        raise ValueError("of its own")


def test_other_signals_and_other_threads_stop_nothing():
    stopped, before = [], signal.signal(signal.SIGUSR1, lambda *_: None)
    with stopped_by_signals(lambda: stopped.append(1)):
        os.kill(os.getpid(), signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, before)
    held = stopped_by_signals(lambda: stopped.append(2))
    thread = threading.Thread(target=lambda: held.__enter__() and held.__exit__(None, None, None))
    thread.start()
    thread.join()
    assert stopped == []
    assert signal.set_wakeup_fd(-1) == -1
