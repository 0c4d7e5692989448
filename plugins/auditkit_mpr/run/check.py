"""What can be refused before anything is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit import UsageError
from auditkit_mpr.classes.named import Ball, class_named
from auditkit_mpr.retrieval.queries import scorer_of
from auditkit_mpr.retrieval.scoring import Similarities
from auditkit_mpr.run.limits import parse_limit
from auditkit_mpr.run.problem import attribute_names, item_ids, read_attributes, reference_table

if TYPE_CHECKING:
    from auditkit import Subject

BALL_ONLY = ("cone", "qp", "integer")
NEED_VECTORS = ("mmr", "clipclip")


def check(subject: Subject, params: Any) -> None:
    """Raise unless queries, items, attributes, reference and classes go together."""
    _, scorer, _ = scorer_of(subject, params.queries, params.similarities, params.index, params.query)
    item_ids(subject)
    if params.k > len(subject):
        message = f"k is {params.k}, but there are only {len(subject):,} items"
        raise UsageError(message)
    if 0 < params.prefilter < params.k:
        message = f"prefilter {params.prefilter} leaves fewer items than k = {params.k}"
        raise UsageError(message)
    wanted = attribute_names(subject, params)
    table = reference_table(subject, params, wanted)
    groups = [read for read in read_attributes(subject, params, table, wanted) if read.labels]
    if not params.classes:
        message = "name a class of functions with --classes, such as linear"
        raise UsageError(message)
    for name in params.classes:
        class_named(name, _placeholders(groups))
    if params.nearest and (table.vectors is None or isinstance(scorer, Similarities)):
        message = "--nearest needs query vectors and vectors of the reference (--reference-embeddings)"
        raise UsageError(message)
    if getattr(params, "method", ()):
        _check_methods(params, vectors=subject.embeddings is not None or params.index is not None)


def check_repair(params: Any) -> None:
    """Raise unless the limits can be read, and there is one class that the methods can serve."""
    for text in params.rho:
        parse_limit(text)
    if not params.rho:
        message = "name a limit with --rho, such as 0.03 or 0.2x"
        raise UsageError(message)
    if len(params.classes) != 1:
        message = (
            f"mopr repairs for one class of functions, not {len(params.classes)}: {', '.join(params.classes)}"
        )
        raise UsageError(message)
    if "qp" in params.method:
        from importlib.util import find_spec

        if find_spec("cvxpy") is None:
            from auditkit import PluginError

            message = 'method qp needs CVXPY: pip install "fair-auditkit[retrieval]"'
            raise PluginError(message)


def _check_methods(params: Any, *, vectors: bool) -> None:
    for method in params.method:
        if method in NEED_VECTORS and not vectors:
            message = f"method {method} needs vectors of the items: --embeddings or --index"
            raise UsageError(message)
        if method == "clipclip" and params.similarities is not None:
            message = "method clipclip drops dimensions of the queries too, and needs --queries"
            raise UsageError(message)
    one = class_named(params.classes[0], ()) if not params.classes[0].startswith("groups") else None
    for method in params.method:
        if method in BALL_ONLY and not isinstance(one, Ball) and not (method == "integer" and one is None):
            message = f"method {method} is for linear functions and kernels; for {params.classes[0]} use lp"
            raise UsageError(message)


def _placeholders(read: list[Any]) -> list[Any]:
    from auditkit_mpr.reference.intersections import Attribute

    return [Attribute(name=a.name, labels=a.labels, items=a.items, reference=a.reference) for a in read]
