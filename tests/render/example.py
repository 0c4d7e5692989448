"""A made report like those of a real run: income, three gates, thin intersections, two mined groups."""

from __future__ import annotations

from math import sqrt

from auditkit.values.exit_code import ExitCode
from auditkit.values.finding import Finding, Interval, as_declared
from auditkit.values.gate import GateComparison, GateResult
from auditkit.values.metric import Metric
from auditkit.values.report import GroupEntry, Report, Skipped, StepEntry
from auditkit.values.shown.exhibit import Chart, Layer, Table

OVERALL = {"tpr": (0.604, 3846), "selection_rate": (0.196, 16281), "fpr": (0.068, 12435)}
DIRECTION = {"tpr": "lower_is_worse", "selection_rate": "lower_is_worse", "fpr": "higher_is_worse"}
# group: rows, then (value, rows that count) per metric
COUNTS = {
    "sex: Female": (5421, {"tpr": (0.512, 590), "selection_rate": (0.081, 5421), "fpr": (0.024, 4831)}),
    "sex: Male": (10860, {"tpr": (0.621, 3256), "selection_rate": (0.253, 10860), "fpr": (0.096, 7604)}),
    "race: White": (13946, {"tpr": (0.609, 3486), "selection_rate": (0.209, 13946), "fpr": (0.074, 10460)}),
    "race: Black": (1561, {"tpr": (0.531, 179), "selection_rate": (0.088, 1561), "fpr": (0.031, 1382)}),
    "race: Asian-Pac-Islander": (
        480,
        {"tpr": (0.623, 133), "selection_rate": (0.229, 480), "fpr": (0.081, 347)},
    ),
    "race: Amer-Indian-Eskimo": (
        159,
        {"tpr": (0.421, None), "selection_rate": (0.088, 159), "fpr": (0.036, 140)},
    ),
    "race: Other": (135, {"tpr": (0.4, None), "selection_rate": (0.111, 135), "fpr": (0.027, 110)}),
    "sex: Female & race: White": (
        4385,
        {"tpr": (0.521, 513), "selection_rate": (0.087, 4385), "fpr": (0.025, 3872)},
    ),
    "sex: Female & race: Black": (
        760,
        {"tpr": (0.341, 41), "selection_rate": (0.031, 760), "fpr": (0.011, 719)},
    ),
    "sex: Male & race: Black": (
        801,
        {"tpr": (0.587, 138), "selection_rate": (0.142, 801), "fpr": (0.05, 663)},
    ),
    "sex: Female & race: Amer-Indian-Eskimo": (
        54,
        {"tpr": (0.2, None), "selection_rate": (0.056, 54), "fpr": (0.0, 49)},
    ),
}
POSITIVES = {"race: Amer-Indian-Eskimo": 19, "race: Other": 25, "sex: Female & race: Amer-Indian-Eskimo": 5}

RATES = StepEntry(
    id="rates",
    use="rates",
    kind="audit",
    title="Rates by group",
    method=(
        "Each rate is computed per group from the group's confusion counts and set against all other rows. "
        "Intervals of a single rate are Wilson's, those of a gap are Newcombe's hybrid score intervals."
    ),
    plugin="auditkit-rates 0.1.0",
    params={"metrics": ["tpr", "selection_rate", "fpr"], "max_order": 2},
    metrics=(
        Metric(
            name="tpr",
            title="True positive rate",
            formula="TPR(g) = TP(g) / (TP(g) + FN(g))",
            direction="lower_is_worse",
            source="Hardt, Price and Srebro 2016, doi:10.48550/arXiv.1610.02413",
        ),
        Metric(
            name="selection_rate",
            title="Selection rate",
            formula="P(ŷ = 1 | g) = (TP(g) + FP(g)) / n(g)",
            direction="lower_is_worse",
            source="Calders and Verwer 2010, doi:10.1007/s10618-010-0190-x",
        ),
        Metric(
            name="fpr",
            title="False positive rate",
            formula="FPR(g) = FP(g) / (FP(g) + TN(g))",
            direction="higher_is_worse",
        ),
    ),
)
HIDDEN = StepEntry(
    id="hidden",
    use="minoria",
    kind="finder",
    title="Groups nobody named",
    method=(
        "Looks for directions in the features along which a thin tail of rows bears a high loss, turns each "
        "into a rule, and confirms it on rows that the search did not see."
    ),
    plugin="auditkit-minoria 0.1.0",
    params={"top": 2, "tail": 0.05},
    metrics=(
        Metric(
            name="loss_gap",
            title="Loss gap",
            formula="mean loss in the group − mean loss elsewhere",
            unit="nats",
            direction="higher_is_worse",
            signed=True,
        ),
        Metric(name="skew", title="Skew of the direction", formula="(median − mean) / SD", unit="SD"),
    ),
)
MINED = (
    (
        "hidden-1",
        "education_num is at most 6 and hours_per_week is above 55",
        "(education_num <= 6) & (hours_per_week > 55)",
        412,
        True,
        (0.412, 0.287, 0.537),
    ),
    (
        "hidden-2",
        "age is above 71 and capital_gain is above 9,000",
        "(age > 71) & (capital_gain > 9000)",
        97,
        False,
        (0.133, -0.061, 0.327),
    ),
)


def declared(finding: Finding) -> Finding:
    metric = next(m for step in (RATES, HIDDEN) for m in step.metrics if m.name == finding.metric)
    return as_declared(finding, metric)


def report() -> Report:
    return Report(
        name="adult-income",
        verdict="fail",
        exit_code=ExitCode.GATE_FAILED,
        recipe={"version": 1, "name": "adult-income", "stats": {"confidence": 0.95, "correction": "holm"}},
        subject={
            "source": "adult",
            "rows": 16281,
            "columns": 15,
            "task": "binary",
            "target": "income",
            "classes": ["<=50K", ">50K"],
            "outcome": {"column": "income", "value": ">50K", "kind": "favourable", "said": True},
            "predictions": None,
            "split": "split",
            "weight": None,
            "features": ["age", "workclass", "education_num", "occupation", "capital_gain", "hours_per_week"],
            "sensitive": ["sex", "race"],
            "groups": {
                "sex": {"Female": 5421, "Male": 10860},
                "race": {"White": 13946, "Black": 1561, "Asian-Pac-Islander": 480, "Other": 135},
            },
            "title": "Adult: census records of 1994, test part",
            "licence": "CC BY 4.0",
            "caveat": "Income is cut at 50,000 dollars of 1994; what holds here need not hold today.",
        },
        steps=(RATES, HIDDEN),
        findings=tuple(map(declared, (*rate_findings(), *mined_findings()))),
        groups=(*named_groups(), *mined_groups()),
        gates=gates(),
        skipped=(
            Skipped(
                step="rates",
                what="5 intersections of sex and race",
                why="fewer rows than min_n = 30",
                n=23,
                rows_needed=30,
            ),
        ),
        tables=tables(),
        charts=charts(),
        notes=(
            "No prediction column was named: a baseline model was cross-fitted. "
            "It says what the data make easy, not what your model does.",
            "1,836 rows miss a value in workclass; they were kept.",
        ),
        provenance={
            "command": "auditkit run adult -o report.html",
            "started": "2025-11-24T04:22:03+00:00",
            "seconds": 2.137,
            "seed": 0,
            "inputs": [
                {
                    "file": "adult.parquet",
                    "sha256": "9f2d5a4c7b1e08d36a5f4c2b9e8d7f60123456789abcdef0fedcba9876543210",
                    "bytes": 409637,
                }
            ],
            "versions": {"python": "3.11.14", "auditkit": "0.1.0", "numpy": "2.4.6", "pandas": "2.3.3"},
            "plugins": [
                {"name": "minoria", "version": "0.1.0", "problem": ""},
                {"name": "rates", "version": "0.1.0", "problem": ""},
            ],
            "git_commit": "33939f9c0ffee5eed5eed5eed5eed5eed5eed5ee+changes",
            "platform": "Linux x86_64, 2 cores",
        },
    )


def rate_findings() -> tuple[Finding, ...]:
    found = [
        Finding(step="rates", metric=name, value=value, n=n, interval=around(value, n, "wilson"))
        for name, (value, n) in OVERALL.items()
    ]
    for group, (rows, rates) in COUNTS.items():
        for name, (value, n) in rates.items():
            found += measured(group, name, value, n) if n else thin(group, name, rows)
    found += [
        attribute("sex", "tpr", "difference", 0.109),
        attribute("race", "tpr", "difference", 0.092),
        attribute("sex", "selection_rate", "ratio", 0.32),
    ]
    return tuple(found)


def measured(group: str, name: str, value: float, n: int) -> list[Finding]:
    shared = {"step": "rates", "metric": name, "group": group, "n": n, "direction": DIRECTION[name]}
    gap = round(value - OVERALL[name][0], 3)
    return [
        Finding(value=value, interval=around(value, n, "wilson"), **shared),
        Finding(value=gap, compare="to_rest", interval=around(gap, n, "newcombe", value), **shared),
    ]


def thin(group: str, name: str, rows: int) -> list[Finding]:
    shared = {"step": "rates", "metric": name, "group": group, "n": POSITIVES[group]}
    reason = f"{POSITIVES[group]} rows with a positive target, fewer than min_n = 30"
    needed = round(30 * rows / POSITIVES[group])
    return [
        Finding(value=None, compare=compare, reason=reason, rows_needed=needed, **shared)
        for compare in ("absolute", "to_rest")
    ]


def attribute(name: str, metric: str, compare: str, value: float) -> Finding:
    interval = Interval(round(value * 0.7, 3), round(value * 1.3, 3), method="simultaneous")
    return Finding(
        step="rates",
        metric=metric,
        value=value,
        n=16281,
        compare=compare,
        interval=interval,
        direction="lower_is_worse" if compare == "ratio" else "higher_is_worse",
        details={"attribute": name},
    )


def around(value: float, n: int, method: str, rate: float | None = None) -> Interval:
    share = value if rate is None else rate
    half = 1.96 * sqrt(max(share * (1 - share), 0.002) / n)
    low, high = round(value - half, 4), round(value + half, 4)
    if method == "wilson":
        return Interval(max(low, 0.0), high, method=method, basis=(float(round(value * n)), float(n)))
    return Interval(low, high, method=method)


def mined_findings() -> tuple[Finding, ...]:
    found = []
    for index, (name, _, _, n, _, (value, low, high)) in enumerate(MINED):
        shared = {"step": "hidden", "group": name, "n": n}
        p = (0.00004, 0.179)[index]
        found += [
            Finding(
                metric="loss_gap",
                value=value,
                interval=Interval(low, high, method="welch", basis=(float(n - 1),)),
                unit="nats",
                direction="higher_is_worse",
                details={"p_value": p},
                **shared,
            ),
            Finding(metric="skew", value=(0.31, -0.18)[index], unit="SD", **shared),
        ]
    return tuple(found)


def tables() -> tuple[Table, ...]:
    rows = ((0.05, 412, 0.81, None), (0.01, 82, 0.74, "fewer than 100 rows"))
    return (
        Table(
            title="Tails by percentile", columns=("Share", "n", "Accuracy", "Note"), rows=rows, step="hidden"
        ),
        Table(
            title="Rows to look at first",
            columns=("Row", "Loss"),
            rows=((17, 3.25),),
            personal=True,
            step="hidden",
        ),
    )


def charts() -> tuple[Chart, ...]:
    angles = tuple(15.0 * i for i in range(13))
    skews = tuple(round(0.3 - abs(i - 5) * 0.08, 4) for i in range(13))
    bounds = {"low": tuple(y - 0.05 for y in skews), "high": tuple(y + 0.05 for y in skews)}
    return (
        Chart(
            title="Skew against angle", x_title="angle, degrees", y_title="skew", step="hidden", row="pair",
            caption="The peak is the direction of hidden-1.",
            layers=(
                Layer(kind="line", name="skew", x=angles, y=skews, **bounds),
                Layer(kind="vertical", name="hidden-1", x=(75.0,), colour="alarm"),
                Layer(kind="horizontal", name="no skew", y=(0.0,), colour="faint"),
            ),
        ),
        Chart(
            title="Projection", x_title="projection", y_title="rows", step="hidden", row="pair",
            layers=(
                Layer(kind="bars", name="rows", x=(0.0, 1.0, 2.0, 3.0, 4.0), y=(40.0, 90.0, 20.0, 4.0)),
                Layer(kind="points", name="tail", x=(3.5, 3.8), y=(4.0, 1.0), texts=("row 17", ""), colour="second"),
            ),
        ),
    )  # fmt: skip


def named_groups() -> tuple[GroupEntry, ...]:
    return tuple(
        GroupEntry(
            name=name,
            rule=name.replace(": ", " is ").replace(" & ", " and "),
            expression=" & ".join(
                f"({part.split(': ')[0]} == '{part.split(': ')[1]}')" for part in name.split(" & ")
            ),
            n=rows,
            share=rows / 16281,
        )
        for name, (rows, _) in COUNTS.items()
    )


def mined_groups() -> tuple[GroupEntry, ...]:
    return tuple(
        GroupEntry(
            name=name,
            rule=rule,
            expression=expression,
            n=n,
            share=n / 16281,
            step="hidden",
            confirmed=confirmed,
        )
        for name, rule, expression, n, confirmed, _ in MINED
    )


def gates() -> tuple[GateResult, ...]:
    return (
        GateResult(
            id="tpr",
            outcome="fail",
            on="rates",
            metric="tpr",
            compare="to_rest",
            rule="limit 0.05",
            harm="below",
            limit=0.05,
            message="sex: Female & race: Black: tpr 0.263 below the rest, at least 0.067 where the limit is 0.05",
            comparisons=(
                GateComparison(
                    group="sex: Female & race: Black",
                    outcome="breaks",
                    n=120,
                    value=-0.263,
                    lower=-0.43,
                    upper=-0.067,
                    p=0.0004,
                ),
                GateComparison(
                    group="sex: Female",
                    outcome="not_shown",
                    n=400,
                    value=-0.03,
                    lower=-0.09,
                    upper=0.02,
                    p=0.7,
                    rows_needed=2400,
                ),
                GateComparison(
                    group="race: Other",
                    outcome="too_few",
                    n=9,
                    reason="insufficient evidence: 9 rows",
                    rows_needed=324,
                ),
                GateComparison(
                    group="sex: Male",
                    outcome="holds",
                    n=900,
                    value=0.028,
                    lower=-0.01,
                    upper=0.07,
                    p=0.9,
                    within=True,
                ),
            ),
        ),
        GateResult(
            id="fpr",
            outcome="pass",
            on="rates",
            metric="fpr",
            compare="to_rest",
            rule="lower_bound > 0.10",
            message="sex: Male: fpr 0.028 above the rest, corrected lower bound 0.020 is not > 0.1",
            insufficient="pass",
            comparisons=(
                GateComparison(
                    group="sex: Male", outcome="not_shown", n=900, value=0.028, lower=0.02, upper=0.05, p=0.99
                ),
            ),
        ),
        GateResult(
            id="thin",
            outcome="insufficient",
            on="rates",
            metric="tpr",
            compare="absolute",
            rule="upper_bound < 0.30",
            harm="below",
            message="3 of 3 groups have too few positive rows; the thinnest needs 324 rows.",
            comparisons=tuple(
                GateComparison(
                    group=name, outcome="too_few", n=9, reason="insufficient evidence", rows_needed=324
                )
                for name in ("race: Other", "race: Unknown", "race: Mixed")
            ),
        ),
    )
