"""What `mpr` and `mopr` report: every metric with its formula, unit and direction."""

from __future__ import annotations

from auditkit import Metric

PAPER = "Multi-Group Proportional Representation in Retrieval"

MPR = Metric(
    name="mpr", title="Multi-group proportional representation", direction="higher_is_worse",
    formula=(
        "sup over a class of functions c of |mean of c over the list - mean of c over the reference|; linear and "
        "fitted functions are scaled so that c² sums to mk / (m + k) over items and reference (0 to 1); for "
        "groups it is the largest difference of a group's shares"
    ),
    source=f"{PAPER}, definition 2, propositions 3, 4 and 6",
)  # fmt: skip
CEILING = Metric(
    name="mpr_ceiling", title="Largest value MPR could have here",
    formula="an upper bound of MPR over all lists of k of these items",
)  # fmt: skip
SIMILARITY = Metric(
    name="similarity", title="Mean similarity of the list to its query", unit="similarity",
    direction="lower_is_worse", formula="mean over the k items of the list",
)  # fmt: skip
BOUND = Metric(
    name="similarity_bound", title="Mean similarity that no list within the limit exceeds", unit="similarity",
    formula="dual bound of: max s'a, MPR(a) <= rho, 0 <= a <= 1, sum a = k, divided by k",
    source=f"{PAPER}, equation 9 relaxed",
)  # fmt: skip
LOWER = Metric(
    name="mpr_lower_bound", title="MPR that no list of k items is below",
    formula="proven lower bound of the least MPR of k items, whatever their similarity",
)  # fmt: skip
REACHABLE = Metric(
    name="reachable", title="Least MPR reached by a list of k items",
    formula="least MPR of all lists that were found, whatever their similarity",
)  # fmt: skip
