"""What the parameters and the files say of the search: queries, ids, attributes, reference."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError, UsageError, nearest
from auditkit_mpr.params import EMBEDDINGS
from auditkit_mpr.reference.attributes import read_attribute, with_typed_reference
from auditkit_mpr.reference.table import ReferenceTable, weights_from
from auditkit_mpr.reference.typed import equal_shares, table_of_shares, typed_shares
from auditkit_mpr.retrieval.queries import Asked, asked_by_lists, asked_by_similarities, asked_by_vectors
from auditkit_mpr.retrieval.relevance import Relevance, relevance_in, relevance_of_column
from auditkit_mpr.retrieval.scoring import unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from auditkit import Subject
    from auditkit_mpr.params import RetrievalParams
    from auditkit_mpr.reference.attributes import Read
    from auditkit_mpr.run.asked.files import Files

"""The attribute that stands for the vectors themselves."""


def asked(subject: Subject, params: RetrievalParams, files: Files) -> Asked:
    """Return the queries and their source of similarities; UsageError where a part is missing."""
    if files.similarities is not None:
        return asked_by_similarities(subject, files.similarities, params.query)
    if files.queries is None:
        if files.lists is not None and params.lists is not None:
            return asked_by_lists(subject, files.lists, params.lists, params.query)
        message = "name query vectors with --queries, similarities with --similarities, or finished lists with --lists"
        raise UsageError(message)
    return asked_by_vectors(subject, files.queries, files.index, params.query)


def attribute_names(subject: Subject, params: RetrievalParams) -> tuple[str, ...]:
    """Return the attributes to represent; UsageError if none is named and the subject has no groups."""
    names = params.attributes or tuple(grouping.name for grouping in subject.groupings) or subject.sensitive
    if not names:
        columns = ", ".join(map(str, subject.table.columns[:4]))
        message = f"name the attributes to represent with --attributes, such as {columns}"
        raise UsageError(message)
    return tuple(dict.fromkeys(names))


def read_attributes(
    subject: Subject, params: RetrievalParams, table: ReferenceTable, wanted: Sequence[str]
) -> list[Read]:
    """Return every attribute but the vectors, of the items and of the reference."""
    rows = subject.table if table.exact else table.table
    read = [
        read_attribute(name, subject, rows, missing_values=params.missing_values)
        for name in wanted
        if name != EMBEDDINGS
    ]
    if not table.exact:
        return read
    return [with_typed_reference(attribute, list(table.table[attribute.name])) for attribute in read]


def reference_table(
    subject: Subject, params: RetrievalParams, files: Files, wanted: Sequence[str]
) -> ReferenceTable:
    """Return the reference that the parameters describe; raise for two at once or one that cannot serve."""
    given = [
        word
        for word, on in (("reference", params.reference), ("equal", params.equal), ("shares", params.shares))
        if on
    ]
    if len(given) > 1:
        message = f"give one reference: {' or '.join(f'--{word}' for word in given)}"
        raise UsageError(message)
    if params.shares or params.equal:
        return _typed(subject, params, wanted)
    table = files.reference
    if table is None or params.reference is None:
        vectors = subject.embeddings if params.nearest or EMBEDDINGS in wanted else None
        return ReferenceTable(
            table=subject.table,
            words=f"the {len(subject):,} items themselves",
            weights=weights_from(subject.table, params.reference_weight),
            vectors=None if vectors is None else unit(vectors),
            items_themselves=True,
        )
    return ReferenceTable(
        table=table,
        words=f"{len(table):,} rows of {Path(params.reference).name}",
        weights=weights_from(table, params.reference_weight),
        vectors=_reference_vectors(files, len(table)),
    )


def relevance(
    subject: Subject, params: RetrievalParams, files: Files, names: Sequence[str]
) -> Relevance | None:
    """Return the judgements that the parameters name, None if they name none; UsageError for two at once."""
    table = files.relevance
    if table is not None and params.relevance_column is not None:
        message = "give judgements once: --relevance FILE or --relevance-column COLUMN"
        raise UsageError(message)
    if params.relevance_column is not None:
        return relevance_of_column(subject.column(params.relevance_column), names)
    if table is None or params.relevance is None:
        return None
    return relevance_in(table, params.relevance, ids=item_ids(subject), queries=names)


def item_ids(subject: Subject) -> NDArray[Any]:
    """Return the items' ids: column `id`, or row numbers; DataError for ids that are missing or not unique."""
    if "id" not in subject.table.columns:
        return np.arange(len(subject))
    ids = subject.table["id"]
    if ids.isna().any():
        message = f"{int(ids.isna().sum()):,} items have no id"
        raise DataError(message)
    if ids.duplicated().any():
        twice = ids[ids.duplicated()].iloc[0]
        message = (
            f"id '{twice}' stands for more than one item; {int(ids.duplicated().sum()):,} ids repeat another"
        )
        raise DataError(message)
    return ids.to_numpy()


def _typed(subject: Subject, params: RetrievalParams, wanted: Sequence[str]) -> ReferenceTable:
    """Return equal or typed shares of the attributes, which then are the whole target."""
    if EMBEDDINGS in wanted:
        message = "embeddings have no shares; give a reference table with --reference-embeddings"
        raise UsageError(message)
    if params.nearest or params.reference_weight:
        message = "a typed reference has no rows to weigh or to choose from; leave out --nearest and --reference-weight"
        raise UsageError(message)
    read = {
        name: read_attribute(name, subject, subject.table, missing_values=params.missing_values)
        for name in wanted
    }
    if quantity := next((name for name, attribute in read.items() if not attribute.labels), None):
        message = f"attribute '{quantity}' is a quantity without shares; cut it into groups with --groups"
        raise UsageError(message)
    if params.equal:
        return table_of_shares(
            equal_shares({name: attribute.labels for name, attribute in read.items()}),
            words="every value of every attribute alike",
        )
    shares = typed_shares(params.shares)
    for name in shares:
        if name not in read:
            message = f"shares are given for '{name}', which is not among the attributes{nearest(name, read)}"
            raise UsageError(message)
    if lacking := [name for name in read if name not in shares]:
        message = f"attribute '{lacking[0]}' has no shares; type them as {lacking[0]}=VALUE:SHARE"
        raise UsageError(message)
    return table_of_shares(shares, words="the shares that were typed")


def _reference_vectors(files: Files, rows: int) -> NDArray[Any] | None:
    vectors = files.reference_vectors
    if vectors is None:
        return None
    if vectors.ndim != 2 or len(vectors) != rows:
        message = (
            f"reference embeddings have shape {vectors.shape}, and the reference has {rows:,} rows: "
            "one vector for each"
        )
        raise DataError(message)
    return unit(vectors, what="reference embeddings")
