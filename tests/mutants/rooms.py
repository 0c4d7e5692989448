"""Which code is changed, by which tests each change should be seen, and how many changes must be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Room:
    """Files below src/ whose functions are changed, the tests that ought to see it, and the least share that must."""

    code: tuple[str, ...]
    tests: tuple[str, ...]
    at_least: float = 0.0


ROOMS = {
    "gates": Room(("auditkit/gates/*.py", "auditkit/values/gate.py"), ("gates",), at_least=0.85),
    "confirm": Room(("auditkit_minoria/confirm/*.py",), ("plugins/minoria/confirm",), at_least=0.85),
    "certificates": Room(
        (
            "auditkit_mpr/relaxed/certificate.py",
            "auditkit_mpr/relaxed/floor.py",
            "auditkit_mpr/relaxed/least.py",
        ),
        ("plugins/mpr/relaxed", "plugins/mpr/test_rerank.py"),
        at_least=0.85,
    ),
    "exact": Room(("auditkit/measures/exact/*.py",), ("measures/exact",)),
    "losses": Room(("auditkit/measures/losses/*.py",), ("measures/losses",)),
    "intervals": Room(
        (
            "auditkit/measures/intervals/*.py",
            "auditkit/measures/bounds/*.py",
            "auditkit/measures/closed_forms/*.py",
        ),
        (
            "measures/intervals",
            "measures/losses",
            "measures/scores",
            "measures/changes",
            "measures/between/test_paired.py",
            "measures/test_measures.py",
        ),
    ),
    "counting": Room(("auditkit/measures/counting/*.py",), ("measures/counting",)),
    "between": Room(("auditkit/measures/between/*.py",), ("measures/between",)),
}
"""Only fast tests are run: a change that nothing but a simulation of minutes sees is not seen."""
