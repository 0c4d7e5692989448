"""What `mpr` measures and `mopr` repairs, and how: light, so that every start of the program can read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from annotated_doc import Doc
from annotated_types import Ge, Gt

from auditkit import Audit, Context, Finding, InputFile, Metric, Repair, Repaired, Subject

if TYPE_CHECKING:
    from auditkit import Table

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

MEASURED = (
    "A result list of k items is compared with a reference population of m rows: MPR is the largest difference between "
    "the means of one function over the list and over the reference, for a class of functions of the attributes. "
    "Linear functions are measured in closed form on the numerical rank of the attributes; named groups and all their "
    "intersections by counting; kernels as maximum mean discrepancy, with 1/m² on the reference term where the paper "
    "prints 1/n²; trees, networks and other regressors by fitting, which gives a lower bound. The interval covers what "
    "sampling of the reference can do: a bootstrap of its rows, inverted because a largest difference is biased "
    f"upward, with the scale of the functions held fixed ({PAPER})."
)
REPAIRED = (
    "The list of k items with the largest similarity whose MPR is at most rho. Linear functions and kernels: the "
    "relaxed problem is a second-order cone program, solved by an interior-point method on few columns and "
    "priced over all items, which proves the bound; best single exchanges then turn it into a list that keeps "
    "the limit. lp is the paper's cutting-plane algorithm, for every class; qp the same cone through CVXPY; "
    "integer proves the best list. mmr, pbm, clipclip and topk are the baselines of the paper's appendix E. MPR, "
    "similarity and limit are computed anew from the list that is returned: where it does not keep the limit, "
    f"the result says so, with the least MPR that was reached and a proven lower bound ({PAPER}, algorithm 1)."
)

Unknown = Literal["refuse", "category", "probe"]
Method = Literal["cone", "lp", "qp", "integer", "mmr", "pbm", "clipclip", "topk"]


@dataclass(frozen=True, kw_only=True)
class RetrievalParams:
    """What is searched, for what, and who should be represented."""

    queries: Annotated[
        str | None,
        InputFile(),
        Doc("query vectors: .npy [queries, dimensions], .npz of names and vectors, or a table with vectors"),
    ] = None
    query: Annotated[tuple[str, ...], Doc("names of the queries to run; default: all")] = ()
    similarities: Annotated[
        str | None, InputFile(), Doc("similarities in place of vectors: .npy [queries, items], or .npz")
    ] = None
    index: Annotated[
        str | None, InputFile(), Doc("FAISS index of the items, by inner product, in place of embeddings")
    ] = None
    attributes: Annotated[
        tuple[str, ...],
        Doc("columns or groups to represent; 'embeddings' for the vectors; default: the groups"),
    ] = ()
    reference: Annotated[
        str | None,
        InputFile(),
        Doc("table of those who should be represented; default: the items themselves"),
    ] = None
    reference_weight: Annotated[str | None, Doc("column of the reference with a weight for each row")] = None
    reference_embeddings: Annotated[
        str | None, InputFile(), Doc("vectors of the reference's rows, an .npy file")
    ] = None
    equal: Annotated[bool, Doc("reference: every value of every attribute alike")] = False
    shares: Annotated[
        tuple[str, ...], Doc("reference: shares such as gender=female:0.5,gender=male:0.5")
    ] = ()
    nearest: Annotated[
        int, Ge(0), Doc("compare with so many reference rows, those most similar to the query; 0: all")
    ] = 0
    k: Annotated[int, Ge(1), Doc("items in a list")] = 50
    prefilter: Annotated[
        int, Ge(0), Doc("choose among so many items, those most similar to the query; 0: all")
    ] = 10_000
    classes: Annotated[
        tuple[str, ...],
        Doc(
            "functions: linear, affine, groups:DEPTH, tree, mlp, rbf, polynomial, signs, a regressor of scikit-learn"
        ),
    ] = ("linear",)
    unknown: Annotated[
        Unknown,
        Doc("missing attribute values: refuse, count as a category, or predict by a probe on the embeddings"),
    ] = "refuse"
    missing_values: Annotated[
        tuple[str, ...], Doc("values of text attributes that mean missing, such as unknown")
    ] = ()
    depth: Annotated[int, Ge(1), Doc("attributes in an intersection of the table of shares")] = 2
    lists: Annotated[
        str | None,
        InputFile(),
        Doc("your own lists: a table with columns query and id; mpr audits them, mopr compares them"),
    ] = None


@dataclass(frozen=True, kw_only=True)
class MoprParams(RetrievalParams):
    """The same, the limit, and the ways to keep it."""

    rho: Annotated[
        tuple[str, ...], Doc("largest MPR allowed: 0.03, or 0.2x of the MPR of the k most similar; several")
    ] = ("0.2x",)
    sweep: Annotated[
        int, Ge(0), Doc("draw this many further limits, from the MPR of the k most similar downwards")
    ] = 0
    method: Annotated[
        tuple[Method, ...],
        Doc("cone, lp, qp, integer, mmr, pbm, clipclip, topk; several are compared, the first is returned"),
    ] = ()
    seconds: Annotated[float, Gt(0), Doc("time that one exact program (integer) may take")] = 60.0


class Mpr(Audit[RetrievalParams]):
    """How far result lists are from proportional representation, for which group, and how sure that is."""

    name = "mpr"
    title = "Representation in result lists"
    method = MEASURED
    Params = RetrievalParams
    metrics = (MPR, CEILING, SIMILARITY)

    def check(self, subject: Subject, params: RetrievalParams) -> None:
        """Raise unless the parts are there: vectors or similarities, queries, attributes, a reference."""
        from auditkit_mpr.check import check

        check(subject, params)

    def run(self, subject: Subject, params: RetrievalParams, context: Context) -> tuple[Finding, ...]:
        """Return MPR, its ceiling and the similarity for every query and class."""
        from auditkit_mpr.audit import audit

        return audit(subject, params, context)

    def power(self, subject: Subject, params: RetrievalParams, context: Context, *, gap: float) -> Table:
        """Return the rows that the reference needs for an error below `gap` (Prop. 2)."""
        from auditkit_mpr.power import power

        return power(subject, params, context, gap=gap)


class Mopr(Repair[MoprParams]):
    """Result lists within a limit on MPR at the least loss of similarity, each with a certificate."""

    name = "mopr"
    title = "Result lists within a limit on MPR"
    method = REPAIRED
    Params = MoprParams
    metrics = (MPR, CEILING, SIMILARITY, BOUND, LOWER, REACHABLE)

    def check(self, subject: Subject, params: MoprParams) -> None:
        """Raise unless the parts are there and the methods can serve the class of functions."""
        from auditkit_mpr.check import check, check_repair

        check(subject, params)
        check_repair(params)

    def apply(self, subject: Subject, params: MoprParams, context: Context) -> Repaired:
        """Return the subject with the new lists, their certificates, and the lists as a table."""
        from auditkit_mpr.repair import repair

        return repair(subject, params, context)
