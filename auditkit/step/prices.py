"""What amounts of work take: seconds of one core, and bytes. Printed by benchmarks/costs.py; nothing else sets them.

A second here is one of the machine on which the probe of `running/cost/speed.py` takes `PROBE_SECONDS`. A step's start
holds what it imports; machine code that is made once, on a machine's first run, is in none of them.
"""

from __future__ import annotations

PROBE_SECONDS = 0.0095

PRICES: dict[str, dict[str, tuple[float, float]]] = {
    "auditkit": {"start": (0.445, 0)},
    "duckdb": {"start": (0.1, 1e8), "rows x columns": (5e-9, 0.0)},
    "dask": {"start": (1.0, 3e8), "rows x columns": (4e-8, 0.0)},
    "rates": {
        "start": (0.0951, 2.52e06),
        "rows": (0, 0),
        "rows x cuts": (1.05e-07, 35.1),
        "scored rows x cuts": (2.45e-07, 23),
        "groups": (0.000639, 60600),
        "many": (0.0266, 1.02e08),
        "groups x classes": (0.000466, 35700),
    },
    "predictions": {
        "start": (0.0218, 101000),
        "rows x width": (9.73e-08, 22.1),
        "rows x width x width": (9.48e-10, 0.0742),
        "rows x width x classes": (2.81e-07, 41.7),
    },
    "minoria": {
        "start": (0.556, 1.23e08),
        "rows": (7.53e-06, 0),
        "rows x width": (0, 8.59),
        "rows x pairs": (0, 6.08),
        "rows x triples": (1.83e-08, 0),
    },
    "minoria.slices": {
        "start": (0.403, 1.21e08),
        "rows": (5.44e-06, 471),
        "rows x width": (0, 0),
        "rows x pairs": (0, 0),
        "rows x triples": (7.27e-09, 0.194),
    },
    "mime": {
        "start": (0.126, 2.2e08),
        "models": (0, 0),
        "steps": (0, 0),
        "rows": (6.54e-07, 0),
        "rows x width": (4.34e-09, 0),
        "tested": (5.85e-06, 257),
    },
    "mime.logistic": {
        "start": (0.409, 2.14e08),
        "models": (0, 0),
        "rows": (0, 12.1),
        "rows x width": (3.86e-08, 1.63),
        "tested": (3.49e-07, 38.5),
    },
    "shasam": {
        "start": (0.592, 2.45e07),
        "rows": (0.000101, 2260),
        "rows x epochs": (2.99e-06, 0),
        "rows x epochs x width": (1.25e-07, 3.98),
        "plain rows x epochs": (1.27e-05, 85.4),
    },
    "mpr": {
        "start": (0.0832, 1.71e07),
        "queries": (0.000359, 0),
        "queries x own items": (0, 0),
        "queries x items x dimensions": (1.1e-10, 0.199),
        "items": (1.63e-06, 17.6),
    },
    "mopr": {
        "start": (0.125, 1.52e07),
        "queries": (0.00851, 748000),
        "queries x own items": (3.34e-06, 0),
        "queries x items x dimensions": (3.17e-09, 0),
        "limits": (0.00185, 0),
        "limits x own items": (0, 0),
        "items": (4.88e-07, 259),
    },
    "thresholds": {
        "start": (0.419, 1.19e07),
        "rows": (2.36e-06, 132),
        "fitted before": (9.29e-08, 0.655),
    },
    "reweigh": {
        "start": (0.373, 1.86e06),
        "rows": (3.07e-06, 0),
        "rows x width": (2.21e-08, 27.6),
        "fitted before": (3.7e-08, 7.08),
    },
    "resample": {
        "start": (0.366, 3.94e06),
        "rows": (6.25e-07, 0),
        "rows x width": (1.25e-07, 23.2),
        "fitted before": (1.07e-07, 0),
    },
    "dfr": {
        "start": (0.369, 3.88e06),
        "rows": (8.99e-07, 0),
        "rows x width": (1.18e-07, 22.2),
        "draws x rows x width": (1.45e-08, 0.0986),
        "fitted before": (5.58e-08, 0),
    },
}
