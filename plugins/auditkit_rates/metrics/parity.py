"""The further comparisons of selection, as data."""

from __future__ import annotations

from auditkit import Metric

IMPACT = (
    Metric(
        name="impact_ratio", title="Impact ratio: selection rate over the highest of the attribute", unit="ratio",
        said="impact ratio",
        formula="selection rate / highest selection rate of a group with enough rows", direction="lower_is_worse",
        favourable="lower_is_worse", unfavourable="neither",
        also=(
            "adverse_impact_ratio", "disparate_impact_ratio", "four_fifths_ratio", "disparate_impact", "adverse_impact",
            "four_fifths_rule", "4/5_rule", "80%_rule", "p%_rule", "air",
        ),
        source="Uniform Guidelines on Employee Selection Procedures, 29 CFR 1607.4 D; Hsu 1981; Fieller 1944",
    ),
    Metric(
        name="impact_ratio_to_reference", title="Impact ratio: selection rate over the reference group's", unit="ratio",
        said="impact ratio to the reference group",
        formula="selection rate / selection rate of the reference group", direction="lower_is_worse",
        favourable="lower_is_worse", unfavourable="higher_is_worse",
        source="29 CFR 1607.4 D; Fieller 1944; Šidák 1967 for all ratios at once",
    ),
)  # fmt: skip

SMD = Metric(
    name="smd", title="Standardised mean difference of the score or the predicted number",
    said="standardised mean difference",
    formula="(mean - mean of the others) / pooled standard deviation × (1 - 3 / (4 n - 9))",
    unit="standard deviations", favourable="lower_is_worse", unfavourable="higher_is_worse",
    compares=("to_rest", "to_reference"), also=(
        "standardized_mean_difference", "standardised_mean_difference", "cohens_d", "hedges_g", "effect_size",
    ),
    source="Hedges & Olkin, Statistical Methods for Meta-Analysis, 1985",
)  # fmt: skip

CONDITIONAL = Metric(
    name="conditional_parity", title="Selection rate against the others within strata",
    formula="Σ w_s (rate - others' rate)_s / Σ w_s, w_s = n1 n0 / (n1 + n0); of one stratum, the difference in it",
    favourable="lower_is_worse", unfavourable="higher_is_worse", compares=("to_rest", "to_reference"),
    also=(
        "conditional_statistical_parity", "conditional_demographic_parity", "mantel_haenszel", "cmh",
        "cochran_mantel_haenszel", "conditional_demographic_disparity", "cdd",
    ),
    source="Mantel & Haenszel 1959; Greenland & Robins, Biometrics 41, 1985; Kamiran & Zliobaite 2013",
)  # fmt: skip

PARITY_METRICS = (*IMPACT, SMD, CONDITIONAL)
