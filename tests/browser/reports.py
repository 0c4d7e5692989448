"""The reports that a browser opens: made ones, and real runs of every kind of step."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from render import example, hostile

import auditkit
from auditkit.values.exit_code import ExitCode
from auditkit.values.finding import Finding, Interval

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditkit.values.report import Report

FAILING = ["gates.equal-opportunity.limit=0.02"]


def many_groups() -> Report:
    """200 groups, each by six metrics."""
    findings = [
        Finding(
            step="rates",
            metric=f"m{m}",
            value=(-1) ** g * g / 600,
            n=100 + g,
            group=f"sex: Female & race: Asian-Pac-Islander & age: {g}",
            compare="to_rest",
            interval=Interval((-1) ** g * g / 600 - 0.1, (-1) ** g * g / 600 + 0.1),
            direction="higher_is_worse",
            signed=True,
            unit="share",
        )
        for m in range(6)
        for g in range(200)
    ]
    return replace(example.report(), findings=tuple(findings), charts=(), tables=())


def insufficient() -> Report:
    """A gate whose groups are all too thin."""
    gates = example.gates()[2:]
    return replace(example.report(), gates=gates, verdict="insufficient", exit_code=ExitCode.UNDECIDED)


def repaired() -> Report:
    """A network retrained on little, audited before and after."""
    return auditkit.repair("german_credit", sensitive="sex", epochs=12, runs=1, mining="random", groups="sex")


def changed() -> Report:
    """Two models about the same 3,000 people, the new one worse for a group."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"g": rng.choice(["a", "b"], 3000), "y": rng.integers(0, 2, 3000)})
    table["old"] = np.where(rng.random(3000) < 0.2, 1 - table["y"], table["y"])
    table["new"] = np.where((table["g"] == "b") & (rng.random(3000) < 0.2), 0, table["old"])
    return auditkit.audit(table, steps="diff", target="y", pred="new", versus="old", favourable=1, groups="g")


REPORTS: dict[str, Callable[[], Report]] = {
    "example": example.report,
    "hostile": hostile.report,
    "many-groups": many_groups,
    "insufficient": insufficient,
    "demo": partial(auditkit.run, "adult"),
    "failing": partial(auditkit.run, "adult", changes=FAILING),
    "audit": partial(auditkit.audit, "german_credit", groups="sex,age:0/25/40"),
    "sweep": partial(auditkit.mine, "german_credit", steps="minoria.sweep", features=["age", "duration"]),
    "selection": partial(
        auditkit.audit,
        "german_credit",
        steps=["ll144", "four-fifths"],
        outcome="credit",
        favourable="1",
        groups="sex",
    ),
    "scan": partial(auditkit.audit, "german_credit", steps="threshold-scan", groups="sex"),
    "change": changed,
    "mime": partial(auditkit.run, "mime-adult-quick"),
    "lists": partial(auditkit.run, "mpr-people"),
    "repair": repaired,
}


@cache
def report(name: str) -> Report:
    """Return the report of that name, made once."""
    return REPORTS[name]()
