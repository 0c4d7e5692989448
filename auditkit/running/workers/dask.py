"""The workers of a Dask scheduler: that there are any, and that they run the program that hands them its work."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from auditkit.data.engines.tables import client_of
from auditkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PROGRAM = "auditkit.__version__"
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
    try:
        with client:
            _need_workers(client, scheduler)
            # A worker answers by what Python itself brings: whatever else it would have to have is what is asked about.
            programs = client.run(pydoc.locate, PROGRAM)
            problem = why_strange(client.get_versions(), programs, own=str(pydoc.locate(PROGRAM)))
            if problem:
                message = f"the Dask workers at {scheduler} cannot take this work: {problem}"
                raise UsageError(message)
            yield
    except OSError as error:
        if not _gone(scheduler):  # else it is the work's own
            raise
        message = f"the Dask scheduler at {scheduler} went away while its workers were at work"
        raise UsageError(message) from error


def _gone(scheduler: str) -> bool:
    try:
        with client_of(scheduler):
            return False
    except UsageError:
        return True


def _need_workers(client: Any, scheduler: str) -> None:
    try:
        client.wait_for_workers(1, timeout=WAIT)
    except TimeoutError as error:
        message = (
            f"the Dask scheduler at {scheduler} has no worker within {WAIT} s; start one with: dask worker "
            f"{scheduler}"
        )
        raise UsageError(message) from error


def why_strange(versions: Mapping[str, Any], programs: Mapping[str, str | None], *, own: str) -> str:
    """Return why work cannot be handed over, nothing if it can.

    `versions` are those that a client knows of itself, its scheduler and its workers. `programs` are the versions of
    auditkit that each worker has, None where there is none; `own` is the one here.
    """
    for worker, version in programs.items():
        if version is None:
            return f"auditkit is not installed for {worker}; install version {own} there"
        if version != own:
            return f"auditkit is {version} for {worker} and {own} here; install one version everywhere"
    mine = _told(versions["client"])
    others = {"the scheduler": versions["scheduler"], **versions["workers"]}
    for name, told in others.items():
        for what, version in _told(told).items():
            if version != mine[what]:
                return f"{what} is {version} for {name} and {mine[what]} here; install one version everywhere"
    return ""


def _told(one: Mapping[str, Any]) -> dict[str, str]:
    """Return the versions on which it depends whether what is pickled here is read there."""
    python = ".".join(str(one["host"]["python"]).split(".")[:2])
    return {"Python": python, "distributed": str(one["packages"]["distributed"])}
