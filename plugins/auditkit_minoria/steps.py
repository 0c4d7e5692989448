"""The steps that the plugin brings: `minoria`, which chooses a search, and every search by its own name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from auditkit import Context, Cost, Finder, Mined, Stats, Subject, UsageError, Vectors
from auditkit_minoria.features.needs import numeric_columns, searched_columns
from auditkit_minoria.metrics import METRICS, PAPER
from auditkit_minoria.params import CommonParams
from auditkit_minoria.searches import every_search, slices, together
from auditkit_minoria.searches.slices import SliceParams
from auditkit_minoria.searches.sweeps import pairs, plane
from auditkit_minoria.searches.sweeps.sweep import SweepParams
from auditkit_minoria.searches.together import TogetherParams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditkit_minoria.searches.interface import Search

METHOD = (
    "A direction is a weighted sum of features. Where the rows projected on it have a long tail (high "
    "skewness), the rows of that tail are few and unlike the others, and nobody need have named them. "
    "Reported are directions of high skewness that differ by a given angle, and of these the tails whose "
    f"mean loss exceeds that of all rows by tau ({PAPER}). A direction is chosen for being bad, so its gap "
    "is measured again on rows that the search did not see. Losses of two values are counted: the "
    "one-sided p-value is the largest of Newcombe's, the binomial and Fisher's. For others it is the larger "
    "of Welch's and that of a studentised permutation test. A group is confirmed if its p-value, "
    "Holm-corrected for all tails tested, is below half of 1 - confidence; its interval is of the same "
    "tests, not corrected."
)


@dataclass(frozen=True, kw_only=True)
class MinoriaParams(SweepParams, TogetherParams):
    """Those of the searches that `minoria` chooses from."""


class Minoria(Finder[CommonParams]):
    """Groups that nobody named: slices of plain conditions, and tails of directions that are swept or climbed to."""

    name = "minoria"
    title = "Unknown groups that fare worse"
    method = " ".join((METHOD, plane.SEARCH.method, together.SEARCH.method))
    Params: ClassVar[type[Any]] = MinoriaParams
    metrics = METRICS
    own_names = True
    reads_sample = True
    search: ClassVar[Search[Any] | None] = None
    """How to search; plain `minoria` looks at the features and chooses."""

    def check(self, subject: Subject, params: CommonParams) -> None:
        """Raise unless the columns are there, as many numbers as the search needs, and the split can be read."""
        from auditkit_minoria.show.paper import check as check_paper

        names = searched_columns(subject, params)
        if subject.rest is not None:
            _check_counted(params)
        elif isinstance(params, SliceParams) and params.count_share:
            message = (
                "--count-share is for a table beyond memory, with --engine: in memory all rows are searched"
            )
            raise UsageError(message)
        check_paper(params)
        if params.reveal is not None:
            subject.column(params.reveal)
        self._columns_of(self._searching(subject, names, params)[0], subject, names)
        if subject.split is not None and (subject.target is not None or subject.loss is not None):
            from auditkit_minoria.features.split import mining_value

            mining_value(subject)

    def memory(self, vectors: Vectors, params: CommonParams) -> int:  # noqa: ARG002
        """Return what the centred vectors and their copy take, and of long ones their components."""
        from auditkit_minoria.features.encoded import EIGEN, WIDEST

        return 2 * vectors.bytes + (EIGEN * vectors.square if vectors.dimensions > WIDEST else 0)

    def find(self, subject: Subject, params: CommonParams, context: Context) -> Mined:
        """Return the directions as findings and their under-performing tails as groups."""
        from auditkit_minoria.run.find import find

        names = searched_columns(subject, params)
        search, why = self._searching(subject, names, params)
        if why:
            context.say(f"minoria: {why}, so the search is {search.shown}")
        if subject.rest is not None:
            from auditkit_minoria.run.sampled import find_sampled

            columns = self._columns_of(search, subject, names)
            return find_sampled(subject, params, context, search=search, columns=columns)
        return find(subject, params, context, search=search, columns=self._columns_of(search, subject, names))

    def cost(self, subject: Subject, params: CommonParams, stats: Stats) -> Cost | None:  # noqa: ARG002
        """Return what the search is expected to take; None for one that has no price yet, as the rest of a sample."""
        from auditkit_minoria.run.cost import cost

        names = searched_columns(subject, params)
        search, _ = self._searching(subject, names, params)
        return cost(subject, params, search, self._columns_of(search, subject, names))

    def _searching(
        self, subject: Subject, names: Sequence[str], params: CommonParams
    ) -> tuple[Search[Any], str]:
        """Return the search for these features, and why, if it was chosen here."""
        every_pair = isinstance(params, SweepParams) and params.pairs
        if subject.rest is not None and isinstance(params, SliceParams) and params.count_share:
            why = "conjunctions are what counts can tell" if self.search is None else ""
            return slices.SEARCH, why
        if self.search is not None:
            return pairs.SEARCH if every_pair else self.search, ""
        if every_pair:
            return pairs.SEARCH, "pairs were asked for"
        if subject.embeddings is None and len(names) == 2 == len(numeric_columns(subject, names)):
            return plane.SEARCH, "the features are two numbers, and a plane can be searched exactly"
        why = (
            "the features are not just two numbers: climbing looks for skewness, focus for errors, slices for plain "
            "conditions"
        )
        return together.SEARCH, why

    def _columns_of(self, search: Search[Any], subject: Subject, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the columns that the search takes of those named, or raise UsageError."""
        who = f"{self.name} needs" if self.search is search else f"{self.name}: {search.name} need"
        return search.needs.columns_of(subject, names, who=who)


def _check_counted(params: CommonParams) -> None:
    """Raise UsageError for what needs the rows that confirm, where these are only counted."""
    for name in ("reveal", "paper"):
        if getattr(params, name) is not None:
            message = f"--{name}: rows that an engine only counts cannot be ranked; leave it out, or leave out --engine"
            raise UsageError(message)
    if params.stability and isinstance(params, SliceParams) and params.count_share:
        message = "--stability draws rows anew, and those that --count-share searches are only counted: leave one out"
        raise UsageError(message)


def _step_of(search: Search[Any]) -> type[Minoria]:
    """Return the step that runs this one search."""
    declared = {
        "__doc__": search.method,
        "name": search.shown,
        "title": f"Unknown groups: {search.title}",
        "method": f"{METHOD} {search.method}",
        "Params": search.Params,
        "search": search,
    }
    return type(f"Minoria[{search.name}]", (Minoria,), declared)


FINDERS: tuple[type[Minoria], ...] = (
    Minoria,
    *(_step_of(search) for search in every_search().values() if not search.known_as),
)
