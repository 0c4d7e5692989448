"""What a report's groups and metrics are called in running text; a mined group by its shortest rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit.render import words
from auditkit.values.metric import Metric
from auditkit.values.shown.said import GroupWords

if TYPE_CHECKING:
    from auditkit.values.finding import Finding
    from auditkit.values.report import GroupEntry, Report

LONGEST = 80
"""Letters of a name; numbers are never cut."""
Place = tuple[str, str, str, str]
"""Step, metric, group and comparison of a finding."""


@dataclass(frozen=True)
class Names:
    """A report's names in words, and its findings of the last stage; a place that several share has none."""

    groups: GroupWords
    mined: Mapping[str, str]
    metrics: Mapping[tuple[str, str], Metric]
    findings: Mapping[Place, Finding]

    def group(self, name: str) -> str:
        """Return a group's name in words, on one line."""
        return words.visible(self.mined.get(name) or self.groups(name) or "all rows", limit=LONGEST)

    def metric(self, step: str, name: str) -> str:
        """Return what a metric is called within a sentence: `recall`."""
        return words.visible(said(self.declared(step, name)), limit=LONGEST)

    def declared(self, step: str, name: str) -> Metric:
        """Return a metric as its step declares it."""
        return self.metrics.get((step, name)) or Metric(name=name, title=name.replace("_", " "), formula="")

    def at(self, place: Place) -> Finding | None:
        """Return the finding at a place, None where there is none or more than one."""
        return self.findings.get(place)


def names_of(report: Report) -> Names:
    """Return the names of a report."""
    held = report.subject.get("groups")
    labels = {
        str(name): [str(one) for one in sizes] for name, sizes in _items(held) if hasattr(sizes, "__iter__")
    }
    last: dict[tuple[str, str, str], int] = {}
    for finding in report.findings:
        kind = (finding.step, finding.metric, finding.compare)
        last[kind] = max(finding.stage, last.get(kind, 0))
    count: dict[Place, int] = {}
    places: dict[Place, Finding] = {}
    for finding in report.findings:
        if finding.stage == last[finding.step, finding.metric, finding.compare]:
            place = (finding.step, finding.metric, finding.group, finding.compare)
            count[place] = count.get(place, 0) + 1
            places[place] = finding
    return Names(
        groups=GroupWords(labels),
        mined={
            entry.name: shortest_rule(entry, details_of(entry, report))[0]
            for entry in report.groups
            if entry.step
        },
        metrics={(step.id, metric.name): metric for step in report.steps for metric in step.metrics},
        findings={place: finding for place, finding in places.items() if count[place] == 1},
    )


def said(metric: Metric) -> str:
    """Return what a metric is called within a sentence: its own word, or its title without brackets."""
    if metric.said:
        return metric.said
    title = re.sub(r"\s*\([^)]*\)", "", metric.title).strip() or metric.name.replace("_", " ")
    first, *_ = title.split(" ", 1)
    return (
        title
        if sum(letter.isupper() or letter.isdigit() for letter in first) > 1
        else title[:1].lower() + title[1:]
    )


def sentence(text: str) -> str:
    """Return a text with a capital at its start."""
    return text[:1].upper() + text[1:]


def _items(held: object) -> list[tuple[object, object]]:
    return list(held.items()) if isinstance(held, Mapping) else []


def details_of(entry: GroupEntry, report: Report) -> dict[str, Any]:
    """Return the details of all findings of its step about a group, the first findings' before the others'."""
    merged: dict[str, Any] = {}
    for finding in report.findings:
        if finding.group == entry.name and finding.step == entry.step:
            merged = {**finding.details, **merged}
    return merged


def shortest_rule(entry: GroupEntry, details: Mapping[str, Any]) -> tuple[str, str]:
    """Return the shortest rule that a step gives, and how well it fits; the group's own rule where there is none."""
    if isinstance(details.get("rule"), str) and details["rule"]:
        return str(details["rule"]), _fit(details.get("f1"))
    shallow = details.get("shallow")
    if isinstance(shallow, Mapping) and isinstance(shallow.get("rule"), str) and shallow["rule"]:
        return str(shallow["rule"]), _fit(shallow.get("f1"))
    return entry.rule, ""


def _fit(f1: Any) -> str:
    if not isinstance(f1, int | float) or isinstance(f1, bool):
        return ""
    return "exact" if f1 >= 1 else f"F1 {min(f1, 0.99):.2f}"
