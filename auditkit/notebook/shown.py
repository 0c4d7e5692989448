"""A report that shows itself in a notebook, saves itself, and hands over what a repair made."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.errors import UsageError, nearest
from auditkit.values.report import Report

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

BESIDE = "alternatives"
"""At which name stands what the recommended of several repairs hands back."""


class ShownReport(Report):
    """A Report, as functions for notebooks return it; the last line of a cell shows it."""

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own, so that neither its style nor the notebook's reaches the other."""
        from html import escape

        from auditkit.render.page import html

        page, title = escape(html.render(self), quote=True), escape(f"auditkit: {self.name}", quote=True)
        style = "width:100%;height:42rem;border:1px solid #8884"
        return f'<iframe title="{title}" sandbox="allow-scripts" style="{style}" srcdoc="{page}"></iframe>'

    def __str__(self) -> str:
        """Return the report as a terminal shows it."""
        from auditkit.render.text import terminal

        return terminal.render(self, width=100, colour=False)

    def to_frame(self) -> pd.DataFrame:
        """Return the findings, one row each: step, group, metric, compare, value, low, high, n and the rest."""
        import pandas as pd

        rows = [
            {
                "step": one.step,
                "group": one.group,
                "metric": one.metric,
                "compare": one.compare,
                "value": one.value,
                "low": None if one.interval is None else one.interval.low,
                "high": None if one.interval is None else one.interval.high,
                "n": one.n,
                "stage": one.stage,
                "unit": one.unit,
                "direction": one.direction,
                "reason": one.reason,
            }
            for one in self.findings
        ]
        return pd.DataFrame(rows)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the report in the format of the name's ending, such as .html, .md or .json, and return the path.

        A file that auditkit did not write, or that was changed since, is replaced with `overwrite` only.
        """
        from auditkit.plugins.host import load_plugins
        from auditkit.store.outputs import write_output

        place = Path(path)
        by_end = {end: one for one in load_plugins().renderers for end in one.extensions}
        if place.suffix.lower() not in by_end:
            message = f"cannot write {place}: no format for '{place.suffix}'{nearest(place.suffix, by_end)}"
            raise UsageError(message)
        write_output(place, by_end[place.suffix.lower()].render(self), overwrite=overwrite)
        return place

    @property
    def repaired(self) -> pd.DataFrame:
        """What the last repair hands back, of several beside each other the recommended one: predictions, or a list."""
        table: pd.DataFrame = self._last(self.results, "table")
        return table

    @property
    def model(self) -> Any:
        """The model that the last repair made, of several beside each other the recommended one, with `predict`."""
        return self._last(self.models, "model")

    def _last(self, made: Mapping[str, Any], what: str) -> Any:
        if BESIDE in self.results:
            made = {name: one for name, one in made.items() if name == BESIDE}
        if not made:
            repairs = [step.id for step in self.steps if step.kind == "repair"]
            why = f"{', '.join(repairs)} made none" if repairs else "no repair ran"
            message = f"this report holds no {what}: {why}"
            raise UsageError(message)
        return list(made.values())[-1]


def shown(report: Report) -> ShownReport:
    """Return the same report as one that shows itself."""
    return ShownReport(**{field.name: getattr(report, field.name) for field in fields(Report)})
