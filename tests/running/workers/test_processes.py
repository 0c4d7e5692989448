"""Processes that start before there is work: they have imported what it takes, and end with a block that fails."""

import gc
import os
import signal
import subprocess
import sys
import time

import pytest

from auditkit.running.workers.mapped import Workers, mapped
from auditkit.running.workers.processes import COLLECTED_AFTER, deaf, killed, started

RARE = "colorsys"
"""A module that nothing else imports."""
ONE = f"""
import sys
from auditkit.running.workers.processes import started
with started(1, ["{RARE}"]), started(None, ["{RARE}"]), started(2, []):
    print(*sorted({{"joblib", "{RARE}"}} & set(sys.modules)))
"""


@pytest.fixture(autouse=True)
def ended():
    yield
    killed()


def seen(_):
    """Return this process, whether it has imported what is rare and settled, and whether it hears Ctrl-C."""
    time.sleep(0.2)  # so that each process has its share of the items
    settled = RARE in sys.modules and gc.get_threshold()[0] == COLLECTED_AFTER
    return os.getpid(), settled, signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_work_is_done_by_the_processes_that_were_started_and_they_do_not_hear_ctrl_c():
    with started(2, [RARE, "no_such_module"]):
        found = mapped(Workers(2), seen, range(6), watch=iter)
    assert any(settled for _, settled, _ in found)
    assert not any(hears for _, _, hears in found)
    again = mapped(Workers(2), seen, range(2), watch=iter)
    assert {process for process, _, _ in again} <= {process for process, _, _ in found}
    assert seen(None)[2]


def test_processes_end_with_a_block_that_fails():
    processes = set()
    with pytest.raises(ZeroDivisionError), started(2, [RARE]):  # noqa: PT012  what ends is inside
        processes = {process for process, _, _ in mapped(Workers(2), seen, range(4), watch=iter)}
        assert all(map(alive, processes))
        raise ZeroDivisionError
    assert processes
    assert not any(map(alive, processes))


@pytest.fixture
def heeds_ctrl_c():
    """A shell has what it starts in the background ignore Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeds_ctrl_c")
def test_an_interrupt_while_processes_start_is_heard_after():
    heard = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012  when it comes is what is asked
        with deaf():
            signal.raise_signal(signal.SIGINT)  # to this thread: others may be there that hear it
            heard.append("not yet")
        heard.append("too late")
    assert heard == ["not yet"]


def test_one_process_and_steps_that_need_nothing_start_none():
    done = subprocess.run([sys.executable, "-c", ONE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
