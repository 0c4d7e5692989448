"""Subjects and a report that are small and have something of everything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit.groups.cut import group_by
from auditkit.spec.groups import GroupSpec
from auditkit.values.finding import Finding, Interval
from auditkit.values.gate import GateComparison, GateResult, outcome_of, verdict_of
from auditkit.values.metric import Metric
from auditkit.values.report import GroupEntry, Report, Skipped, StepEntry
from auditkit.values.shown.answer import Answer
from auditkit.values.shown.exhibit import Chart, Layer, Table
from auditkit.values.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

ROWS = 240
ANSWER = Answer("Women are found less often.", step="s", sure="shown", harm=True, exhibit="A table")
FEW = 12
"""Rows of the subject that is too small for most things."""
_CUTS = {
    "sex": GroupSpec(column="sex"),
    "region": GroupSpec(column="region"),
    "far": GroupSpec(where="`x` > 0.5"),
}


def tiny_subjects() -> Mapping[str, Subject]:
    """Return subjects by what they have: each kind of target, none, few rows, and embeddings.

    All have two attributes, one of which misses some values, a named group, and columns of predictions.
    """
    import numpy as np

    table = _table()
    features = ("x", "z", "colour")
    base = Subject(table=table, source="tiny", features=features, sensitive=("sex", "region"))
    kinds = {
        "two classes": replace(base, target="happened", pred="said", score="chance"),
        "three classes": replace(base, target="colour", pred="guessed", features=("x", "z")),
        "numbers": replace(base, target="z", pred="x", features=("x", "colour")),
        "no target": base,
        "no predictions": replace(base, target="happened"),
        "few rows": replace(base, table=table.head(FEW), target="happened", pred="said"),
        "embeddings": replace(
            base, target="happened", embeddings=np.random.default_rng(1).normal(size=(ROWS, 4))
        ),
    }
    return {name: group_by(subject, _CUTS) for name, subject in kinds.items()}


def _table() -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(0)
    x, z = rng.normal(size=(2, ROWS))
    happened = (x + rng.normal(size=ROWS) > 0).astype(int)
    colour = np.array(["blue", "green", "red"])[rng.integers(0, 3, ROWS)]
    region = np.array(["north", "south", None], dtype=object)[rng.choice(3, ROWS, p=(0.5, 0.4, 0.1))]
    return pd.DataFrame(
        {
            "x": x,
            "z": z,
            "colour": colour,
            "sex": np.where(np.arange(ROWS) % 2, "F", "M"),
            "region": region,
            "happened": happened,
            "said": np.where(rng.random(ROWS) < 0.8, happened, 1 - happened),
            "chance": 1 / (1 + np.exp(-x)),
            "guessed": np.where(rng.random(ROWS) < 0.6, colour, "red"),
        }
    )


def tiny_report() -> Report:
    """Return a report with a finding, one that could not be measured, a gate, a group, a table and a chart."""
    metric = Metric(name="tpr", title="True positive rate", formula="TP / (TP + FN)")
    found = Finding(
        metric="tpr", value=0.4, n=60, step="s", group="sex=F", interval=Interval(0.3, 0.5, 0.95, "wilson")
    )
    missed = replace(found, group="sex=M", value=None, n=3, interval=None, reason="3 rows, 30 needed")
    gate = _tiny_gate()
    verdict, exit_code = verdict_of([gate])
    step = StepEntry(
        id="s", use="s", kind="audit", title="A step", method="Counts.", plugin="p 1", metrics=(metric,)
    )
    line = Layer(kind="line", name="a line", x=(0.0, 1.0), y=(0.0, 2.0))
    return Report(
        name="tiny",
        verdict=verdict,
        exit_code=exit_code,
        recipe={"name": "tiny"},
        subject={"source": "tiny", "rows": 63, "task": "binary", "groups": {"sex": {"F": 60, "M": 3}}},
        steps=(step,),
        answers=(ANSWER,),
        findings=(found, missed),
        groups=(GroupEntry(name="sex=F", rule="sex is F", expression="`sex` == 'F'", n=60, share=60 / 63),),
        gates=(gate,),
        skipped=(Skipped(step="s", what="sex=M: tpr", why="3 rows, 30 needed", n=3, rows_needed=30),),
        notes=("A note <with> marks & more.",),
        tables=(Table(title="A table", columns=("a", "b"), rows=(("x", 1.5), (None, True)), step="s"),),
        charts=(Chart(title="A chart", layers=(line,), x_title="x", y_title="y", step="s"),),
    )


def _tiny_gate() -> GateResult:
    """Return a gate that one comparison breaks."""
    compared = GateComparison(group="sex=F", outcome="breaks", n=60, value=0.4, lower=0.3, upper=0.5, p=0.001)
    gate = GateResult(
        id="g",
        outcome="fail",
        message="sex=F: 0.4",
        on="s",
        metric="tpr",
        compare="absolute",
        rule="lower_bound > 0.1",
        comparisons=(compared,),
    )
    return replace(gate, outcome=outcome_of(gate))
