"""The workers of a Dask scheduler: that there are any, and that they run the program that hands them its work."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from auditkit.data.engines.tables import client_of
from auditkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WAIT = 10
"""Seconds that a scheduler's first worker may take to come."""


@contextmanager
def dask_workers(scheduler: str | None) -> Iterator[None]:
    """Make a scheduler's workers those that joblib hands its work to, or raise UsageError in one sentence."""
    if scheduler is None:
        message = "--backend dask needs --scheduler, such as tcp://host:8786"
        raise UsageError(message)
    import pydoc

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of versions that differ, which is refused below
        client = client_of(scheduler)
    with client:
        _need_workers(client, scheduler)
        # A worker answers by what Python itself brings: whatever else it would have to have is what is asked about.
        programs = client.run(pydoc.locate, "auditkit.__version__")
        problem = why_strange(client.get_versions(), programs)
        if problem:
            message = f"the Dask workers at {scheduler} cannot take this work: {problem}"
            raise UsageError(message)
        yield


def _need_workers(client: Any, scheduler: str) -> None:
    try:
        client.wait_for_workers(1, timeout=WAIT)
    except TimeoutError as error:
        message = (
            f"the Dask scheduler at {scheduler} has no worker within {WAIT} s; start one with: dask worker {scheduler}"
        )
        raise UsageError(message) from error


def why_strange(versions: Mapping[str, Any], programs: Mapping[str, str | None]) -> str:
    """Return why work cannot be handed over, nothing if it can.

    `versions` are those that a client knows of itself, its scheduler and its workers, `programs` the version of auditkit
    of each worker, None where it has none.
    """
    from auditkit import __version__

    for worker, version in programs.items():
        if version is None:
            return f"auditkit is not installed for {worker}; install version {__version__} there"
        if version != __version__:
            return f"auditkit is {version} for {worker} and {__version__} here; install one version everywhere"
    mine = _told(versions["client"])
    others = {"the scheduler": versions["scheduler"], **versions["workers"]}
    for name, told in others.items():
        for what, version in _told(told).items():
            if version != mine[what]:
                return f"{what} is {version} for {name} and {mine[what]} here; install one version everywhere"
    return ""


def _told(one: Mapping[str, Any]) -> dict[str, str]:
    """Return the versions without which what is pickled here is not read there: Python's first two numbers, and Dask's."""
    python = ".".join(str(one["host"]["python"]).split(".")[:2])
    return {"Python": python, "distributed": str(one["packages"]["distributed"])}
