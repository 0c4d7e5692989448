"""Impact ratios and standardised differences as `rates` reports them."""

import numpy as np
import pandas as pd
import pytest
from plugins.rates.audited import audited, one
from statsmodels.stats.meta_analysis import effectsize_smd


def table(n=2000, seed=0):
    rng = np.random.default_rng(seed)
    group = rng.choice(["a", "b", "c"], n, p=[0.5, 0.4, 0.1])
    score = np.clip(rng.beta(2, 3, n) + 0.1 * (group == "a"), 0, 1)
    return pd.DataFrame(
        {
            "g": group,
            "s": score,
            "p": (score > 0.5).astype(int),
            "y": rng.integers(0, 2, n),
            "w": rng.gamma(2, size=n),
        }
    )


@pytest.mark.parametrize("weight", [None, "w"])
def test_ratios_are_rates_over_the_highest_and_over_the_reference(weight):
    frame = table()
    names = ("impact_ratio", "impact_ratio_to_reference")
    found = audited(frame, metrics=names, reference={"g": "b"}, weight=weight)
    rates = frame.groupby("g").apply(lambda f: np.average(f.p, weights=f[weight] if weight else None))
    for group, rate in rates.items():
        assert one(found, "impact_ratio", f"g={group}").value == pytest.approx(rate / rates.max(), abs=1e-12)
    assert one(found, "impact_ratio_to_reference", "g=a").value == pytest.approx(
        rates["a"] / rates["b"], abs=1e-12
    )
    assert not [f for f in found if f.metric == names[1] and f.group == "g=b"]


def test_a_small_group_has_no_ratio_and_is_not_the_highest():
    frame = pd.concat([table(), pd.DataFrame({"g": "few", "s": 0.9, "p": 1, "y": [0, 1] * 5, "w": 1.0})])
    found = audited(frame.reset_index(drop=True), metrics=("impact_ratio",))
    assert one(found, "impact_ratio", "g=few").reason == "insufficient evidence: 10 rows, 30 needed"
    assert one(found, "impact_ratio", "g=a").value == 1.0
    assert one(found, "impact_ratio", "g=a").details["over"] == "g=a"


def test_nobody_selected_has_a_reason():
    found = audited(
        table().assign(p=lambda f: np.r_[1, np.zeros(len(f) - 1)].astype(int), g="a"),
        metrics=("impact_ratio",),
    )
    assert "1 of 1 groups" in one(found, "impact_ratio", "g=a").reason


def test_standardised_differences_are_those_of_the_score():
    frame = table()
    found = audited(frame, metrics=("smd",), pred=None, score="s", reference={"g": "b"})
    for group in "abc":
        mine, rest = frame.s[frame.g == group], frame.s[frame.g != group]
        expected, _ = effectsize_smd(
            mine.mean(), mine.std(ddof=1), len(mine), rest.mean(), rest.std(ddof=1), len(rest)
        )
        gap = one(found, "smd", f"g={group}", "to_rest")
        assert gap.value == pytest.approx(expected, abs=1e-12)
        assert gap.interval.low < gap.value < gap.interval.high
    assert {f.compare for f in found} == {"to_rest", "to_reference"}


def test_of_numbers_the_predicted_ones_are_compared():
    frame = table().assign(y=lambda f: f.s * 100, p=lambda f: f.s * 90)
    found = audited(frame, metrics=("smd",))
    assert one(found, "smd", "g=a", "to_rest").value > 0.3
