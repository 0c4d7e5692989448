"""The numbers of selection tables, as data."""

from __future__ import annotations

from auditkit import Metric

LL144 = "New York City Local Law 144 of 2021; Rules of the City of New York, title 6, section 5-301"
FOUR_FIFTHS = "Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 D (1978)"

SELECTION_RATE = Metric(
    name="selection_rate", title="Selection rate", formula="selected / assessed, in the category",
    favourable="lower_is_worse", unfavourable="higher_is_worse", source=FOUR_FIFTHS,
)  # fmt: skip
SCORING_RATE = Metric(
    name="scoring_rate", title="Scoring rate", direction="lower_is_worse", source=LL144,
    formula="scores above the median of all assessed / assessed, in the category",
)  # fmt: skip
IMPACT_RATIO = Metric(
    name="impact_ratio", title="Impact ratio", unit="ratio", direction="lower_is_worse",
    formula="rate of the category / highest rate of a category", source=f"{LL144}; {FOUR_FIFTHS}",
    also=("adverse_impact_ratio", "four_fifths_ratio"),
)  # fmt: skip
EXACT_P = Metric(
    name="selection_p", title="p-value of an equal selection rate", unit="probability",
    formula="Fisher's exact test of the group and the group with the highest rate, two-sided",
    source="Fisher, The Design of Experiments, 1935",
)  # fmt: skip
