"""Which outcome is counted and in whose favour: as it was declared, or a guess that says that it is one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, get_args

from auditkit.errors import DataError, UsageError, nearest
from auditkit.values.labels import class_position, label_text, sorted_labels
from auditkit.values.outcome import Kind, Outcome
from auditkit.values.subject import is_number

if TYPE_CHECKING:
    import pandas as pd

    from auditkit.spec.data import DataSpec
    from auditkit.values.offers import Dataset

KINDS: tuple[Kind, ...] = get_args(Kind)
BLANK = "???"
"""What the value of a declaration begins with that a person has yet to fill in."""
_EATEN = "<>=!~& '\""
"""What a shell and YAML take from the ends of a value that stands without quotes, the quotes themselves among it."""


def declared(spec: DataSpec, dataset: Dataset | None = None) -> Outcome | None:
    """Return the outcome that the spec, or else its data set, declares, its value as it is written; None for none.

    Raises UsageError for two declarations, and for one that is still to be filled in.
    """
    said, own = _said(spec), spec.target or spec.outcome or spec.pred
    by: Literal["you", "data set"] = "you"
    if not said and dataset is not None and own in {None, dataset.target}:
        said, by = _said(dataset), "data set"
    if len(said) > 1:
        words = " and ".join(f"--{kind}" for kind in said)
        message = f"{words}: one outcome is counted: say one of --favourable, --unfavourable and --positive"
        raise UsageError(message)
    for kind, value in said.items():
        if isinstance(value, str) and value.startswith(BLANK):
            message = f"data.{kind} is still to be filled in: {value.removeprefix(BLANK).strip()}"
            raise UsageError(message)
        return Outcome(column=own or (dataset and dataset.target) or "", value=value, kind=kind, by=by)
    return None


def _said(declares: DataSpec | Dataset) -> dict[Kind, Any]:
    return {kind: value for kind in KINDS if (value := getattr(declares, kind)) is not None}


def outcome_of(
    table: pd.DataFrame, column: str | None, spec: DataSpec, dataset: Dataset | None = None
) -> Outcome | None:
    """Return the outcome in the column's own value ("1" names 1): declared, or of two classes the last in order.

    `column` is that of the true labels, or of the decisions where there are none. None where it has not two classes;
    then DataError if an outcome was declared, as for a value that the column lacks.
    """
    said = declared(spec, dataset)
    if column is None:
        if said is not None and _said(spec):
            message = f"--{said.kind}: no column of outcomes is named; say --target, --outcome or --pred"
            raise UsageError(message)
        return None
    classes = table[column].dropna().unique().tolist()
    if len(classes) != 2 or spec.task == "regression":
        if said is None:
            return None
        number = is_number(table[column]) or spec.task == "regression"
        what = "is a number" if number else f"has {len(classes)} classes"
        fewer = (
            "" if number or len(classes) < 2 else ", or rows of further ones with --na VALUE --missing drop"
        )
        message = f"column '{column}' {what}: an outcome is counted where there are two; leave out --{said.kind}{fewer}"
        raise DataError(message)
    if said is None:
        return Outcome(column=column, value=_last(table[column], classes), kind="favourable", said=False)
    position = class_position(said.value, classes)
    if position is None:
        raise DataError(_no_such_class(column, said.value, classes))
    return replace(said, column=column, value=classes[position])


def _last(values: pd.Series[Any], classes: list[Any]) -> Any:
    """Return the last of two classes: of ordered categories in their own order, else in sorted order."""
    import pandas as pd

    if isinstance(values.dtype, pd.CategoricalDtype) and values.dtype.ordered:
        return max(classes, key=values.cat.categories.tolist().index)
    return sorted_labels(classes)[-1]


def with_blank(spec: DataSpec, outcome: Outcome | None) -> DataSpec:
    """Return the spec of a recipe to keep: of a guess, with a declaration that a person has to fill in."""
    if outcome is None or outcome.said:
        return spec
    blank = (
        f"{BLANK} write the value of {outcome.column} that is a benefit to a person ('{label_text(outcome.value)}' was "
        "guessed), or unfavourable: the one that is a burden, or positive: one to count without a side"
    )
    return replace(spec, favourable=blank)


def _no_such_class(column: str, value: Any, classes: list[Any]) -> str:
    """Return the message for a value that is no class, with a word on quotes where a shell or YAML ate some of it."""
    known = [label_text(label) for label in sorted_labels(classes)]
    quoted = [text for text in known if text.strip(_EATEN) == str(value).strip(_EATEN)]
    if quoted:
        hint = f"; it has {' and '.join(map(repr, quoted))}, and a shell and YAML need the quotes"
    else:
        hint = nearest(str(value), known)
    return f"column '{column}' has no class '{value}'{hint}"
