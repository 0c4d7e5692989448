"""A subject of some rows of a table beyond memory, drawn by the engine that has it, which then counts all others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.data.engines.aggregate import drawn, need_few
from auditkit.data.engines.cells import cells_of, without_missing
from auditkit.data.engines.conditions.condition import condition_of
from auditkit.data.engines.conditions.in_sql import Texts
from auditkit.data.engines.conditions.lazily import holds
from auditkit.data.engines.draw import PLACE, Draw
from auditkit.data.engines.parquet_pieces import rows_of
from auditkit.data.engines.places import place_of
from auditkit.data.engines.question import Key, Question, question_of
from auditkit.data.engines.sqlite import columns_in_sqlite, drawn_in_sqlite, rows_in_sqlite
from auditkit.data.engines.subject import answer_of, asking, checked_spec, engine_of, subject_of_cells
from auditkit.data.engines.tables import opened
from auditkit.data.formats.arrow import plain_frame
from auditkit.data.memory import room_of
from auditkit.data.subjects import load
from auditkit.errors import DataError, UsageError, nearest
from auditkit.groups.syntax import columns_read
from auditkit.values.grouping import Group

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from auditkit.data.engines.places import Place
    from auditkit.spec.data import DataSpec
    from auditkit.spec.groups import GroupSpec
    from auditkit.values.subject import Subject

SAMPLE = 200_000
"""Rows that are drawn where nobody says how many."""


def load_sampled(spec: DataSpec, groups: Mapping[str, GroupSpec], *, folder: Path, seed: int) -> Subject:
    """Return the checked subject of a sample of the rows; its `rest` counts all the others where they are.

    Each row is drawn or not by a hash of its place that the seed keys, about `spec.sample` of them. Raises UsageError
    for roles that counts of the others could not serve, and where all rows fit the sample.
    """
    spec = checked_spec(spec)
    _check(spec)
    question, place = question_of(spec, {}), place_of(spec, folder)
    with asking(place, spec):
        schema, total = _schema(place, spec), _total(place, spec)
    size = SAMPLE if spec.sample is None else spec.sample
    if total <= size:
        message = (
            f"{spec.path} has {total:,} rows, which --sample {size} holds: leave out --engine, or name fewer"
        )
        raise UsageError(message)
    draw = Draw(seed, size / total)
    columns = _columns(spec, groups, schema)
    with asking(place, spec):
        found = _drawn(place, spec, draw, columns)
    table = plain_frame(found.sort_by(PLACE).drop_columns(PLACE), Path(spec.path), room_of(spec.memory_limit))
    subject = load(replace(spec, sample=None), datasets={}, folder=folder, table=table)
    told = f"{engine_of(place)} drew {len(table):,} of {total:,} rows by a hash of their place (seed {seed})"
    rest = Others(
        place=place,
        spec=spec,
        question=replace(question, draw=draw),
        schema=schema,
        needed=() if spec.missing == "impute" else _numbers(subject),
        rows=total - len(table),
        sample=len(table),
    )
    return replace(subject, rest=rest, notes=(*subject.notes, told))


@dataclass(frozen=True, eq=False, kw_only=True)
class Others:
    """The rows of a place that were not drawn; those without a number in a `needed` column are as in the sample."""

    place: Place
    spec: DataSpec
    question: Question
    schema: Mapping[str, Any]
    needed: tuple[str, ...]
    rows: int
    sample: int

    def refusal(self, expression: str) -> str:
        """Return why the engine cannot work out an expression; "" if it can."""
        try:
            condition = condition_of(expression)
            if self.place.engine == "sqlite":
                Texts().sql(condition)
            else:
                holds(condition, self.schema)
        except UsageError as error:
            return str(error)
        return ""

    def counted(self, expressions: Sequence[str]) -> Subject:
        """Return the rows as cells by label, prediction and which of the expressions hold."""
        return self._counted(self.question, expressions, told="the other")[0]

    def searched(self, edges: Mapping[str, Sequence[float]], share: float) -> tuple[Subject, Others]:
        """Return a share of all rows, those of the sample among them, as cells by these columns; and the others."""
        draw = self.question.draw
        if draw is None or share < draw.share:
            message = f"--count-share {share:g} is less than the sample, which is searched without it"
            raise UsageError(message)
        keys = {key.name: key for key in self.question.keys}
        keys |= {name: Key(name, tuple(ends)) for name, ends in edges.items() if name not in keys}
        wider = replace(draw, share=share)
        question = replace(self.question, keys=tuple(keys.values()), draw=wider, drawn=True)
        subject, rows = self._counted(question, (), told="and searched")
        left = self.rows + self.sample - rows
        return subject, replace(self, question=replace(self.question, draw=wider), rows=left, sample=rows)

    def _counted(self, question: Question, expressions: Sequence[str], *, told: str) -> tuple[Subject, int]:
        """Return the rows of a question as cells by its keys and which expressions hold, and how many they are."""
        lacking = " or ".join(f"{_column(name)}.isna()" for name in self.needed)
        weightless = "" if self.spec.weight is None else f"{_column(self.spec.weight)} == 0.0"
        asked = tuple(dict.fromkeys(filter(None, (*expressions, lacking, weightless))))
        question = replace(question, conditions=asked)
        found = answer_of(self.place, question, self.spec)
        need_few(found.num_rows, question)
        table, cells = cells_of(found, question, self.spec)
        rows = int(cells.rows.sum())
        self._check(None if question.drawn else rows, [name for name in asked if table[name].isna().any()])
        notes: tuple[str, ...] = ()
        if lacking and (out := table[lacking].to_numpy(dtype=bool)).any():
            table, cells, notes = table[~out], cells[~out], (self._left_out(int(cells.rows[out].sum())),)
        if weightless:  # a row that weighs nothing confirms nothing
            kept = ~table[weightless].to_numpy(dtype=bool)
            table, cells = table[kept], cells[kept]
        table, cells, more = without_missing(table.reset_index(drop=True), cells, self.spec)
        told = f"{engine_of(self.place)} counted {told} {int(cells.rows.sum()):,} rows where they are"
        notes = (*notes, *more, f"{told} and returned {len(cells):,} cells: {question.words}")
        masks = {name: table.pop(name).to_numpy(dtype=bool) for name in asked}
        groups = (Group(name, name, name, masks[name]) for name in expressions)
        return subject_of_cells(table, cells, self.spec, notes=notes).with_groups(groups), rows

    def _check(self, rows: int | None, undecided: Sequence[str]) -> None:
        """Raise DataError unless all rows were counted, and of each it is known which conditions it meets."""
        if rows is not None and rows != self.rows:
            message = f"{self.spec.path} changed while it was read: of {self.rows:,} other rows {rows:,} were counted"
            raise DataError(message)
        if undecided:
            told = ", ".join(f"'{name}'" for name in columns_read(undecided[0]))
            message = (
                f"{self.spec.path} holds texts beside numbers in one of {told}: these cannot be compared"
            )
            raise DataError(message)

    def _left_out(self, rows: int) -> str:
        """Return a note on rows without a number, or raise DataError where none may be left out."""
        names = ", ".join(f"'{name}'" for name in self.needed)
        if self.spec.missing == "refuse":
            message = f"{rows:,} rows that were not drawn lack one of {names}; use --missing impute or drop"
            raise DataError(message)
        return f"of the rows that were not drawn, {rows:,} lack one of {names} and were left out"


def _column(name: str) -> str:
    """Return how an expression names a column, whatever it is called."""
    return f"@table[{name!r}]"


def _check(spec: DataSpec) -> None:
    """Raise UsageError for what a sample, or counts of all other rows, cannot serve."""
    if spec.split is not None:
        message = (
            "--split: what is drawn is searched, and all other rows confirm; an engine knows no other split"
        )
        raise UsageError(message)
    if spec.score is not None:
        message = "--score: what is confirmed by counts is the loss of predictions, 0 or 1; leave it out with --engine"
        raise UsageError(message)
    if spec.target is None:
        message = "name the column of true labels with --target: errors are what the other rows confirm"
        raise UsageError(message)


def _schema(place: Place, spec: DataSpec) -> Mapping[str, Any]:
    """Return the columns of a place, and where narwhals knows the engine, their types."""
    if place.engine == "sqlite":
        return dict.fromkeys(columns_in_sqlite(place, placed=True))
    with opened(place, spec, placed=True) as frame:
        return {name: kind for name, kind in frame.collect_schema().items() if name != PLACE}


def _total(place: Place, spec: DataSpec) -> int:
    """Return how many rows there are."""
    import narwhals as nw

    if place.engine == "sqlite":
        return rows_in_sqlite(place)
    if not place.table:
        return sum(map(rows_of, place.files))
    with opened(place, spec) as frame:
        return int(frame.select(nw.len()).collect("pyarrow").item())


def _columns(spec: DataSpec, groups: Mapping[str, GroupSpec], schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns to draw: those with a role, and the features; raise DataError for one that is not there."""
    roles = [name for name in (spec.target, spec.pred, spec.weight, *spec.given) if name is not None]
    for group in groups.values():
        roles += [group.column] if group.column is not None else []
        roles += columns_read(group.where) if group.where is not None else []
    named = [*roles, *spec.features]
    for name in (*named, *spec.sensitive, *spec.ignore):
        if name not in schema:
            message = f"{spec.path} has no column '{name}'{nearest(name, list(schema))}"
            raise DataError(message)
    if not spec.features:
        named += [name for name, kind in schema.items() if name not in spec.ignore and _is_plain(kind)]
    return tuple(dict.fromkeys((*named, *spec.sensitive, *spec.ignore)))


def _is_plain(kind: Any) -> bool:
    """Whether a column of this type can be searched: neither lists, records nor bytes."""
    import narwhals as nw

    return kind is None or not (kind.is_nested() or kind in {nw.Object, nw.Binary, nw.Unknown})


def _drawn(place: Place, spec: DataSpec, draw: Draw, columns: Sequence[str]) -> pa.Table:
    if place.engine == "sqlite":
        return drawn_in_sqlite(place, draw, columns)
    with opened(place, spec, placed=True) as frame:
        return drawn(frame, draw, columns)


def _numbers(subject: Subject) -> tuple[str, ...]:
    """Return the features whose missing values have to be handled: numbers and dates."""
    import pandas as pd

    types = pd.api.types
    return tuple(
        name
        for name in subject.features
        if types.is_numeric_dtype(subject.table[name]) or types.is_datetime64_any_dtype(subject.table[name])
    )
