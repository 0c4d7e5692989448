"""One line for each command that steps take part in, light enough for `auditkit --help`."""

from __future__ import annotations

STEP_COMMANDS = {"mine": "finder", "audit": "audit", "repair": "repair"}
"""The kind of step that each command runs."""

SUMMARIES = {
    "finder": "Find groups nobody named that are under-represented and fare worse, and confirm them.",
    "audit": "Measure how groups fare, with intervals.",
    "repair": "Repair a model or a result list, audited before and after.",
}
DIFF = "Say what changed for each group: two models on the same rows, two tables, or two stored runs."
POWER = "Say how many rows each group needs before a gate can decide."
