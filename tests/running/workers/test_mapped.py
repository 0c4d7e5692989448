"""Results do not tell who worked: one process or two, in whatever order, though workers die."""

import os
import threading
import time
from functools import partial

import numpy as np
import pytest
from command_line import caller
from dask_cluster import cluster

from auditkit.errors import UsageError
from auditkit.running.workers.mapped import ALONE, Workers, mapped
from auditkit.testing import make_context


def drawn(seed):
    """Return numbers of a seed; the first take longest, so that others overtake them."""
    time.sleep(0.3 if seed == 0 else 0.0)
    return np.random.default_rng(seed).normal(size=3).tolist()


def dying(place, item):
    """End the process over item 1 as often as the file has letters."""
    if item == 1 and place.exists() and place.read_text():
        place.write_text(place.read_text()[1:])
        os._exit(9)
    return item * 10


def dying_slowly(place, item):
    time.sleep(0.2)
    return dying(place, item)


def ending(item):
    os._exit(item)


def threads(_):
    import numpy  # noqa: F401  its BLAS is what is asked about
    from threadpoolctl import threadpool_info

    return max(one["num_threads"] for one in threadpool_info())


def refusing(item):
    message = f"item {item} is refused"
    raise UsageError(message)


def seen():
    """Return a list, and a watch that writes into it what passes."""
    passed = []

    def watch(items):
        passed.append(len(items))
        yield from items

    return passed, watch


@pytest.fixture
def two():
    yield Workers(2)
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(kill_workers=True)


@pytest.mark.slow
def test_two_processes_give_what_one_gives_in_the_order_of_the_items(two):
    (one, alone), (other, together) = seen(), seen()
    items = list(range(6))
    assert mapped(two, drawn, items, watch=together) == mapped(ALONE, drawn, items, watch=alone)
    assert one == other == [6]  # somebody who watches knows how many there are


def test_a_worker_that_dies_costs_its_item_some_time_and_nothing_else(two, tmp_path):
    place = tmp_path / "deaths"
    place.write_text("x")
    assert mapped(two, partial(dying, place), [0, 1, 2, 3], watch=iter) == [0, 10, 20, 30]
    assert place.read_text() == ""


@pytest.mark.slow
def test_work_that_kills_every_worker_is_one_sentence(two):
    with pytest.raises(UsageError, match=r"workers died 3 times in a row over the same work.*--jobs"):
        mapped(two, ending, [1, 2], watch=iter)


def test_a_worker_has_one_thread_and_its_errors_arrive_as_they_are(two):
    assert mapped(two, threads, [0, 1], watch=iter) == [1, 1]
    with pytest.raises(UsageError, match=r"item \d is refused"):
        mapped(two, refusing, [1, 2], watch=iter)


def test_work_that_cannot_be_sent_is_one_sentence(two):
    with pytest.raises(
        UsageError, match=r"this work cannot be handed to other processes .*: leave out --jobs"
    ):
        mapped(two, partial(drawn, threading.Lock()), [1, 2], watch=iter)


def test_a_context_maps_by_its_workers_and_shows_progress():
    assert make_context().map(drawn, [1, 2], "drawing") == [drawn(1), drawn(2)]


def test_dask_needs_an_address():
    with pytest.raises(UsageError, match="--backend dask needs --scheduler"):
        mapped(Workers(2, "dask"), drawn, [1, 2], watch=iter)


@pytest.mark.slow
def test_a_dask_worker_that_is_killed_changes_no_result(tmp_path):
    place = tmp_path / "deaths"
    place.write_text("x")
    with cluster(2) as of_two:
        workers = Workers(-1, "dask", of_two.scheduler_address)
        assert mapped(workers, partial(dying, place), list(range(8)), watch=iter) == list(range(0, 80, 10))
    assert place.read_text() == ""


@pytest.mark.slow
def test_a_sweep_finds_the_same_by_one_process_and_by_two(two, capfd, tmp_path, monkeypatch):
    auditkit = caller(capfd, tmp_path, monkeypatch)
    asked = (
        "--with",
        "mime",
        "--groups",
        "sex",
        "--model",
        "logistic",
        "--trials",
        "2",
        "--train-size",
        "500",
    )
    one, other = (auditkit("audit", "adult", *asked, "--json", "-j", jobs).report for jobs in (1, 2))
    assert len(one["findings"]) > 20
    assert other["findings"] == one["findings"]


@pytest.mark.slow
def test_items_that_come_one_by_one_are_asked_for_as_workers_are_free_and_done_again_after_a_death(
    two, tmp_path
):
    place, asked = tmp_path / "deaths", []
    place.write_text("x")

    def coming():
        for item in range(10):
            asked.append(item)
            yield item

    def watch(results):
        for number, result in enumerate(results):
            if number == 0:
                assert len(asked) < 10
            yield result

    assert mapped(two, partial(dying_slowly, place), coming(), watch=watch) == [
        item * 10 for item in range(10)
    ]
    assert asked == list(range(10))
