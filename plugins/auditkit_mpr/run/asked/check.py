"""What can be refused before anything is computed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from auditkit import PluginError, UsageError
from auditkit_mpr.classes.ball import Ball
from auditkit_mpr.classes.groups import Groups
from auditkit_mpr.classes.named import class_named
from auditkit_mpr.methods.registry import default_for, method_named
from auditkit_mpr.nested.functions import nested
from auditkit_mpr.reference.intersections import Attribute
from auditkit_mpr.retrieval.attention import attention
from auditkit_mpr.run.asked.limits import parse_limit
from auditkit_mpr.run.asked.problem import need_items
from auditkit_mpr.run.asked.reading import (
    asked,
    attribute_names,
    item_ids,
    read_attributes,
    reference_table,
    relevance,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit import Subject
    from auditkit_mpr.classes.interface import FunctionClass
    from auditkit_mpr.methods.interface import Method
    from auditkit_mpr.params import MoprParams, RetrievalParams
    from auditkit_mpr.run.asked.files import Files


def check(subject: Subject, params: RetrievalParams, files: Files) -> tuple[FunctionClass, ...]:
    """Return the classes of functions, or raise unless queries, items, attributes and reference go together."""
    queries = asked(subject, params, files)
    item_ids(subject)
    attention(params.attention, params.k)
    need_items(subject, params.k)
    relevance(subject, params, files, queries.names)
    if 0 < params.prefilter < params.k:
        message = f"prefilter {params.prefilter} leaves fewer items than k = {params.k}"
        raise UsageError(message)
    wanted = attribute_names(subject, params)
    table = reference_table(subject, params, files, wanted)
    groups = [
        Attribute(name=read.name, labels=read.labels, items=read.items, reference=read.reference)
        for read in read_attributes(subject, params, table, wanted)
        if read.labels and read.items is not None and read.reference is not None
    ]
    if not params.classes:
        message = "name a class of functions with --classes, such as linear"
        raise UsageError(message)
    classes = tuple(class_named(name, groups) for name in params.classes)
    if params.nearest and (table.vectors is None or queries.vectors is None):
        message = "--nearest needs query vectors and vectors of the reference (--reference-embeddings)"
        raise UsageError(message)
    return classes


def check_repair(subject: Subject, params: MoprParams, files: Files) -> None:
    """Raise as `check` does, and unless the limits can be read and the methods serve the one class."""
    classes = check(subject, params, files)
    if not asked(subject, params, files).scored:
        message = "mopr needs similarities to choose by: --queries and vectors, or --similarities"
        raise UsageError(message)
    for text in params.rho:
        parse_limit(text)
    if not params.rho:
        message = "name a limit with --rho, such as 0.03 or 0.2x"
        raise UsageError(message)
    if len(classes) != 1:
        message = f"mopr repairs for one class of functions, not {len(classes)}: {', '.join(params.classes)}"
        raise UsageError(message)
    if params.axis != "similarity" and params.relevance is None and params.relevance_column is None:
        message = f"axis {params.axis} needs judgements: --relevance FILE or --relevance-column COLUMN"
        raise UsageError(message)
    _need_lengths(classes[0], params.lengths, len(subject))
    one = nested(classes[0], params.prefixes, k=params.k) if params.prefixes else classes[0]
    for name in params.method:
        method = method_named(name)
        if not method.serves(one):
            what = f"prefixes of {one.name}" if params.prefixes else one.name
            message = f"{method.not_served}; for {what} use {default_for(one).name}"
            raise UsageError(message)
        _check_needs(method, subject, params)


def _check_needs(method: Method, subject: Subject, params: MoprParams) -> None:
    needs = method.needs
    if needs.vectors and subject.embeddings is None and params.index is None:
        raise UsageError(method.without_vectors)
    if needs.query_vectors and params.similarities is not None:
        raise UsageError(method.without_query_vectors)
    if needs.package and find_spec(needs.package.lower()) is None:
        message = f'method {method.name} needs {needs.package}: pip install "fair-auditkit[retrieval]"'
        raise PluginError(message)


def _need_lengths(one: FunctionClass, lengths: Sequence[int], n: int) -> None:
    """Raise UsageError unless the class says how small MPR can get, and there are items for every length."""
    if lengths and not isinstance(one, (Ball, Groups)):
        message = f"--lengths is for linear functions, kernels and groups, and not for {one.name}"
        raise UsageError(message)
    bad = next((length for length in lengths if not 1 <= length <= n), None)
    if bad is not None:
        message = f"--lengths has {bad}, but a list of 1 to {n:,} items can be made of {n:,} items"
        raise UsageError(message)
