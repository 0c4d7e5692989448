"""One line for each kind of step command, light enough for `auditkit --help`."""

from __future__ import annotations

SUMMARIES = {
    "finder": "Find groups nobody named that are under-represented and fare worse, and confirm them.",
    "audit": "Measure how groups fare, with intervals.",
    "repair": "Repair a model or a result list, audited before and after.",
}
POWER = "Say how many rows each group needs before a gate can decide."
