"""What amounts of work take: seconds of one core, and bytes. Printed by benchmarks/costs.py; nothing else sets them.

A second here is one of the machine on which the probe of `running/cost/speed.py` takes `PROBE_SECONDS`.
"""

from __future__ import annotations

PROBE_SECONDS = 0.0095

# fmt: off
PRICES: dict[str, dict[str, tuple[float, float]]] = {
    "auditkit": {"start": (1.0, 0.0)},
    "duckdb": {"start": (0.0, 1e8), "rows x columns": (5e-9, 0.0)},
    "dask": {"start": (0.0, 1e8), "rows x columns": (4e-8, 0.0)},
    "predictions": {
        "start": (0.0, 0.0), "rows x width": (0.0, 0.0), "rows x width x width": (0.0, 0.0),
        "rows x width x classes": (0.0, 0.0),
    },
    "rates": {
        "start": (0.0, 0.0), "rows": (0.0, 0.0), "rows x cuts": (0.0, 0.0), "scored rows x cuts": (0.0, 0.0),
        "groups": (0.0, 0.0), "several classes": (0.0, 0.0), "groups x classes": (0.0, 0.0),
    },
    "minoria": {
        "start": (0.0, 0.0), "rows": (0.0, 0.0), "rows x width": (0.0, 0.0), "rows x pairs": (0.0, 0.0),
        "rows x triples": (0.0, 0.0),
    },
    "minoria.slices": {
        "start": (0.0, 0.0), "rows": (0.0, 0.0), "rows x width": (0.0, 0.0), "rows x pairs": (0.0, 0.0),
        "rows x triples": (0.0, 0.0),
    },
    "mime": {"start": (0.0, 0.0), "models": (0.0, 0.0), "steps": (0.0, 0.0), "rows": (0.0, 0.0), "rows x width": (0.0, 0.0), "tested": (0.0, 0.0)},
    "mime.logistic": {"start": (0.0, 0.0), "models": (0.0, 0.0), "rows": (0.0, 0.0), "rows x width": (0.0, 0.0), "tested": (0.0, 0.0)},
    "shasam": {
        "start": (0.0, 0.0), "rows": (0.0, 0.0), "rows x epochs": (0.0, 0.0), "rows x epochs x width": (0.0, 0.0),
        "plain rows x epochs": (0.0, 0.0),
    },
    "mpr": {
        "start": (0.0, 0.0), "queries": (0.0, 0.0), "queries x items": (0.0, 0.0), "queries x items x dimensions": (0.0, 0.0),
        "items": (0.0, 0.0),
    },
    "mopr": {
        "start": (0.0, 0.0), "queries": (0.0, 0.0), "queries x items": (0.0, 0.0), "queries x items x dimensions": (0.0, 0.0),
        "limits": (0.0, 0.0), "limits x items": (0.0, 0.0), "items": (0.0, 0.0),
    },
    "thresholds": {"start": (0.0, 0.0), "rows": (0.0, 0.0), "fitted before": (0.0, 0.0)},
    "reweigh": {"start": (0.0, 0.0), "rows": (0.0, 0.0), "rows x width": (0.0, 0.0), "fitted before": (0.0, 0.0)},
    "resample": {"start": (0.0, 0.0), "rows": (0.0, 0.0), "rows x width": (0.0, 0.0), "fitted before": (0.0, 0.0)},
    "dfr": {
        "start": (0.0, 0.0), "rows": (0.0, 0.0), "rows x width": (0.0, 0.0), "draws x rows x width": (0.0, 0.0),
        "fitted before": (0.0, 0.0),
    },
}
# fmt: on
