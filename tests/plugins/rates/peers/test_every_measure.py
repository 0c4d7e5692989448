"""Every measure of the plugin equals its peer to 1e-12, on three tables, with weights and without."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from plugins.rates.audited import audited
from plugins.rates.peers.listed import PEERS, reference
from plugins.rates.peers.made import TABLES, people
from plugins.rates.peers.measured import FINDINGS, measured, rows_of
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.meta_analysis import effectsize_smd

import auditkit_rates
from auditkit import UsageError

TOLERANCE = 1e-12
DECLARED = {
    (step.name, metric.name): set(metric.compares)
    for step in auditkit_rates.auditkit_audits()
    for metric in step.metrics
}
every_table = pytest.mark.parametrize(
    "table", [pytest.param(name, marks=() if name == "lending" else pytest.mark.slow) for name in TABLES]
)
PERSONS = ("ll144", "four-fifths")
"""Steps that count persons, who weigh alike."""


def test_no_metric_of_the_plugin_lacks_a_peer():
    assert set(PEERS) == set(DECLARED)


@pytest.mark.parametrize("weight", [None, "w"])
@every_table
@pytest.mark.parametrize(("step", "metric"), sorted(PEERS))
def test_it_equals_its_peer_wherever_it_is_measured(step, metric, table, weight):
    if weight and step in PERSONS:
        with pytest.raises(UsageError, match="weigh alike"):
            measured(step, table, weight)
        return
    rows = rows_of(table, step, metric)
    expected = PEERS[step, metric](rows.assign(w=rows[weight] if weight else 1.0))
    found = {key[1:]: f for key, f in measured(step, table, weight).items() if key[0] == metric}
    assert {compare for _, compare, _ in found} == DECLARED[step, metric]
    for key, finding in found.items():
        assert finding.value == pytest.approx(expected[key], rel=TOLERANCE, abs=TOLERANCE), key
        assert finding.interval is None or finding.interval.low <= finding.value <= finding.interval.high, key


@cache
def within_strata(table, weight):
    """Return {(group, comparison, stratum): finding} of the gaps within strata."""
    rows = people(table)
    found = audited(
        rows, metrics=("conditional_parity",), given=("dept",), weight=weight, reference={"g": reference(rows)}
    )  # fmt: skip
    return {(f.group, f.compare, f.details.get("stratum")): f for f in found if f.value is not None}


@pytest.mark.parametrize("weight", [None, "w", "whole"])
@every_table
def test_the_pooled_ratio_within_strata_is_statsmodels(table, weight):
    rows = people(table)
    heavy = rows[weight] if weight else pd.Series(1.0, index=rows.index)
    pooled = {key[:2]: f for key, f in within_strata(table, weight).items() if key[2] is None}
    assert len(pooled) == 2 * rows.g.nunique() - 1
    for (group, compare), finding in pooled.items():
        own = rows.g == group.removeprefix("g=")
        others = ~own if compare == "to_rest" else rows.g == reference(rows)
        tables = [
            np.array([[heavy[here & side & (rows.p == p)].sum() for p in (1, 0)] for side in (own, others)])
            for here in (rows.dept == stratum for stratum in rows.dept.unique())
        ]
        assert finding.details["ratio"] == pytest.approx(
            StratifiedTable(tables).riskratio_pooled, rel=TOLERANCE
        )


@every_table
def test_whole_weights_are_repeated_rows_within_strata(table):
    rows = people(table)
    again = rows.loc[rows.index.repeat(rows.whole)].reset_index(drop=True)
    expected = PEERS["rates", "conditional_parity"](again.assign(w=1.0))
    found = within_strata(table, "whole")
    assert len({stratum for *_, stratum in found}) == 1 + rows.dept.nunique()
    for key, finding in found.items():
        assert finding.value == pytest.approx(expected[key], abs=TOLERANCE), key


@every_table
def test_the_standardised_difference_without_weights_is_statsmodels(table):
    rows = people(table)
    for group in rows.g.unique():
        sides = [rows.s[rows.g == group], rows.s[rows.g != group]]
        expected, _ = effectsize_smd(*(number for s in sides for number in (s.mean(), s.std(ddof=1), len(s))))
        found = measured("rates", table, None)["smd", f"g={group}", "to_rest", None]
        assert found.value == pytest.approx(expected, abs=TOLERANCE)


def test_every_step_of_the_plugin_is_run():
    assert set(FINDINGS) == {step for step, _ in DECLARED}
