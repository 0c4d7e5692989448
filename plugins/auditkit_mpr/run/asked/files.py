"""The files that a step's parameters name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit import read_table
from auditkit_mpr.retrieval.queries import array_in, faiss_index, named_arrays

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit import Subject
    from auditkit_mpr.params import RetrievalParams
    from auditkit_mpr.retrieval.queries import Named


@dataclass(frozen=True, eq=False)
class Files:
    """What the parameters name, each file read at its first use and never again; None for what they do not name.

    `bundled_queries` is the file that comes with the data set, for parameters that name none.
    """

    params: RetrievalParams
    bundled_queries: str | None

    def serve(self, subject: Subject, params: RetrievalParams) -> bool:
        """Return whether these parameters name the same files."""
        return self.params == params and self.bundled_queries == subject.files.get("queries")

    @cached_property
    def queries(self) -> Named | None:
        """Query vectors [q, d]."""
        path = self.params.queries or self.bundled_queries
        return None if path is None else named_arrays(path, what="queries")

    @cached_property
    def similarities(self) -> Named | None:
        """Similarities [q, n]."""
        path = self.params.similarities
        return None if path is None else named_arrays(path, what="similarities")

    @cached_property
    def index(self) -> Any:
        """A FAISS index."""
        return None if self.params.index is None else faiss_index(self.params.index)

    @cached_property
    def reference(self) -> pd.DataFrame | None:
        """The reference's table."""
        return None if self.params.reference is None else read_table(Path(self.params.reference))

    @cached_property
    def reference_vectors(self) -> NDArray[Any] | None:
        """The vectors of the reference's rows, as they are stored."""
        path = self.params.reference_embeddings
        return None if path is None else array_in(path, what="reference embeddings")

    @cached_property
    def relevance(self) -> pd.DataFrame | None:
        """The judgements of items."""
        return None if self.params.relevance is None else read_table(Path(self.params.relevance))

    @cached_property
    def lists(self) -> pd.DataFrame | None:
        """The user's own lists."""
        return None if self.params.lists is None else read_table(Path(self.params.lists))


def files_for(subject: Subject, params: RetrievalParams, known: Files | None = None) -> Files:
    """Return the files of a run: those known if they are the same, so that what a check read is not read again."""
    if known is not None and known.serve(subject, params):
        return known
    return Files(params, subject.files.get("queries"))
