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
PRECISION = Metric(
    name="precision_at_k",
    title="Items of a list that answer its query",
    unit="share",
    direction="lower_is_worse",
    formula="items of the list with relevance above 0, as a share of the list",
)
RECALL = Metric(
    name="recall_at_k",
    title="Items that answer a query and are in its list",
    unit="share",
    direction="lower_is_worse",
    formula="items of the list with relevance above 0, as a share of all such items of the table",
)
NDCG = Metric(
    name="ndcg_at_k",
    title="Relevance by rank, of the best list's",
    said="nDCG",
    unit="share",
    direction="lower_is_worse",
    formula="sum over ranks of relevance / log2(1 + rank), divided by that of the most relevant list of k",
    source="Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, TOIS 2002",
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
EXPOSURE = Metric(
    name="exposure",
    title="Attention that the lists give a group",
    said="attention",
    unit="share",
    formula=(
        "attention of the ranks that hold the group, by default 1 / log2(1 + rank), as a share of that of all ranks of "
        "the list; mean over the lists"
    ),
    source="Singh and Joachims, Fairness of exposure in rankings, KDD 2018",
)
EXPOSURE_GAP = Metric(
    name="exposure_gap",
    title="Attention less the share of the reference",
    said="attention",
    unit="share",
    direction="lower_is_worse",
    signed=True,
    formula="exposure - share of the reference, mean over the lists; its interval is Student's, lists drawn anew",
    source="Singh and Joachims, Fairness of exposure in rankings, KDD 2018",
)
LEAST_EXPOSED = Metric(
    name="least_exposed",
    title="Attention that a list's least exposed group lacks",
    said="attention that the least exposed group lacks",
    unit="share",
    direction="higher_is_worse",
    formula="largest over the groups of (share of the reference - exposure) in one list",
    source="Singh and Joachims, Fairness of exposure in rankings, KDD 2018",
)
