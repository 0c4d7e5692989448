"""A report in reading order: per step and metric, the groups with the worst off first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.render.by_metric import label_of, tables_of
from auditkit.render.certain import certain_harms
from auditkit.values.report import GroupEntry, Report, Skipped, StepEntry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditkit.render.by_metric import Row, Table
    from auditkit.values.finding import Finding
    from auditkit.values.shown import exhibit as exhibits
    from auditkit.values.shown.exhibit import Chart


@dataclass(frozen=True)
class Section:
    """One step: its tables of findings by metric, and what it shows beside them."""

    step: StepEntry
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...] = ()
    listings: tuple[exhibits.Table, ...] = ()

    @property
    def gallery(self) -> tuple[tuple[Chart, ...], ...]:
        """Return the charts by line: those of one `row` stand side by side."""
        lines: dict[str, list[Chart]] = {}
        for place, chart in enumerate(self.charts):
            lines.setdefault(chart.row or f"#{place}", []).append(chart)
        return tuple(tuple(line) for line in lines.values())

    def is_second(self, table: Table) -> bool:
        """Whether the metric also has a table by group, so that this one must say how it differs."""
        return not table.by_group and any(t.by_group and t.metric == table.metric for t in self.tables)


@dataclass(frozen=True)
class Found:
    """A group that a step found, and the finding that says how it fares."""

    entry: GroupEntry
    finding: Finding | None


def sections(report: Report) -> tuple[Section, ...]:
    """Return the steps that found or show something, in the order they ran."""
    certain = certain_harms(report)
    known = {step.id: step for step in report.steps}
    told = [item.step for kind in (report.findings, report.charts, report.tables) for item in kind]
    for name in dict.fromkeys(told):
        known.setdefault(name, _unknown_step(name))
    made = (
        Section(
            step,
            tables_of(step, report, certain),
            tuple(chart for chart in report.charts if chart.step == step.id),
            tuple(table for table in report.tables if table.step == step.id),
        )
        for step in known.values()
    )
    return tuple(section for section in made if section.tables or section.charts or section.listings)


def found(report: Report) -> tuple[Found, ...]:
    """Return the groups that a step found, each with its loss gap or else its first gap with an interval."""
    return tuple(Found(entry, _key_finding(entry, report)) for entry in report.groups if entry.step)


def named(report: Report) -> tuple[GroupEntry, ...]:
    """Return the groups that were named beforehand."""
    return tuple(entry for entry in report.groups if not entry.step)


def not_assessed(report: Report) -> tuple[Skipped, ...]:
    """Return what was skipped, and the groups with findings that could not be measured, each once.

    Metrics of one group with the same reason share one entry; `rows_needed` is then the largest of them.
    """
    told = {(item.step, *pair) for item in report.skipped for pair in _told(item.what)}
    gathered: dict[tuple[str, str, str], list[Finding]] = {}
    for item in report.findings:
        label = label_of(item)
        known = {(item.step, label, ""), (item.step, label, item.metric)} & told
        if item.value is None and not known:
            gathered.setdefault((item.step, label, item.reason), []).append(item)
    entries = (
        Skipped(
            step=step,
            what=f"{', '.join(dict.fromkeys(item.metric for item in items))} of {label}",
            why=reason or "not measurable",
            n=max(item.n for item in items),
            rows_needed=max(
                (item.rows_needed for item in items if item.rows_needed is not None), default=None
            ),
        )
        for (step, label, reason), items in gathered.items()
    )
    return (*report.skipped, *entries)


def _told(what: str) -> Iterator[tuple[str, str]]:
    """Yield the group and metrics that a skipped entry speaks for: a group alone, or `group: tpr, fpr`."""
    yield what, ""
    group, _, metrics = what.rpartition(": ")
    for metric in metrics.split(", "):
        yield group, metric


def worst(report: Report, made: Sequence[Section] | None = None) -> tuple[tuple[Section, Table, Row], ...]:
    """Return for each metric by group the group that is worst off, if that is certain after correction.

    `made` are the report's sections, where they are known.
    """
    return tuple(
        (section, table, next(row for row in table.rows if any(row.certain)))
        for section in (sections(report) if made is None else made)
        for table in section.tables
        if table.by_group and any(any(row.certain) for row in table.rows)
    )


def _key_finding(entry: GroupEntry, report: Report) -> Finding | None:
    own = [item for item in report.findings if item.group == entry.name and item.step == entry.step]
    gaps = [item for item in own if item.signed and item.value is not None]
    gaps.sort(key=lambda item: (item.metric != "loss_gap", item.interval is None))
    return next(iter(gaps), None)


def _unknown_step(name: str) -> StepEntry:
    return StepEntry(id=name, use=name, kind="audit", title=name or "other", method="", plugin="")
