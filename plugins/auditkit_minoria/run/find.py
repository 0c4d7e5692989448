"""From a subject to groups and findings: encode, mine, judge, put into words, show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit import DataError, Finding, Group, Mined, UsageError, nearest
from auditkit_minoria.directions.planes import pair_table, sweep_pairs
from auditkit_minoria.features.encoded import Features, features_of
from auditkit_minoria.features.split import mining_rows
from auditkit_minoria.groups.choose import Choice
from auditkit_minoria.groups.clusters import halfspaces
from auditkit_minoria.run.mine import NO_LOSS, MinedCluster, MinedDirection, mine, mine_clusters
from auditkit_minoria.searches.by_name import EXACT, NAMES, of_sweep, search_of
from auditkit_minoria.show.exhibits import Shown, show
from auditkit_minoria.show.quality import judged
from auditkit_minoria.words.expression import expression
from auditkit_minoria.words.sentence import words
from auditkit_minoria.words.shallow import conditions_in_words, fidelity, shallow_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from auditkit import Context, Predictions, Subject
    from auditkit_minoria.directions.candidates import Candidates
    from auditkit_minoria.run.mine import MinedGroup
    from auditkit_minoria.searches.by_name import Search

RAW = frozenset({"sweep", "warmup"})
"""Searches of a plane read raw numbers, so that their angles are those of the data."""
NEAR_ENOUGH = 0.5
"""F1 from which on a group is also put into plain conditions."""


@dataclass(frozen=True, eq=False)
class Losses:
    """Each row's loss [n], or None without target and loss column; its name; predictions, where there are any."""

    values: NDArray[np.float64] | None
    unit: str
    predictions: Predictions | None


def find(subject: Subject, params: Any, context: Context, *, search: str, columns: Sequence[str]) -> Mined:
    """Return up to `params.top` directions: findings for each, a group where the tail under-performs."""
    features = features_of(subject, columns, standardise=search not in RAW)
    for name, reason in features.encoded.dropped:
        context.skip(f"column {name}", reason)
    _need_columns(features, search)
    losses = _losses(subject, context)
    mining = mining_rows(subject, confirm_share=params.confirm_share, rng=context.rng("split"))
    if losses.values is None:
        mining = np.ones(len(subject), dtype=np.bool_)
    found = _mined(features, losses.values, mining, params, context, search=search)
    taken = {group.name for group in subject.groups}
    names = (name for i in range(1, len(found) + len(taken) + 1) if (name := f"minoria-{i}") not in taken)
    named = list(zip(names, found, strict=False))
    how = judged(subject, losses.predictions, losses.values, losses.unit, mining)
    seen = None if losses.values is None else mining  # skew alone chooses without a look at any outcome
    described = [_described(name, one, features, mining, seen, subject, context) for name, one in named]
    shown = Shown(subject=subject, features=features, mining=mining, how=how, params=params, context=context)
    extra = show(shown, named, predicted=None if losses.predictions is None else losses.predictions.pred)
    return Mined(
        groups=tuple(group for group, _ in described if group is not None),
        findings=(
            *(
                finding
                for (name, one), (_, details) in zip(named, described, strict=True)
                for finding in _findings(name, one, details, features, unit=losses.unit, tau=params.tau)
            ),
            *extra,
        ),
        confirmed=None if losses.values is None else frozenset(name for name, one in named if one.confirmed),
    )


def _need_columns(features: Features, search: str) -> None:
    """Raise DataError if too few columns are left that vary."""
    wanted = {"sweep": 2, "warmup": 2, "sweep3d": 3, "pairs": 2}.get(search, 1)
    given = features.matrix.shape[1]
    if given < wanted or (search in EXACT and given != wanted):
        word = {2: "two", 3: "three"}.get(wanted, "one")
        why = "; ".join(": ".join(pair) for pair in features.encoded.dropped)
        message = f"the search needs {word} columns that vary: {why}"
        raise DataError(message)


def _losses(subject: Subject, context: Context) -> Losses:
    """Return the loss column, else the loss of the predictions, else none, which a note says.

    Beside a loss column, only predictions that are given count: no baseline is fitted.
    """
    given = subject.pred is not None or subject.score is not None or subject.model is not None
    if subject.loss is not None:
        values = subject.column(subject.loss).to_numpy(dtype=np.float64)
        predictions = context.predictions(subject) if given and subject.target is not None else None
        return Losses(values, subject.loss, predictions)
    if subject.target is None:
        context.say(
            "minoria: without a target or a loss column there is no loss; groups are listed for their "
            "skewness alone (under-represented, not under-performing)"
        )
        return Losses(None, "loss", None)
    predictions = context.predictions(subject)
    return Losses(predictions.loss, predictions.loss_name, predictions)


def _mined(
    features: Features,
    loss: NDArray[np.float64] | None,
    mining: NDArray[np.bool_],
    params: Any,
    context: Context,
    *,
    search: str,
) -> tuple[MinedDirection, ...] | tuple[MinedCluster, ...]:
    """Return what the search finds, confirmed."""
    confidence, min_n = context.stats.confidence, context.stats.min_n
    rng = context.rng(search)
    if search == "kmeans":
        return mine_clusters(
            features.matrix,
            loss,
            mining,
            rng=rng,
            k=params.clusters,
            tau=params.tau,
            confidence=confidence,
            min_n=min_n,
        )
    from auditkit_minoria.directions import meetings, space

    most = {"warmup": meetings.MOST_ROWS, "sweep3d": space.MOST_ROWS}.get(search)
    if most is not None and mining.sum() > most:
        context.say(f"minoria.{search} is for few rows: it searched a random {most:,} of the mining rows")
    choice = Choice(
        top=params.top,
        tail=params.tail,
        tau=params.tau,
        hardest=getattr(params, "hardest", 1.0),
        separation=float(np.deg2rad(params.separation_degrees)),
        sparse=search not in EXACT,
    )
    _compile(search, params, context)
    proposing = _search(features, params, context, search=search)
    return mine(
        features.matrix,
        loss,
        mining,
        rng=rng,
        search=proposing,
        choice=choice,
        confidence=confidence,
        min_n=min_n,
    )


def _compile(search: str, params: Any, context: Context) -> None:
    """Make the machine code that a search needs, said to whoever watches, unless it is there from an earlier run."""
    from auditkit_minoria.kernels.compiled import compiled_before

    kernel = _kernel(search)
    if kernel is None or compiled_before(kernel):
        return
    rng = np.random.default_rng(0)
    few = rng.normal(size=(30, 3 if search == "sweep3d" else 2))
    for _ in context.track((search,), "compiling for this machine, the first time only"):
        next(search_of("sweep" if search == "pairs" else search, params)(few, None, rng))


def _kernel(search: str) -> Callable[..., object] | None:
    """Return the largest piece of machine code that a search needs, None if it needs none."""
    from auditkit_minoria.kernels import medians, plane, space

    match search:
        case "sweep" | "pairs":
            return plane.sweep_bins
        case "sweep3d":
            return space.search_tile
        case "warmup":
            return None
        case "grid" | "spread" | "explore" | "focus" | "climb" | "climb+focus":
            return medians.middle_values
    message = f"no search '{search}'{nearest(search, NAMES)}"
    raise UsageError(message)


def _search(features: Features, params: Any, context: Context, *, search: str) -> Search:
    """Return the search; that of a plane, or of all of them, shows its picture or its ranking on the way."""

    def plane(
        points: NDArray[np.float64], _: NDArray[np.float64] | None, __: np.random.Generator
    ) -> Iterator[Candidates]:
        from auditkit_minoria.directions.sweep import sweep, top_of_sweep
        from auditkit_minoria.show.pictures import angle_chart

        found = sweep(points)
        separation = float(np.deg2rad(params.separation_degrees))
        context.show(angle_chart(found, top_of_sweep(found, top=params.top, separation=separation)[0]))
        yield of_sweep(found)

    def planes(
        points: NDArray[np.float64], _: NDArray[np.float64] | None, rng: np.random.Generator
    ) -> Iterator[Candidates]:
        columns = range(points.shape[1])
        separation = float(np.deg2rad(params.separation_degrees))
        batch = sweep_pairs(points, columns, rng, separation=separation, track=context.track)
        context.show(pair_table(batch, columns, [column.name for column in features.columns]))
        yield batch

    return {"sweep": plane, "pairs": planes}.get(search) or search_of(search, params)


def _described(
    name: str,
    one: MinedGroup,
    features: Features,
    mining: NDArray[np.bool_],
    seen: NDArray[np.bool_] | None,
    subject: Subject,
    context: Context,
) -> tuple[Group | None, dict[str, Any]]:
    """Return the group over all rows of the table, if it is one, and the details of its shallow rule.

    `seen` are the rows by whose losses the group was chosen, if there are losses.
    """
    members, other = one.tail(features.matrix), mining if seen is None else ~seen
    conditions = shallow_rule(features.matrix[mining], members[mining], context.rng(f"{name}/rule"))
    near = fidelity(conditions, features.matrix[other], members[other])
    plain = conditions_in_words(conditions, features.columns, table=subject.table)
    details = {
        "rule": plain or None, "precision": round(near.precision, 4), "recall": round(near.recall, 4),
        "f1": round(near.f1, 4),
    }  # fmt: skip
    if not one.group:
        return None, details
    rule, again = _rule(one, features, subject)
    if plain and near.f1 >= NEAR_ENOUGH:
        rule = f"{rule}; about the same as {plain} (F1 {near.f1:.2f})"
    return Group(name, rule, again, members, seen=seen), details


def _rule(one: MinedGroup, features: Features, subject: Subject) -> tuple[str, str]:
    """Return the rule in words and as an expression."""
    spread = features.matrix.std(axis=0)
    match one:
        case MinedDirection():
            rule = words(one.direction, features.columns, one.threshold, one.side, spread=spread)
            weights, terms, threshold = features.linear(one.direction, one.threshold)
            return rule, expression(weights, terms, threshold, one.side, table=subject.table)
        case MinedCluster():
            middle = one.centres[one.place]
            largest = np.argsort(-np.abs(middle), kind="stable")[:3]
            said = ", ".join(
                f"{'high' if middle[i] > 0 else 'low'} {features.columns[i].name}" for i in largest
            )
            parts = [
                f"({expression(*features.linear(weights, limit), 'upper', table=subject.table)})"
                for weights, limit in halfspaces(one.centres, one.place)
            ]
            return f"rows of a cluster around {said}", " & ".join(parts) or "0.0 <= 0.0"
    message = f"no words for {type(one).__name__}"
    raise TypeError(message)


def _findings(
    name: str, one: MinedGroup, shallow: dict[str, Any], features: Features, *, unit: str, tau: float
) -> Iterable[Finding]:
    """Yield a direction's skew and, on held-out rows, its tail's loss gap, loss and share."""
    if isinstance(one, MinedDirection):
        weights = {
            column.name: float(w) for column, w in zip(features.columns, one.direction, strict=True) if w != 0
        }
        where = {} if one.angle_degrees is None else {"angle_degrees": one.angle_degrees}
        yield Finding(
            metric="skew", value=one.skew, n=one.mining_n, group=name, unit="standard deviations",
            details={
                "direction": weights, **where, "side": one.side, "threshold": one.threshold, "shallow": shallow,
            },
        )  # fmt: skip
    held_out = one.held_out
    judged = {
        "mining_gap": one.mining_gap, "tau": tau, "confirmed": one.confirmed,
        "p_value": None if held_out is None else held_out.p, "p_corrected": one.p_corrected,
    }  # fmt: skip
    gap = Finding(
        metric="loss_gap", value=None, n=0 if held_out is None else held_out.n, group=name, unit=unit,
        direction="higher_is_worse", reason=one.reason or NO_LOSS, details=judged,
    )  # fmt: skip
    if held_out is None or held_out.gap is None:
        yield gap
        return
    yield replace(gap, value=held_out.gap, interval=held_out.interval, reason="")
    yield replace(gap, metric="tail_loss", value=held_out.tail_loss, reason="", details={})
    share = replace(gap, metric="tail_share", unit="share", direction="neither", reason="", details={})
    yield replace(share, value=held_out.share, n=held_out.rows)
