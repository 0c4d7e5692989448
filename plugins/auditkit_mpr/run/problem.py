"""The retrieval problem of a subject: items, queries, attributes and reference, ready to be measured."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

import numpy as np

from auditkit import DataError, UsageError, nearest
from auditkit_mpr.reference.attributes import (
    Statistics,
    as_category,
    known_values,
    missing,
    read_attribute,
    refuse_missing,
    statistics,
    with_typed_reference,
)
from auditkit_mpr.reference.table import (
    Reference,
    ReferenceTable,
    equal_shares,
    nearest_rows,
    reference_of,
    table_of_shares,
    typed_shares,
    weights_from,
)
from auditkit_mpr.retrieval.queries import array_in, scorer_of
from auditkit_mpr.retrieval.scoring import unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit import Context, Subject
    from auditkit_mpr.params import RetrievalParams
    from auditkit_mpr.reference.attributes import Read
    from auditkit_mpr.reference.intersections import Codes
    from auditkit_mpr.reference.population import Floats
    from auditkit_mpr.retrieval.probes import Probe
    from auditkit_mpr.retrieval.scoring import Scorer

EMBEDDINGS = "embeddings"
"""The attribute that stands for the vectors themselves."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Candidates:
    """What one query's list may hold: `items` (indices into the table, ascending) [c], similarities [c], rows [c, l].

    `vector` [d] is the query's own, of unit length. `shared` is true where every query has the same items and
    reference, so that work on them can be kept.
    """

    query: str
    items: NDArray[np.int64]
    similarities: Floats
    rows: NDArray[Any]
    codes: tuple[Codes, ...]
    reference: Reference
    shared: bool
    vector: NDArray[np.float32] | None = None

    def positions(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where items of the table, all among the candidates, stand in the candidates' arrays."""
        order = np.searchsorted(self.items, chosen)
        return np.asarray(order, dtype=np.int64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Retrieval:
    """Everything that the audit and the repair read. `lists` are known result lists, indices by query's name."""

    ids: NDArray[Any]
    queries: tuple[str, ...]
    query_vectors: NDArray[np.float32] | None
    scorer: Scorer
    statistics: Statistics
    reference: Reference
    reference_table: ReferenceTable
    k: int
    prefilter: int
    nearest: int
    lists: dict[str, NDArray[np.int64]]
    probes: tuple[Probe, ...] = ()

    @property
    def n(self) -> int:
        """Items in the table."""
        return len(self.ids)

    def basis(self, candidates: Candidates, function_class: str) -> dict[str, Any]:
        """Return what a number about one query rests on: n items, m reference rows, k, probes and their accuracy."""
        found: dict[str, Any] = {
            "query": candidates.query,
            "class": function_class,
            "n": len(candidates.items),
            "m": float(candidates.reference.size),
            "k": self.k,
        }
        if self.probes:
            found["probes"] = [probe.summary() for probe in self.probes]
        return found

    def each(self) -> Iterator[Candidates]:
        """Yield the candidates of every query."""
        none = np.zeros(0, dtype=np.int64)
        kept = [self.lists.get(name, none) for name in self.queries]
        limit = self.prefilter if 0 < self.prefilter < self.n else 0
        whole = limit == 0
        for place, (items, similarities) in enumerate(self.scorer.each(limit, kept)):
            if len(items) < self.k:
                query = self.queries[place]
                message = f"the index finds only {len(items)} items for query '{query}', and k is {self.k}"
                raise DataError(message)
            everything = whole and len(items) == self.n
            yield Candidates(
                query=self.queries[place],
                items=items,
                similarities=similarities,
                rows=self.statistics.items if everything else self.statistics.items[items],
                codes=tuple(
                    group.items if everything else group.items[items] for group in self.statistics.groups
                ),
                reference=self._reference(place),
                shared=everything and not self.nearest,
                vector=None if self.query_vectors is None else self.query_vectors[place],
            )

    def _reference(self, place: int) -> Reference:
        if not self.nearest or self.query_vectors is None:
            return self.reference
        return nearest_rows(
            self.reference, self.reference_table, self.query_vectors[place], count=self.nearest
        )


def assemble(subject: Subject, params: RetrievalParams, context: Context) -> Retrieval:
    """Return the problem, and tell the reader what bears on it. Raises as `check` does."""
    names, scorer, vectors = scorer_of(
        subject, params.queries, params.similarities, params.index, params.query
    )
    wanted = attribute_names(subject, params)
    table = reference_table(subject, params, wanted)
    read, probes = _filled(read_attributes(subject, params, table, wanted), scorer, table, params, context)
    for note in known_values(read):
        context.say(note)
    extra = _vector_columns(scorer, table, len(subject)) if EMBEDDINGS in wanted else None
    found = statistics(read, extra)
    if params.k > len(subject):
        message = f"k is {params.k}, but there are only {len(subject):,} items"
        raise UsageError(message)
    ids = item_ids(subject)
    return Retrieval(
        ids=ids,
        queries=names,
        query_vectors=vectors,
        scorer=scorer,
        statistics=found,
        reference=reference_of(table, found, items=len(subject)),
        reference_table=table,
        k=params.k,
        prefilter=params.prefilter,
        nearest=params.nearest,
        lists=_known_lists(subject, params, ids, names),
        probes=probes,
    )


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


def reference_table(subject: Subject, params: RetrievalParams, wanted: Sequence[str]) -> ReferenceTable:
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
    if params.reference is None:
        vectors = subject.embeddings if params.nearest or EMBEDDINGS in wanted else None
        return ReferenceTable(
            table=subject.table,
            words=f"the {len(subject):,} items themselves",
            weights=weights_from(subject.table, params.reference_weight),
            vectors=None if vectors is None else unit(vectors),
            items_themselves=True,
        )
    from auditkit import read_table

    table = read_table(Path(params.reference))
    return ReferenceTable(
        table=table,
        words=f"{len(table):,} rows of {Path(params.reference).name}",
        weights=weights_from(table, params.reference_weight),
        vectors=_reference_vectors(params, len(table)),
    )


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


def _reference_vectors(params: RetrievalParams, rows: int) -> NDArray[Any] | None:
    if params.reference_embeddings is None:
        return None
    vectors = array_in(params.reference_embeddings, what="reference embeddings")
    if vectors.ndim != 2 or len(vectors) != rows:
        message = (
            f"reference embeddings have shape {vectors.shape}, and the reference has {rows:,} rows: "
            "one vector for each"
        )
        raise DataError(message)
    return unit(vectors, what="reference embeddings")


def _vector_columns(
    scorer: Scorer, table: ReferenceTable, n: int
) -> tuple[NDArray[np.float32], NDArray[Any]]:
    items = scorer.vectors(np.arange(n))
    if items is None or table.vectors is None:
        message = (
            "attribute 'embeddings' needs vectors of the items and of the reference (--reference-embeddings)"
        )
        raise UsageError(message)
    if items.shape[1] != table.vectors.shape[1]:
        message = f"items have {items.shape[1]} dimensions and the reference {table.vectors.shape[1]}"
        raise DataError(message)
    return items, table.vectors


def _filled(
    read: Sequence[Read], scorer: Scorer, table: ReferenceTable, params: RetrievalParams, context: Context
) -> tuple[list[Read], tuple[Probe, ...]]:
    """Return the attributes without missing values, as the parameters say, and the probes that were trained."""
    full: list[Read] = list(read)
    probes: tuple[Probe, ...] = ()
    match params.unknown:
        case "refuse":
            pass
        case "category":
            full = [as_category(a) if a.labels and any(missing(a)) else a for a in read]
        case "probe":
            from auditkit_mpr.retrieval.probes import probed

            done = [probed(attribute, scorer, table, context) for attribute in read]
            full = [attribute for attribute, _ in done]
            probes = tuple(p for _, probe in done for p in probe)
        case _:
            assert_never(params.unknown)
    for attribute in full:
        refuse_missing(attribute)
    return full, probes


def _known_lists(
    subject: Subject, params: RetrievalParams, ids: NDArray[Any], names: Sequence[str]
) -> dict[str, NDArray[np.int64]]:
    """Return lists of k that the user brings, or the first k of those that a step before ranked."""
    from auditkit_mpr.retrieval.lists import read_lists

    if params.lists is not None:
        return read_lists(params.lists, ids=ids, names=names, k=params.k)
    if subject.retrieval is None:
        return {}
    firsts = ((name, subject.retrieval.first(name, params.k)) for name in names)
    return {name: items for name, items in firsts if items is not None}
