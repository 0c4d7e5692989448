"""What `minoria` searches for and how: light, so that every start of the program can read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from auditkit import Context, Finder, Mined, Subject
from auditkit_minoria.metrics import METRICS, PAPER
from auditkit_minoria.params import (
    ClimbParams,
    CommonParams,
    ExploreParams,
    FocusParams,
    GridParams,
    KMeansParams,
    MinoriaParams,
    SpreadParams,
    SweepParams,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

METHOD = (
    "A direction is a weighted sum of features. Where the rows projected on it have a long tail (high "
    "skewness), the rows of that tail are few and unlike the others, and nobody need have named them. "
    "Reported are directions of high skewness that differ by a given angle, and of these the tails whose "
    f"mean loss exceeds that of all rows by tau ({PAPER}). A direction is chosen for being bad, so its gap "
    "is measured again on rows that the search did not see, with Welch's interval (Newcombe's for losses "
    "of 0 and 1) and a one-sided p-value that is Holm-corrected for all tails tested; a group is "
    "confirmed if it is below half of 1 - confidence. "
)
SWEEP = (
    "The sweep is exact: it follows the median through all directions of a plane (section 4.3), and "
    "evaluates the skewness wherever the median passes to another row, and in between where Theorem 3 "
    "puts a maximum. "
)
WARMUP = (
    "The warm-up (algorithm 1) is exact but for Theorem 3's maximum in between: it computes the skewness anew, "
    "from all rows, wherever the median meets another row. It searches at most 1,000 rows. "
)
SWEEP3D = (
    "The search of three features is exact: directions are squares on the faces of a cube, cut in four until "
    "none in a square can beat the best found, or until so few rows can be its median that the maximum on every "
    "region, edge and corner between medians can be computed (algorithm 2 looks at corners alone, which is not "
    "enough). It searches at most 1,000 rows. "
)
GRID = (
    "The grid (section 6.1.1) cuts each polar angle into cells, and a determinantal point process of fixed size "
    "picks cells that differ; with more than 1,000 cells, from a random thousand of them. "
)
SPREAD = (
    "Diversification (section 6.1.2) starts from the axes and adds, again and again, the direction whose "
    "largest cosine to all before it is least. "
)
EXPLORE = (
    "Explore and exploit (section 6.2) tries random directions with probability epsilon, and else random ones "
    "near the best so far. "
)
FOCUS = (
    "Focused exploration (algorithm 3) tries directions from ordinary rows to rows of high loss, ranks "
    "them by the size of the skewness, keeps those whose tail under-performs, and drops weights that "
    "change little. The whitened difference between the means of the worst rows and of the rest is always "
    "among them. "
)
CLIMB = (
    "Climbing moves a direction towards the mean of the rows around its median, in whitened space, where "
    "Theorem 3 says that the skewness rises, from random directions, the axes, and the whitened difference "
    "between the means of the worst rows and of the rest. "
)
KMEANS = "The baseline (section 7.1.2) divides the rows into k-means clusters and judges each as a tail is judged. "


class Minoria(Finder[MinoriaParams]):
    """Groups that nobody named: sweeps the plane of two numeric features, else climbs and explores from errors."""

    name = "minoria"
    title = "Unknown groups in the tails of skewed directions"
    method = f"{METHOD}{SWEEP}{CLIMB}{FOCUS}".strip()
    Params: ClassVar[type] = MinoriaParams
    metrics = METRICS
    search: ClassVar[str] = ""
    """How to search; plain `minoria` looks at the features and chooses."""
    numbers: ClassVar[int] = 0
    """How many numeric features the search needs; 0 for any features."""

    def check(self, subject: Subject, params: MinoriaParams) -> None:
        """Raise unless the columns are there, as many numbers as the search needs, and the split can be read."""
        names = _columns(subject, params)
        if params.reveal is not None:
            subject.column(params.reveal)
        if getattr(params, "pairs", False):
            _need_numbers(self.name, subject, _numeric(subject, names), fewest=2)
        elif self.numbers:
            _need_exactly(self.name, subject, names, wanted=self.numbers)
        if subject.split is not None and (subject.target is not None or subject.loss is not None):
            from auditkit_minoria.features.split import mining_value

            mining_value(subject)

    def find(self, subject: Subject, params: MinoriaParams, context: Context) -> Mined:
        """Return the directions as findings and their under-performing tails as groups."""
        from auditkit_minoria.run.find import find

        names = _columns(subject, params)
        search = self.search or _chosen(subject, names, params, context)
        if getattr(params, "pairs", False):
            search, names = "pairs", _numeric(subject, names)
        return find(subject, params, context, search=search, columns=names)


class MinoriaSweep(Minoria):
    """The exact search over all directions of the plane of two numeric features, or of every such plane."""

    name = "minoria.sweep"
    title = "Unknown groups: exact sweep of two features"
    method = f"{METHOD}{SWEEP}".strip()
    Params: ClassVar[type] = SweepParams
    search = "sweep"
    numbers = 2


class MinoriaWarmup(Minoria):
    """The naive exact search of two numeric features, for teaching and as a check on the sweep."""

    name = "minoria.warmup"
    title = "Unknown groups: the naive search of two features"
    method = f"{METHOD}{WARMUP}".strip()
    Params: ClassVar[type] = CommonParams
    search = "warmup"
    numbers = 2


class MinoriaSweep3d(Minoria):
    """The exact search over all directions of three numeric features, for few rows."""

    name = "minoria.sweep3d"
    title = "Unknown groups: exact search of three features"
    method = f"{METHOD}{SWEEP3D}".strip()
    Params: ClassVar[type] = CommonParams
    search = "sweep3d"
    numbers = 3


class MinoriaGrid(Minoria):
    """Directions on a grid of angles, diverse ones picked by a determinantal point process."""

    name = "minoria.grid"
    title = "Unknown groups: grid of angles"
    method = f"{METHOD}{GRID}".strip()
    Params: ClassVar[type] = GridParams
    search = "grid"


class MinoriaSpread(Minoria):
    """Directions spread out evenly, each as far as can be from those before it."""

    name = "minoria.spread"
    title = "Unknown groups: directions spread out"
    method = f"{METHOD}{SPREAD}".strip()
    Params: ClassVar[type] = SpreadParams
    search = "spread"


class MinoriaExplore(Minoria):
    """Explore and exploit: random directions, and random ones near the best so far."""

    name = "minoria.explore"
    title = "Unknown groups: explore and exploit"
    method = f"{METHOD}{EXPLORE}".strip()
    Params: ClassVar[type] = ExploreParams
    search = "explore"


class MinoriaFocus(Minoria):
    """Focused exploration: from ordinary rows towards rows of high loss, in any number of features."""

    name = "minoria.focus"
    title = "Unknown groups: focused exploration"
    method = f"{METHOD}{FOCUS}".strip()
    Params: ClassVar[type] = FocusParams
    search = "focus"


class MinoriaClimb(Minoria):
    """Climbing from many starts to directions of locally largest skewness, in any number of features."""

    name = "minoria.climb"
    title = "Unknown groups: climbing to skewed directions"
    method = f"{METHOD}{CLIMB}".strip()
    Params: ClassVar[type] = ClimbParams
    search = "climb"


class MinoriaKMeans(Minoria):
    """The baseline: k-means clusters, judged as tails are."""

    name = "minoria.kmeans"
    title = "Unknown groups: k-means clusters"
    method = f"{METHOD}{KMEANS}".strip()
    Params: ClassVar[type] = KMeansParams
    search = "kmeans"


FINDERS: tuple[type[Minoria], ...] = (
    Minoria, MinoriaSweep, MinoriaWarmup, MinoriaSweep3d, MinoriaGrid, MinoriaSpread, MinoriaExplore,
    MinoriaFocus, MinoriaKMeans, MinoriaClimb,
)  # fmt: skip


def _columns(subject: Subject, params: MinoriaParams) -> tuple[str, ...]:
    """Return the columns to search, or raise DataError that names the nearest one.

    Embeddings stand for the features; beside them, only columns that were named are searched. The column to
    reveal is never one of them.
    """
    default = () if subject.embeddings is not None else subject.features
    names = tuple(name for name in params.columns or default if name != params.reveal)
    for name in names:
        subject.column(name)
    return names


def _numeric(subject: Subject, names: Sequence[str]) -> tuple[str, ...]:
    """Return those columns that hold numbers or dates."""
    from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

    def is_number(name: str) -> bool:
        column = subject.column(name)
        number = is_numeric_dtype(column) and not is_bool_dtype(column)
        return bool(number or is_datetime64_any_dtype(column))

    return tuple(name for name in names if is_number(name))


def _chosen(subject: Subject, names: Sequence[str], params: MinoriaParams, context: Context) -> str:
    """Return the search for these features, and say which it is and why."""
    if getattr(params, "pairs", False):
        search, why = "pairs", "pairs were asked for"
    elif subject.embeddings is None and len(names) == 2 == len(_numeric(subject, names)):
        search, why = "sweep", "the features are two numbers, and a plane can be searched exactly"
    else:
        search = "climb+focus"
        why = "the features are not just two numbers: climbing looks for skewness, focus for errors"
    shown = {"pairs": "minoria.sweep of every pair", "climb+focus": "minoria.climb and minoria.focus"}
    context.say(f"minoria: {why}, so the search is {shown.get(search, f'minoria.{search}')}")
    return search


def _need_exactly(step: str, subject: Subject, names: Sequence[str], *, wanted: int) -> None:
    """Raise UsageError unless these are as many columns, all of them numbers, as the search needs."""
    if subject.embeddings is None and len(names) == wanted == len(_numeric(subject, names)):
        return
    from auditkit import UsageError

    word = {2: "two", 3: "three"}[wanted]
    shown = ", ".join(names[:4]) + (", ..." if len(names) > 4 else "")
    given = "embeddings" if subject.embeddings is not None else f"{len(names)} ({shown})"
    other = "minoria" if wanted == 3 else "--pairs" if step == "minoria.sweep" else "minoria.sweep"
    message = f"{step} needs {word} numeric columns, not {given}; name {word} with columns, or use {other}"
    raise UsageError(message)


def _need_numbers(step: str, subject: Subject, names: Sequence[str], *, fewest: int) -> None:
    """Raise UsageError unless there are pairs of numeric columns to sweep."""
    if len(names) >= fewest and subject.embeddings is None:
        return
    from auditkit import UsageError

    given = "embeddings" if subject.embeddings is not None else f"{len(names)}"
    message = f"{step}: pairs need at least {fewest} numeric columns, not {given}"
    raise UsageError(message)
