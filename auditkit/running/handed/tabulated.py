"""An audit's findings as one table, a row for each group: what -o FILE.csv writes of a step that tabulates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from auditkit.values.finding import Finding


def table_of(findings: Sequence[Finding]) -> pd.DataFrame:
    """Return the table: group, attribute and rows, then each metric with both ends of its interval, then why not.

    An empty cell is a number that there is not.
    """
    import pandas as pd

    rows: dict[str, dict[str, Any]] = {}
    metrics = list(dict.fromkeys(finding.metric for finding in findings))
    for finding in findings:
        row = rows.setdefault(
            finding.group, {"group": finding.group, "attribute": finding.details.get("attribute", ""), "n": finding.n}
        )  # fmt: skip
        interval = finding.interval if finding.value is not None else None
        row[finding.metric] = finding.value
        row[f"{finding.metric}_low"] = None if interval is None else interval.low
        row[f"{finding.metric}_high"] = None if interval is None else interval.high
        if finding.reason:
            row["why"] = finding.reason
    ends = [f"{metric}{end}" for metric in metrics for end in ("", "_low", "_high")]
    return pd.DataFrame(list(rows.values()), columns=["group", "attribute", "n", *ends, "why"])
