"""A Dask cluster of this machine that is waited for as long as a machine at full load may take."""

from contextlib import contextmanager

import pytest

PATIENCE = 300
"""Seconds: what hangs for longer hangs."""
WAITS = {
    "distributed.comm.timeouts.connect": f"{PATIENCE}s",
    "distributed.comm.timeouts.tcp": f"{PATIENCE}s",
    "distributed.deploy.lost-worker-timeout": f"{PATIENCE}s",
}


@contextmanager
def cluster(workers, *, wait=PATIENCE, **more):
    """Yield a cluster of as many processes with one thread each; auditkit waits `wait` seconds for the first one."""
    import dask
    from distributed import LocalCluster

    with pytest.MonkeyPatch.context() as patient:
        patient.setattr("auditkit.data.engines.tables.WAIT", f"{PATIENCE}s")
        patient.setattr("auditkit.running.workers.dask.WAIT", wait)
        with (
            dask.config.set(WAITS),
            # A port of its own: with None the scheduler takes 8787 all the same, and two at once would warn of it.
            LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0", **more) as made,
        ):
            yield made
