"""The retrieval problem of a subject: items, queries, attributes and reference, ready to be measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, assert_never

import numpy as np

from auditkit import DataError, UsageError
from auditkit_mpr.params import EMBEDDINGS
from auditkit_mpr.reference.missing import as_category, missing, refuse_missing
from auditkit_mpr.reference.statistics import Statistics, known_values, statistics
from auditkit_mpr.reference.table import nearest_rows, reference_of
from auditkit_mpr.relaxed.top import top
from auditkit_mpr.retrieval.candidates import Candidates
from auditkit_mpr.retrieval.lists import lists_in
from auditkit_mpr.run.asked.reading import (
    asked,
    attribute_names,
    item_ids,
    read_attributes,
    reference_table,
    relevance,
)
from auditkit_mpr.run.asked.unmatched import unmatched_queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from auditkit import Context, Subject
    from auditkit_mpr.params import RetrievalParams
    from auditkit_mpr.reference.attributes import Read
    from auditkit_mpr.reference.table import Reference, ReferenceTable
    from auditkit_mpr.retrieval.probes import Probe
    from auditkit_mpr.retrieval.queries import Asked
    from auditkit_mpr.retrieval.relevance import Judged, Relevance
    from auditkit_mpr.retrieval.scoring import Scorer
    from auditkit_mpr.run.asked.files import Files


@dataclass(frozen=True, eq=False, kw_only=True)
class Problem:
    """Everything that the audit and the repair read. `lists` are known lists of k, indices by query's name."""

    ids: NDArray[Any]
    asked: Asked
    statistics: Statistics
    reference: Reference
    reference_table: ReferenceTable
    k: int
    prefilter: int
    nearest: int
    lists: Mapping[str, NDArray[np.int64]]
    probes: tuple[Probe, ...] = ()
    relevance: Relevance | None = None

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
        kept = [self.lists.get(name, none) for name in self.asked.names]
        limit = self.prefilter if 0 < self.prefilter < self.n else 0
        for place, (items, similarities) in enumerate(self.asked.scorer.each(limit, kept)):
            query, vectors = self.asked.names[place], self.asked.vectors
            if len(items) < self.k:
                message = f"the index finds only {len(items)} items for query '{query}', and k is {self.k}"
                raise DataError(message)
            everything = len(items) == self.n
            found = self.statistics
            yield Candidates(
                query=query,
                items=items,
                similarities=similarities,
                rows=found.items if everything else found.items[items],
                codes=tuple(group.items if everything else group.items[items] for group in found.groups),
                reference=self._reference(place),
                shared=everything and not self.nearest,
                vector=None if vectors is None else vectors[place],
            )

    def list_of(self, candidates: Candidates) -> NDArray[np.int64]:
        """Return the positions of a query's known list, or of its k most similar candidates."""
        known = self.lists.get(candidates.query)
        return top(candidates.similarities, self.k) if known is None else candidates.positions(known)

    def judged(self, candidates: Candidates, chosen: NDArray[np.int64]) -> Judged | None:
        """Return how a list, positions [k] among the candidates, answers its query; None without judgements."""
        return (
            None
            if self.relevance is None
            else self.relevance.judge(candidates.query, candidates.items[chosen])
        )

    def _reference(self, place: int) -> Reference:
        vectors = self.asked.vectors
        if not self.nearest or vectors is None:
            return self.reference
        return nearest_rows(self.reference, self.reference_table, vectors[place], count=self.nearest)


def assemble(subject: Subject, params: RetrievalParams, context: Context, files: Files) -> Problem:
    """Return the problem, and tell the reader what bears on it. Raises as `check` does."""
    queries = asked(subject, params, files)
    wanted = attribute_names(subject, params)
    table = reference_table(subject, params, files, wanted)
    read, probes = _filled(
        read_attributes(subject, params, table, wanted), queries.scorer, table, params, context
    )
    extra = _vector_columns(queries.scorer, table, len(subject)) if EMBEDDINGS in wanted else None
    found = statistics(read, extra)
    reference = reference_of(table, found, items=len(subject))
    rows = None if reference.exact else reference.population.effective
    for note in known_values(read, rows=rows, level=(1 - context.stats.confidence) / 2):
        context.say(note)
    ids = item_ids(subject)
    lists = _known_lists(subject, params, files, ids, queries.names)
    judged = relevance(subject, params, files, queries.names)
    for note in unmatched_queries(params, files, queries.names, judged):
        context.say(f"mpr: {note}")
    return Problem(
        ids=ids,
        asked=queries,
        statistics=found,
        reference=reference,
        reference_table=table,
        k=need_items(subject, params.k),
        prefilter=params.prefilter,
        nearest=params.nearest,
        lists=lists,
        probes=probes,
        relevance=judged,
    )


def need_items(subject: Subject, k: int) -> int:
    """Return k, or raise UsageError if there are fewer items."""
    if k > len(subject):
        message = f"k is {k}, but there are only {len(subject):,} items"
        raise UsageError(message)
    return k


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
    subject: Subject, params: RetrievalParams, files: Files, ids: NDArray[Any], names: Sequence[str]
) -> dict[str, NDArray[np.int64]]:
    """Return lists of k that the user brings, or the first k of those that a step before ranked."""
    if files.lists is not None and params.lists is not None:
        return lists_in(files.lists, params.lists, ids=ids, names=names, k=params.k)
    if subject.retrieval is None:
        return {}
    firsts = ((name, subject.retrieval.first(name, params.k)) for name in names)
    return {name: items for name, items in firsts if items is not None}
