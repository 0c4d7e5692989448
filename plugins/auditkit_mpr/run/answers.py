"""What lists answer: whether they differ from the reference beyond chance, and whether repaired ones keep the limit."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from auditkit import Answer, GroupWords, percent, plain_number
from auditkit_mpr.sampling.shares import share_bounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditkit_mpr.reference.intersections import Attribute
    from auditkit_mpr.relaxed.certificate import Certificate
    from auditkit_mpr.retrieval.relevance import Judged
    from auditkit_mpr.run.findings import ListMeasured
    from auditkit_mpr.run.shares import Worst

SHARES = "Shares of groups in the lists"
NO_GAP = 1e-9
"""A gap of shares that is rounding."""
AFTER = "Shares of groups in the lists, before and after"


def audit_answers(lists: Sequence[ListMeasured], attributes: Sequence[Attribute]) -> Iterator[Answer]:
    """Yield how many lists differ from the reference by more than chance, and the worst group of the worst list."""
    if not lists:
        return
    shown = [one for one in lists if _low(one) > 0]
    queries, differing = ({one.candidates.query for one in some} for some in (lists, shown))
    total = f"{len(queries):,} list{'' if len(queries) == 1 else 's'}"
    classes = len({one.function_class for one in lists})
    several = f", by any of {classes} classes of functions" if classes > 1 else ""
    basis = f"the low end of MPR's interval, list by list, against lists drawn by lot{several}"
    if shown:
        verb = "differs" if len(differing) == 1 else "differ"
        yield Answer(
            f"{len(differing):,} of {total} {verb} from the reference by more than chance would give.",
            basis=basis,
            sure="shown",
            harm=True,
            exhibit="MPR by query",
        )
    else:
        yield Answer(
            f"None of {total} is shown to differ from the reference by more than chance would give.",
            basis=basis,
            sure="not_shown",
            exhibit="MPR by query",
        )
    worst = max(shown or lists, key=lambda one: (_low(one), one.found.value))
    yield _worst(worst, GroupWords({one.name: one.labels for one in attributes}), certain=bool(shown))


@dataclass(frozen=True)
class Handed:
    """One list that is handed back: its certificate, and MPR and similarity of the user's own list, if there was one.

    Without one, the k most similar items were there before.
    """

    proof: Certificate
    own: Certificate | None = None

    @property
    def before(self) -> tuple[float, float]:
        """MPR and the sum of similarities of the list that was there before."""
        proof = self.proof
        return (
            (proof.top_mpr, proof.top_similarity) if self.own is None else (self.own.mpr, self.own.similarity)
        )


def repair_answers(lists: Sequence[Handed]) -> Iterator[Answer]:
    """Yield how many of the lists that are handed back keep their limit, and what similarity that left."""
    if not lists:
        return
    proofs = [one.proof for one in lists]
    kept = sum(proof.meets for proof in proofs)
    before, after = (fmean(values) for values in ([one.before[0] for one in lists], [p.mpr for p in proofs]))
    verb = "keeps its" if len(proofs) == 1 else "keep their"
    sizes = [str(size) for size, _ in proofs[0].prefixes[:-1]]
    where = f" in the first {', the first '.join(sizes)} and in all" if sizes else ""
    yield Answer(
        f"{kept:,} of {len(proofs):,} repaired lists {verb} limit{where}{_least(proofs)}; mean MPR "
        f"{_moved(before, after)}.",
        basis="computed anew from the lists that are returned",
        harm=kept < len(proofs),
    )
    similar = [one.proof.similarity / one.before[1] for one in lists if one.before[1] > 0]
    if similar:
        most = [proof.similarity / proof.top_similarity for proof in proofs if proof.top_similarity > 0]
        brought = any(one.own is not None for one in lists)
        more = f", and {percent(fmean(most))} of that of the most similar items" if brought and most else ""
        yield Answer(
            f"They {'have' if fmean(similar) > 1 else 'keep'} {percent(fmean(similar))} of the similarity of the lists "
            f"that were there before{more}.",
            basis=f"mean over {len(similar):,} lists; the least keeps {percent(min(similar), 'down')}",
        )


def _least(proofs: Sequence[Certificate]) -> str:
    """Return that the lists which break their limit have the least MPR, where all of them do."""
    broken = {proof.least for proof in proofs if not proof.meets}
    if not broken or "" in broken:
        return ""
    left = sum(not proof.meets for proof in proofs)
    one, many = ("it has", "they have") if left == len(proofs) else ("the other has", "the others have")
    who = one if left == 1 else many
    return f", and {who} the least MPR {'there is' if broken == {'proven'} else 'reached'}"


def _moved(before: float, after: float) -> str:
    was, now = plain_number(before), plain_number(after)
    if was == now:
        return f"stays at {was}"
    return f"{'falls' if after < before else 'rises'} from {was} to {now}"


def relevance_answers(judged: Sequence[tuple[Judged | None, Judged | None]]) -> Iterator[Answer]:
    """Yield how many items answer their query before and after, over the queries that somebody judged."""
    known = [(before.precision, after.precision) for before, after in judged if before and after]
    if not known:
        return
    before, after = (sum(values) / len(known) for values in zip(*known, strict=True))
    yield Answer(
        f"Before, {percent(before)} of the items in the lists answer their query, and {percent(after)} after.",
        basis=f"mean precision over {len(known):,} list{'' if len(known) == 1 else 's'} with judgements",
    )


def left_answers(left: Mapping[str, Worst], attributes: Sequence[Attribute]) -> Iterator[Answer]:
    """Yield whom the lists that are handed back, by query, still show farthest from the reference."""
    if not left:
        return
    query, worst = max(left.items(), key=lambda one: abs(one[1].listed - one[1].reference))
    if abs(worst.listed - worst.reference) <= NO_GAP:
        return
    words = GroupWords({one.name: one.labels for one in attributes})
    yield Answer(
        f"Farthest from the reference is then {_named(worst, words)}: {percent(worst.listed)} of the list for "
        f"'{query}' and {percent(worst.reference)} of the reference.",
        basis="the largest gap of shares over all groups that are named and all lists",
        exhibit=AFTER,
    )


def _low(one: ListMeasured) -> float:
    interval = one.found.shown.interval
    return 0.0 if interval is None else interval.low


def _worst(one: ListMeasured, words: GroupWords, *, certain: bool) -> Answer:
    query, k = one.candidates.query, len(one.chosen)
    shown = one.found.shown
    interval = (
        ""
        if shown.interval is None
        else f" [{plain_number(shown.interval.low)}, {plain_number(shown.interval.high)}]"
    )
    basis = f"MPR {plain_number(one.found.value)}{interval}; {k:,} items in the list"
    alike = one.worst is None or abs(one.worst.listed - one.worst.reference) <= NO_GAP
    if alike and one.found.value <= NO_GAP:
        text = "Every list has the reference's share of every group."
    elif one.worst is None or alike:
        text = f"Farthest from the reference is the list for '{query}', with MPR {plain_number(one.found.value)}."
    else:
        text = (
            f"{_named(one.worst, words)}: {percent(one.worst.listed)} of the list for '{query}' and "
            f"{percent(one.worst.reference)} of the reference."
        )
    return Answer(
        text,
        basis=basis + _sampled(one),
        sure="shown" if certain else "not_shown",
        harm=certain,
        exhibit=SHARES,
    )


def _sampled(one: ListMeasured) -> str:
    """Return what sampling leaves open of the worst group's share, for a reference that is a sample."""
    reference, worst, shown = one.candidates.reference, one.worst, one.found.shown.interval
    if worst is None or shown is None or reference.exact or reference.of_items:
        return ""
    level = (1.0 - shown.confidence) / 2
    low, high = share_bounds(np.array([worst.reference]), reference.population.effective, level)
    return f"; behind the reference's share lie {percent(float(low[0]))} to {percent(float(high[0]))}"


def _named(worst: Worst, words: GroupWords) -> str:
    return words(worst.name.replace(" AND ", " & "))
