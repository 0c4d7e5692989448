"""What `minoria` searches for and how: light, so that every start of the program can read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from annotated_doc import Doc
from annotated_types import Ge, Gt, Le, Lt

from auditkit import Context, Finder, Metric, Mined, Subject

if TYPE_CHECKING:
    from collections.abc import Sequence

PAPER = "Mining the Minoria: Unknown, Under-represented, and Under-performing Minority Groups"

METRICS = (
    Metric(
        name="skew", title="Pearson's median skewness of the projection", unit="standard deviations",
        formula="3 (mean - median) / sd of the rows projected on the direction; below 0: long lower tail",
        source=f"{PAPER}, equation 1",
    ),
    Metric(
        name="loss_gap", title="Loss gap of the tail", unit="loss", direction="higher_is_worse",
        formula="mean loss in the tail - mean loss of all rows, on rows that the search did not see",
        source=f"{PAPER}, problem 1",
    ),
    Metric(
        name="tail_loss", title="Loss in the tail", unit="loss", direction="higher_is_worse",
        formula="mean loss in the tail, on rows that the search did not see",
    ),
    Metric(name="tail_share", title="Share of rows in the tail", formula="rows in the tail / all rows"),
)  # fmt: skip

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
    "puts a maximum."
)
FOCUS = (
    "Focused exploration (algorithm 3) tries directions from ordinary rows to rows of high loss, ranks "
    "them by the size of the skewness, keeps those whose tail under-performs, and drops weights that "
    "change little. The whitened difference between the means of the worst rows and of the rest is always "
    "among them."
)


@dataclass(frozen=True, kw_only=True)
class SweepParams:
    """What to report, and how to divide the rows."""

    columns: Annotated[tuple[str, ...], Doc("feature columns to search; default: all")] = ()
    top: Annotated[int, Ge(1), Doc("directions to report")] = 5
    tail: Annotated[float, Gt(0), Lt(0.5), Doc("share of the rows that makes a tail")] = 0.05
    tau: Annotated[float, Doc("loss gap from which on a tail is reported as a group")] = 0.0
    separation_degrees: Annotated[
        float, Ge(0), Le(90), Doc("least angle between two reported directions")
    ] = 15.0
    confirm_share: Annotated[
        float, Gt(0), Lt(1), Doc("share of rows held out to confirm on, where no split column says which")
    ] = 0.5


@dataclass(frozen=True, kw_only=True)
class MinoriaParams(SweepParams):
    """The same, and the settings of focused exploration."""

    candidates: Annotated[int, Ge(1), Doc("directions that focused exploration tries")] = 2000
    error_share: Annotated[float, Gt(0), Lt(1), Doc("K: share of rows, worst first, to point at")] = 0.1
    hardest: Annotated[
        float, Gt(0), Le(1), Doc("K': share of a tail, worst rows first, whose loss is compared with tau")
    ] = 1.0


class Minoria(Finder):
    """Groups that nobody named: sweeps the plane of two numeric features, else explores from errors."""

    name = "minoria"
    title = "Unknown groups in the tails of skewed directions"
    method = f"{METHOD}{SWEEP} {FOCUS}"
    Params: ClassVar[type] = MinoriaParams
    metrics = METRICS
    search: ClassVar[Literal["sweep", "focus"] | None] = None

    def check(self, subject: Subject, params: Any) -> None:
        """Raise unless the columns are there, two numeric ones for a sweep, and the split can be read."""
        names = _columns(subject, params)
        if self.search == "sweep":
            _need_a_plane(subject, names)
        if subject.split is not None and subject.target is not None:
            from auditkit_minoria.split import mining_value

            mining_value(subject)

    def find(self, subject: Subject, params: Any, context: Context) -> Mined:
        """Return the directions as findings and their under-performing tails as groups."""
        names = _columns(subject, params)
        from auditkit_minoria.find import find

        search = self.search
        if search is None:
            search = "sweep" if _is_plane(subject, names) else "focus"
            why = (
                "the features are two numbers"
                if search == "sweep"
                else "the features are not just two numbers"
            )
            context.say(f"minoria: {why}, so the search is minoria.{search}")
        return find(subject, params, context, search=search, columns=names)


class MinoriaSweep(Minoria):
    """The exact search over all directions of the plane of two numeric features."""

    name = "minoria.sweep"
    title = "Unknown groups: exact sweep of two features"
    method = f"{METHOD}{SWEEP}"
    Params: ClassVar[type] = SweepParams
    search = "sweep"


class MinoriaFocus(Minoria):
    """Focused exploration: from ordinary rows towards rows of high loss, in any number of features."""

    name = "minoria.focus"
    title = "Unknown groups: focused exploration"
    method = f"{METHOD}{FOCUS}"
    search = "focus"


def _columns(subject: Subject, params: Any) -> tuple[str, ...]:
    """Return the columns to search, or raise DataError that names the nearest one."""
    names = tuple(params.columns) or subject.features
    for name in names:
        subject.column(name)
    return names


def _is_plane(subject: Subject, names: Sequence[str]) -> bool:
    """Return whether these are two columns of numbers."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    columns = [subject.column(name) for name in names]
    return len(names) == 2 and all(is_numeric_dtype(c) and not is_bool_dtype(c) for c in columns)


def _need_a_plane(subject: Subject, names: Sequence[str]) -> None:
    """Raise UsageError unless these are two columns of numbers."""
    if _is_plane(subject, names):
        return
    from auditkit import UsageError

    shown = ", ".join(names[:4]) + (", ..." if len(names) > 4 else "")
    message = (
        f"minoria.sweep needs two numeric columns, not {len(names)} ({shown}); "
        "name two with columns, or use minoria.focus"
    )
    raise UsageError(message)
