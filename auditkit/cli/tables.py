"""Writes what a step hands back, such as new predictions or a table of ratios, by the file's extension."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.cli.reports import renderer_of
from auditkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pandas as pd

    from auditkit.running.plan import Plan


def as_csv(table: pd.DataFrame) -> bytes:
    """Return the table as CSV in UTF-8, without the index."""
    return table.to_csv(index=False).encode()


def without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with an apostrophe before each text that a spreadsheet would take for a formula.

    What people read is opened in spreadsheets, and its names come from the data; predictions go back as they came.
    """
    texts = [name for name in table if table[name].dtype.kind not in "biufcmM"]
    return table.assign(**{str(name): table[name].map(_as_text) for name in texts})


def _as_text(value: object) -> object:
    """Return a cell that no spreadsheet runs."""
    if not isinstance(value, str) or not value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value


def as_json_lines(table: pd.DataFrame) -> bytes:
    """Return one JSON object per row."""
    return table.to_json(orient="records", lines=True, force_ascii=False).encode()


def as_parquet(table: pd.DataFrame) -> bytes:
    """Return the table as Parquet."""
    from io import BytesIO

    buffer = BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()


CHOSEN = "alternatives"
"""What the table of the recommended repair is called, where repairs are alternatives."""
FORMATS: Mapping[str, Callable[[pd.DataFrame], bytes]] = {
    ".csv": as_csv,
    ".jsonl": as_json_lines,
    ".parquet": as_parquet,
}


def sort_outputs(
    files: tuple[Path, ...], plan: Plan, form: str | None = None
) -> tuple[tuple[Path, ...], tuple[tuple[Path, str], ...]]:
    """Return the files that are reports, and those that are a repair's table, each with its step.

    A table is named FILE where one step makes one, STEP=FILE where several do; `form` is the format of a report whose
    name does not say it. Raises UsageError for a file of no known format, and for a table that no step, or no single
    step, makes.
    """
    repairs = [
        planned.spec.id for planned in plan.steps if planned.step.kind == "repair" or planned.step.tabulates
    ]
    if plan.recipe.alternatives is not None:
        repairs.append(CHOSEN)
    reports, tables = [], []
    for path in files:
        step, equals, name = str(path).partition("=")
        if equals and step in repairs:
            _need_table_format(Path(name))
            tables.append((Path(name), step))
        elif path.suffix.lower() in FORMATS and (repairs or not _is_report(path, plan)):
            tables.append((path, _only(repairs, path, plan)))
        else:
            renderer_of(path, plan.host, form)
            reports.append(path)
    return tuple(reports), tuple(tables)


def _is_report(path: Path, plan: Plan) -> bool:
    """Whether some renderer writes files with this ending."""
    return any(path.name.lower().endswith(tuple(one.extensions)) for one in plan.host.renderers)


def _only(repairs: list[str], path: Path, plan: Plan) -> str:
    """Return the one step that hands back a table."""
    if not repairs:
        ends = ", ".join(end for renderer in plan.host.renderers for end in renderer.extensions)
        message = f"cannot write {path}: only a repair hands back a table; reports are {ends}"
        raise UsageError(message)
    if CHOSEN in repairs:
        return CHOSEN
    if len(repairs) > 1:
        message = f"cannot write {path}: {', '.join(repairs)} hand back a table each; say which: {repairs[-1]}={path}"
        raise UsageError(message)
    return repairs[0]


def _need_table_format(path: Path) -> None:
    if path.suffix.lower() not in FORMATS:
        message = f"cannot write {path}: a table's file ends in {', '.join(FORMATS)}"
        raise UsageError(message)


def refuse_redacted(tables: Iterable[tuple[Path, str]], plan: Plan) -> None:
    """Raise UsageError for a table of an audit's numbers beside --redact, which it is not subject to."""
    for path, step in tables:
        if step in _of_numbers(plan):
            message = (
                f"cannot write {path} redacted: {step}'s table holds every group's numbers; leave it out"
            )
            raise UsageError(message)


def write_table(path: Path, step: str, results: Mapping[str, pd.DataFrame], plan: Plan) -> None:
    """Write the table that a step handed back, whole or not at all."""
    from auditkit.store.outputs import write_output

    if step not in results:
        message = f"cannot write {path}: {step} handed back no table"
        raise UsageError(message)
    ending, table = path.suffix.lower(), results[step]
    if ending == ".csv" and step in _of_numbers(plan):
        table = without_formulas(table)
    write_output(path, FORMATS[ending](table), overwrite=plan.consent.overwrite)


def _of_numbers(plan: Plan) -> set[str]:
    """Return the steps whose table is an audit's, a row for each group."""
    return {planned.spec.id for planned in plan.steps if planned.step.tabulates}
