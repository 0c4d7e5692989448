"""Names of queries that one file has and another lacks: a slip of writing would leave them out in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit_mpr.reference.attributes import few

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from auditkit_mpr.params import RetrievalParams
    from auditkit_mpr.retrieval.relevance import Relevance
    from auditkit_mpr.run.asked.files import Files


def unmatched_queries(
    params: RetrievalParams, files: Files, names: Sequence[str], relevance: Relevance | None
) -> list[str]:
    """Return a sentence for queries without a list or judgements, and for lists and judgements of no query.

    `names` are the queries of the run; those that were not asked for are nobody's slip.
    """
    named = files.similarities or files.queries
    known = set(names) if named is None else set(named.names)
    notes = []
    if named is not None and files.lists is not None:
        listed = _queries_of(files.lists)
        notes += _lacking(
            names, listed, f"no list in {params.lists}: the k most similar items stand for {{theirs}}"
        )
        notes += _strangers(listed - known, f"{params.lists} has lists of", "left out")
    if files.relevance is not None:
        judged = _queries_of(files.relevance)
        notes += _lacking(
            names, judged, f"no judgements in {params.relevance}: no relevance is reported for {{them}}"
        )
        known = known | (set() if files.lists is None else _queries_of(files.lists))
        notes += _strangers(judged - known, f"{params.relevance} judges items for", "not used")
    if relevance is not None:
        answered = {query for query, grades in relevance.grades.items() if (grades > 0).any()}
        unanswered = [name for name in relevance.grades if name not in answered]
        notes += _lacking(unanswered, (), "no item that answers {them}: recall and nDCG are not defined")
    return notes


def _queries_of(table: pd.DataFrame) -> set[str]:
    return set(table["query"].astype(str))


def _lacking(names: Iterable[str], known: Iterable[str], what: str) -> list[str]:
    lacking = set(names) - set(known)
    if not lacking:
        return []
    one = len(lacking) == 1
    words = what.format(theirs="its own" if one else "their own", them="it" if one else "them")
    return [f"{'Query' if one else 'Queries'} {few(lacking)} {'has' if one else 'have'} {words}."]


def _strangers(names: set[str], what: str, left: str) -> list[str]:
    if not names:
        return []
    one = len(names) == 1
    return [
        f"{what} {'query' if one else 'queries'} {few(names)}, which {'is' if one else 'are'} not among the queries: "
        f"{left}."
    ]
