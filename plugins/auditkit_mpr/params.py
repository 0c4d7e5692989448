"""What a user may say to `mpr` and `mopr`: light, so that every start of the program can read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from annotated_doc import Doc
from annotated_types import Ge, Gt

from auditkit import InputFile
from auditkit_mpr.methods.registry import NAMES

Unknown = Literal["refuse", "category", "probe"]

EMBEDDINGS = "embeddings"
"""The attribute that stands for the items' vectors."""

if TYPE_CHECKING:
    MethodName = str
else:
    MethodName = Literal[NAMES]


@dataclass(frozen=True, kw_only=True)
class RetrievalParams:
    """What is searched, for what, and who should be represented."""

    queries: Annotated[
        str | None,
        InputFile(held=8),
        Doc("query vectors: .npy [queries, dimensions], .npz of names and vectors, or a table with vectors"),
    ] = None
    query: Annotated[tuple[str, ...], Doc("names of the queries to run; default: all")] = ()
    similarities: Annotated[
        str | None, InputFile(held=8), Doc("similarities in place of vectors: .npy [queries, items], or .npz")
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
        str | None, InputFile(held=8), Doc("vectors of the reference's rows, an .npy file")
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
        Doc(
            "your own lists, first item first: a table with columns query and id, perhaps rank; mpr audits them, "
            "without vectors too, and mopr compares them"
        ),
    ] = None
    relevance: Annotated[
        str | None,
        InputFile(),
        Doc(
            "judgements: a table with columns query and id, perhaps relevance (from 0 on): precision, recall and nDCG"
        ),
    ] = None
    relevance_column: Annotated[
        str | None,
        Doc(
            "column of the items with judgements: numbers for every query, or the name of the query they answer"
        ),
    ] = None
    attention: Annotated[
        str,
        Doc(
            "attention by rank: log2 for 1/log2(1 + rank), reciprocal for 1/rank, or numbers such as 1,0.5,0.25"
        ),
    ] = "log2"


@dataclass(frozen=True, kw_only=True)
class MoprParams(RetrievalParams):
    """The same, the limit, and the ways to keep it."""

    rho: Annotated[
        tuple[str, ...], Doc("largest MPR allowed: 0.03, or 0.2x of the MPR of the k most similar; several")
    ] = ("0.2x",)
    prefixes: Annotated[
        tuple[int, ...],
        Doc("the limit holds for the first so many items too, such as 10,20; linear, kernels and groups"),
    ] = ()
    lengths: Annotated[
        tuple[int, ...],
        Doc(
            "show the least MPR that lists of these lengths can have, such as 5,10,20,50, and whom they leave farthest"
        ),
    ] = ()
    sweep: Annotated[
        int, Ge(0), Doc("draw this many further limits, from the MPR of the k most similar downwards")
    ] = 0
    method: Annotated[
        tuple[MethodName, ...],
        Doc(f"{', '.join(NAMES)}; several are compared, the first is returned"),
    ] = ()
    iterations: Annotated[
        int, Ge(1), Doc("programs that algorithm1 may solve; its own list may break the limit")
    ] = 30
    axis: Annotated[
        Literal["similarity", "precision", "recall", "ndcg"],
        Doc("what the curve shows against MPR; all but similarity need judgements"),
    ] = "similarity"
    seconds: Annotated[float, Gt(0), Doc("time that one exact program (integer) may take")] = 60.0
