"""What `mpr` and `mopr` report: every metric with its formula, unit and direction."""

from __future__ import annotations

from auditkit import Metric

PAPER = "Multi-Group Proportional Representation in Retrieval"

MPR = Metric(
    name="mpr",
    title="Multi-group proportional representation",
    unit="MPR",
    direction="higher_is_worse",
    formula=(
        "sup over a class of functions c of |mean of c over the list - mean of c over the reference|; linear and "
        "fitted functions are scaled so that c² sums to mk / (m + k) over items and reference (0 to 1); for "
        "groups it is the largest difference of a group's shares"
    ),
    source=f"{PAPER}, definition 2, propositions 3, 4 and 6",
)
SHOWN = Metric(
    name="mpr_shown",
    title="MPR that these rows show",
    said="MPR",
    unit="MPR",
    direction="higher_is_worse",
    formula=(
        "MPR on rows that no fit saw: of fitted functions, the mean gap of two that were each fitted on one half of "
        "list and reference and measured on the other; of the other classes, MPR itself. The low end is above 0 only "
        "where lists drawn by lot have a smaller gap; of groups it holds for all of them at once. The high end bounds "
        "the gap to the population behind the reference, for every list at once; of fitted functions there is none "
        "below the ceiling"
    ),
    source="permutation test (Fisher 1935) inverted; bounds of shares: Clopper and Pearson 1934",
)
CEILING = Metric(
    name="mpr_ceiling",
    title="Largest value MPR could have here",
    unit="MPR",
    formula="an upper bound of MPR over all lists of k of these items",
)
SIMILARITY = Metric(
    name="similarity",
    title="Mean similarity of the list to its query",
    unit="similarity",
    direction="lower_is_worse",
    formula="mean over the k items of the list",
)
BOUND = Metric(
    name="similarity_bound",
    title="Mean similarity that no list within the limit exceeds",
    unit="similarity",
    formula="dual bound of: max s'a, MPR(a) <= rho, 0 <= a <= 1, sum a = k, divided by k",
    source=f"{PAPER}, equation 9 relaxed",
)
LOWER = Metric(
    name="mpr_lower_bound",
    title="MPR that no list of k items is below",
    unit="MPR",
    formula="proven lower bound of the least MPR of k items, whatever their similarity",
)
REACHABLE = Metric(
    name="reachable",
    title="Least MPR reached by a list of k items",
    unit="MPR",
    formula="least MPR of all lists that were found, whatever their similarity",
)
