"""Text that tries to break out of a report."""

from __future__ import annotations

from dataclasses import replace

from auditkit.values.exit_code import ExitCode
from auditkit.values.finding import Finding, Interval
from auditkit.values.gate import GateComparison, GateResult
from auditkit.values.metric import Metric
from auditkit.values.report import GroupEntry, Report, Skipped, StepEntry
from auditkit.values.shown.answer import Answer
from auditkit.values.shown.exhibit import Chart, Layer, Table

NAMES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' style='color:red' onmouseover='x",
    "</style></title></svg><b>",
    "x" * 10_000,
    "right\u202eleft \u200f\u2067שלום",
    "👩🏽‍🔬 家族 ﷽",
    "line\nbreak\r\ttab\x1b[31mred\x00",
    "pipe | pipe `code` [a](http://evil.example) @team #12 :tada: www.evil.example <!-- $x$",
    "{{ 7 * 7 }}{% raw %}",
    "q0",
    "",
    "zero\u200bwidth\ufeff \u2060joined tag\U000e0041 c1\x9b31m del\x7f next\u2028line",
    "lone \udc80 surrogate",
)


def report() -> Report:
    """Every piece of text in it is hostile."""
    findings = [
        Finding(
            step="s<b>",
            metric=metric,
            value=value,
            n=5,
            group=name,
            compare=compare,
            unit="<i>",
            interval=Interval(-0.1, 0.4),
            direction="higher_is_worse",
            signed=metric == "loss_gap" or compare == "to_rest",
            details={name[:40]: name},
        )
        for name in NAMES
        for metric in ("m<script>", "loss_gap")
        for compare, value in (("absolute", 0.3), ("to_rest", 0.2))
    ]
    findings += [replace(item, value=None, interval=None, reason=item.group, stage=1) for item in findings]
    text = "".join(NAMES)
    return Report(
        name=text,
        verdict="warn",
        exit_code=ExitCode.OK,
        recipe={},
        subject={"source": text, "rows": 5, "target": text, text: [text]},
        steps=(
            StepEntry(
                id="s<b>",
                use=text,
                kind="audit",
                title=text,
                method=text,
                plugin=text,
                params={text: text},
                metrics=(Metric(name="m<script>", title=text, formula=text, source=text),),
            ),
        ),
        findings=tuple(findings),
        answers=tuple(Answer(name, step="s<b>", basis=name, harm=True, exhibit=name) for name in NAMES),
        groups=tuple(
            GroupEntry(name=name, rule=name, expression=name, n=5, share=0.1, step=step)
            for name in NAMES
            for step in ("", "s<b>")
        ),
        gates=tuple(
            GateResult(
                id=name,
                outcome="warn",
                message=name,
                on=name,
                metric=name,
                compare="to_rest",
                rule=name,
                correction=name,
                comparisons=tuple(
                    GateComparison(
                        group=name,
                        outcome=outcome,
                        n=3,
                        value=0.1,
                        lower=0.0,
                        upper=0.2,
                        p=0.1,
                        warns=True,
                        note=name,
                        reason=name,
                    )
                    for outcome in ("not_shown", "holds")
                ),
            )
            for name in NAMES
        ),
        skipped=tuple(Skipped(step=name, what=name, why=name) for name in NAMES),
        notes=NAMES,
        tables=tuple(
            Table(title=name, columns=(name, text), rows=((name, 1), (text, None)), caption=name, step="s<b>")
            for name in NAMES
        ),
        charts=tuple(
            Chart(
                title=name,
                x_title=name,
                y_title=text,
                caption=name,
                row=name,
                step="s<b>",
                layers=(
                    Layer(kind="points", name=name, x=(1.0, 2.0), y=(1.0, 2.0), texts=(name, text)),
                    Layer(kind="vertical", name=text, x=(1.5,)),
                ),
            )
            for name in NAMES
        ),
        provenance={
            text: text,
            "git_commit": text,
            "versions": {"auditkit": text},
            "inputs": [{"file": text, "sha256": text}],
        },
    )
