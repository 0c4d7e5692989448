"""What of a report stays: decided once for all steps, from every count that its numbers give away."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from auditkit.redact.counts import EVERYBODY, ROWS, Known, group_of, known_counts
from auditkit.redact.crossings import Crossing, kept_of, pairs, without_circles
from auditkit.redact.labels import Labels, is_small
from auditkit.redact.names import Names, names_of
from auditkit.redact.ruled import hidden_ruled
from auditkit.values.compare import COMPARISONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditkit.values.compare import Compare
    from auditkit.values.finding import Finding
    from auditkit.values.report import Report

Fate: TypeAlias = Literal["stays", "without number", "without size", "gone"]
"""What becomes of a number: it stays, it goes and its rows stay, both go and the group's name stays, or all goes."""
ANY = "*"
"""In place of a metric: all of them."""


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """What of one attribute is hidden, and of which metric the others' numbers stay (ANY: of all)."""

    labels: Labels
    no_size: frozenset[str]
    no_number: frozenset[str]
    metric: str
    rest: bool
    """Whether a gap to the rest gives nothing away: no row lacks the attribute, or nothing is hidden."""

    @property
    def whole(self) -> bool:
        """Whether nothing is hidden."""
        return not self.no_number


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What stays of a report, by the names of its groups."""

    names: Names
    metric: str
    """The metric of all rows that stays: ANY, one, or "" for none."""
    attributes: Mapping[str, Attribute]
    crossings: tuple[Crossing, ...]
    complete: Mapping[tuple[str, ...], bool]
    """Of each crossing that stays, whether every row is in one of its groups."""
    ruled: Mapping[str, Fate]
    closed: frozenset[tuple[str, int]]
    """Steps and stages whose rows are nearly those of another one: nothing stays but names."""
    sizes: bool
    """Whether the groups' sizes, by the table alone, stay."""

    def fate(self, finding: Finding) -> Fate:
        """Return what becomes of a finding."""
        if (finding.step, finding.stage) in self.closed:
            return self._at_most(
                self.fate_of(group_of(finding), finding.metric, finding.compare), "without size"
            )
        return self.fate_of(group_of(finding), finding.metric, finding.compare)

    def fate_of(self, group: str, metric: str, compare: Compare) -> Fate:
        """Return what becomes of a number about a group.

        A change tells of two predictions of the same rows, and no count of few rows is known not to follow from the two
        together: it never has a number.
        """
        if compare == "change":
            fate = self.fate_of(group, metric, "absolute")
            return "without number" if fate == "stays" else fate
        if COMPARISONS[compare].between:
            return "stays" if self._all_of(self.names.cut(group), metric) else "without size"
        if group == EVERYBODY:
            return "stays" if self.metric in {ANY, metric} else "without number"
        parts = self.names.parts(group)
        if len(parts) == 1:
            return self._of_label(parts[0], metric, compare)
        if parts:
            return self._of_crossing(parts, metric, compare)
        return self.ruled.get(group, "without size")

    def size_stays(self, group: str) -> bool:
        """Whether the rows of a group, by the table alone, stay."""
        return self.sizes and self.fate_of(group, ANY, "absolute") in {"stays", "without number"}

    @cached_property
    def hides(self) -> bool:
        """Whether anything at all is hidden."""
        return not (
            self.metric == ANY
            and self.sizes
            and not self.closed
            and all(one.whole and one.metric == ANY for one in self.attributes.values())
            and all(one.whole for one in self.crossings)
            and all(fate == "stays" for fate in self.ruled.values())
        )

    def _of_label(self, label: str, metric: str, compare: Compare) -> Fate:
        mine = self.attributes[self.names.attribute_of[label]]
        if label in mine.no_size:
            return "without size"
        hidden = label in mine.no_number or mine.metric not in {ANY, metric}
        relative = compare not in {"absolute", "to_rest"} and not mine.whole
        return "without number" if hidden or relative or (compare == "to_rest" and not mine.rest) else "stays"

    def _of_crossing(self, parts: tuple[str, ...], metric: str, compare: Compare) -> Fate:
        attributes = self.names.attributes_of(parts)
        mine = next((one for one in self.crossings if set(one.attributes) == set(attributes)), None)
        if mine is None or not ({parts, parts[::-1]} & mine.kept):
            return "gone"
        whole = self._all_of(attributes, metric)
        if compare == "to_rest":
            return "stays" if whole or self.complete[mine.attributes] else "without number"
        return "stays" if compare == "absolute" or whole else "without number"

    def _all_of(self, cut: tuple[str, ...], metric: str) -> bool:
        """Whether every group of an attribute, or of a crossing, stays with all its numbers."""
        each = [self.attributes[name] for name in cut]
        if not each or not all(one.whole and one.metric in {ANY, metric} for one in each):
            return False
        if len(each) == 1:
            return True
        return any(set(one.attributes) == set(cut) and one.whole for one in self.crossings)

    @staticmethod
    def _at_most(fate: Fate, most: Fate) -> Fate:
        return fate if fate == "gone" else most


def decide(report: Report, least: int) -> Decided:
    """Return what of a report stays where no count of 1 to least - 1 rows may follow from it."""
    names, known = names_of(report), known_counts(report)
    metric = _of_all(known, least)
    attributes = {
        name: _attribute(Labels(groups, known, least), metric=metric)
        for name, groups in names.attributes.items()
    }
    crossings = _crossings(names, attributes, known, least)
    ruled = {name for table in known for name in table.groups if name and not names.parts(name)}
    sizes, closed = _alike(known, ruled, least)
    decided = Decided(
        names=names,
        metric=metric,
        attributes=attributes,
        crossings=tuple(crossings),
        complete={one.attributes: _complete(one) for one in crossings},
        ruled={},
        closed=closed,
        sizes=sizes,
    )
    stays = {
        name for table in known for name in table.groups if decided.fate_of(name, ANY, "absolute") == "stays"
    }
    return replace(decided, ruled=hidden_ruled(ruled, stays, known, least))


def metrics_of(known: tuple[Known, ...]) -> list[str]:
    """Return the metrics that counts follow from, in their order."""
    keys = (key for table in known for counts in table.groups.values() for key in counts)
    return list(
        dict.fromkeys(key.split(" ")[0] for key in keys if key != ROWS and not key.startswith("cell "))
    )


def counted_by(metric: str) -> Callable[[str], bool]:
    """Return which counts are given away by a metric, or by ANY of them."""
    return lambda key: key == ROWS or metric == ANY or (bool(metric) and key.startswith(f"{metric} "))


def _of_all(known: tuple[Known, ...], least: int) -> str:
    """Return the metric of all rows that stays: all, else the first of which no count is small."""
    for metric in (ANY, *metrics_of(known)):
        keys = counted_by(metric)
        if not any(is_small(n, least) for table in known for key, n in table.whole.items() if keys(key)):
            return metric
    return ""


def _attribute(labels: Labels, *, metric: str) -> Attribute:
    """Return what of an attribute is hidden: by the metric, or all of them, that keeps the most of the most rows."""
    no_size = labels.without_size()
    every = metrics_of(labels.tables)
    best, most = ("", frozenset(labels.names)), -1
    for candidate in (ANY, *every) if metric == ANY else (metric,):
        hidden = labels.without_numbers(no_size, counted=counted_by(candidate))
        rows = sum(labels.rows(name) for name in labels.names if name not in hidden)
        worth = rows * (len(every) if candidate == ANY else 1)
        if worth > most:
            best, most = (candidate, hidden), worth
    rest = not best[1] or not any(_missing(labels, table) for table in labels.tables)
    return Attribute(labels=labels, no_size=no_size, no_number=best[1], metric=best[0], rest=rest)


def _missing(labels: Labels, table: Known) -> int:
    """Return the rows of a table that are in no group of an attribute, if it has any of its groups."""
    there = ROWS in table.whole and any(name in table.groups for name in labels.names)
    return labels.left_over(table, ROWS, ()) if there else 0


def _crossings(
    names: Names, attributes: Mapping[str, Attribute], known: tuple[Known, ...], least: int
) -> list[Crossing]:
    """Return the crossings of two attributes that stay, each with the groups that do."""
    found: dict[tuple[str, ...], dict[tuple[str, str], str]] = {}
    deeper = False
    for name in {name for table in known for name in table.groups}:
        parts = names.parts(name)
        deeper = deeper or len(parts) > 2
        if len(parts) == 2:
            order = tuple(sorted(parts, key=lambda part: list(attributes).index(names.attribute_of[part])))
            found.setdefault(names.attributes_of(order), {})[order[0], order[1]] = name
    made = []
    for pair in pairs(list(attributes)):
        mine = [attributes[name] for name in pair]
        if pair in found and all(one.metric == ANY for one in mine):
            blank = Crossing(
                attributes=pair,
                labels=(_open(mine[0]), _open(mine[1])),
                names=found[pair],
                tables=tuple(table for table in known if ROWS in table.whole),
                least=least,
            )
            made.append(replace(blank, kept=kept_of(blank)))
    nothing_hidden = all(one.whole for one in attributes.values()) and len(made) == len(found)
    return without_circles(made, deeper=deeper or not nothing_hidden)


def _open(attribute: Attribute) -> tuple[str, ...]:
    """Return the groups of an attribute of which every count is printed."""
    labels = attribute.labels
    return tuple(
        name
        for name in labels.names
        if name not in attribute.no_number
        and all(
            set(table.whole) <= set(table.groups[name]) for table in labels.tables if name in table.groups
        )
    )


def _complete(crossing: Crossing) -> bool:
    """Whether every row of every table is in a group of the crossing."""
    return all(
        sum(table.groups[name].get(ROWS, 0) for name in crossing.names.values() if name in table.groups)
        == table.whole[ROWS]
        for table in crossing.tables
        if any(name in table.groups for name in crossing.names.values())
    )


def _alike(known: tuple[Known, ...], ruled: set[str], least: int) -> tuple[bool, frozenset[tuple[str, int]]]:
    """Return whether the table's own sizes can stand beside those of the steps, and the steps that cannot."""
    sizes, closed = True, set()
    for place, table in enumerate(known):
        for earlier in known[:place]:
            shared = (set(table.groups) & set(earlier.groups)) - ruled
            near = Counter(
                is_small(abs(table.groups[name][ROWS] - earlier.groups[name][ROWS]), least)
                for name in shared
                if ROWS in table.groups[name] and ROWS in earlier.groups[name]
            )
            if near[True] and earlier.stage < 0:
                sizes = False
            elif near[True] and (earlier.step, earlier.stage) not in closed:
                closed.add((table.step, table.stage))
    return sizes, frozenset(closed)
