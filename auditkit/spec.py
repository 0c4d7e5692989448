"""What a run was asked to do: the frozen form of a recipe, of `auditkit mine ...` and of `auditkit audit ...`.

Fields are `Annotated[type, Doc("..."), bounds] = default`; the recipe's keys, the command-line options and
the JSON Schema are all read from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from annotated_doc import Doc
from annotated_types import Ge, Gt, Lt, MinLen


@dataclass(frozen=True)
class InputFile:
    """Marks a parameter, or each item of a tuple, that names a file: `Annotated[str | None, InputFile(), Doc("...")]`.

    Relative names start at the recipe's folder; the step receives a path that exists, and provenance has its hash.
    """


@dataclass(frozen=True, kw_only=True)
class DataSpec:
    """Which table, and the role of its columns."""

    path: Annotated[str, MinLen(1), Doc("a bundled name, a file beside the recipe, or a loader's scheme")]
    target: Annotated[str | None, Doc("column with the true label")] = None
    pred: Annotated[str | None, Doc("column, or file of one column, with a model's predicted labels")] = None
    score: Annotated[
        str | None, Doc("column, or file, with the model's probability of the positive class")
    ] = None
    loss: Annotated[str | None, Doc("column with each row's loss, in place of predictions")] = None
    embeddings: Annotated[
        str | None, Doc("a vector for each row: an .npy file [rows, dimensions], or a column of lists")
    ] = None
    images: Annotated[
        str | None, Doc("an image for each row: a column of file names, or an .npy or .npz of pixels")
    ] = None
    model: Annotated[str | None, Doc("model that predicts: a file a plugin reads, or module:object")] = None
    allow_pickle: Annotated[bool, Doc("read pickled models, which run the code they hold")] = False
    positive: Annotated[Any, Doc("the target's favourable class; default: the last in sorted order")] = None
    weight: Annotated[str | None, Doc("column with a weight for each row")] = None
    split: Annotated[str | None, Doc("column whose values train and test divide the rows")] = None
    features: Annotated[
        tuple[str, ...], Doc("columns a finder or a baseline may read; default: all others")
    ] = ()
    ignore: Annotated[tuple[str, ...], Doc("columns that nothing may read")] = ()
    sensitive: Annotated[tuple[str, ...], Doc("columns left out of finders and baselines")] = ()
    missing: Annotated[
        Literal["refuse", "impute", "drop"],
        Doc("missing numbers: refuse, fill with the median, drop the row"),
    ] = "refuse"


@dataclass(frozen=True, kw_only=True)
class GroupSpec:
    """An attribute that cuts the rows into groups by its column, or one group of the rows where a condition holds."""

    column: Annotated[str | None, MinLen(1), Doc("the attribute's column")] = None
    bins: Annotated[tuple[float, ...] | None, Doc("cut points of a numeric column; bins are [a, b)")] = None
    where: Annotated[
        str | None, MinLen(1), Doc('instead of a column: the condition of one group, such as "age >= 60"')
    ] = None
    rule: Annotated[str | None, Doc("the condition in words, for the report")] = None


@dataclass(frozen=True, kw_only=True)
class GroupFile:
    """A file of groups, as mine --save-groups writes it and --groups reads it."""

    groups: Annotated[Mapping[str, GroupSpec], Doc("groups by name")]
    version: Annotated[Literal[1], Doc("version of the format")] = 1


@dataclass(frozen=True, kw_only=True)
class Stats:
    """The statistical rules of one run."""

    confidence: Annotated[float, Gt(0.5), Lt(1), Doc("confidence of two-sided intervals")] = 0.95
    correction: Annotated[
        Literal["holm", "bh", "none"], Doc("correction for the number of comparisons in a gate")
    ] = "holm"
    bootstrap: Annotated[int, Ge(100), Doc("bootstrap draws")] = 2000
    seed: Annotated[int, Ge(0), Doc("seed of everything random")] = 0
    min_n: Annotated[int, Ge(2), Doc("rows below which a group is insufficient evidence")] = 30
    max_order: Annotated[int, Ge(1), Doc("largest number of attributes in an intersection")] = 2


@dataclass(frozen=True, kw_only=True)
class StepSpec:
    """One step: which, with what, and when."""

    id: Annotated[str, MinLen(1), Doc("name of the step in gates and reports")]
    use: Annotated[str, MinLen(1), Doc("the finder, audit or repair to run; see auditkit plugins list")]
    with_: Annotated[Mapping[str, Any], Doc("its parameters")] = field(default_factory=dict)
    when: Annotated[str | None, Doc("run only when this tag is asked for with --when")] = None


@dataclass(frozen=True, kw_only=True)
class GateSpec:
    """One condition that must hold, decided on a corrected confidence bound."""

    id: Annotated[str, MinLen(1), Doc("name of the gate")]
    on: Annotated[str, MinLen(1), Doc("id of the step whose findings it reads")]
    metric: Annotated[str, MinLen(1), Doc("the metric it reads")]
    compare: Annotated[
        Literal["absolute", "to_rest", "to_best", "difference", "ratio"],
        Doc(
            "the number itself, a group's gap to all other rows or to the best group, or a summary over groups"
        ),
    ] = "to_rest"
    group: Annotated[str | None, Doc("only this group; default: every group that was measured")] = None
    fail_if: Annotated[str, MinLen(1), Doc('such as "lower_bound > 0.10"')]
    warn_if: Annotated[str | None, Doc('such as "lower_bound > 0.05"')] = None
    insufficient: Annotated[
        Literal["warn", "fail", "pass"], Doc("what it means that some group has too few rows")
    ] = "warn"


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything a run depends on."""

    name: Annotated[str, MinLen(1), Doc("name of the run in reports")]
    data: Annotated[DataSpec, Doc("the table and its columns' roles")]
    version: Annotated[Literal[1], Doc("version of the recipe format")] = 1
    groups: Annotated[Mapping[str, GroupSpec], Doc("the attributes to audit by")] = field(
        default_factory=dict
    )
    stats: Annotated[Stats, Doc("the statistical rules")] = field(default_factory=Stats)
    steps: Annotated[tuple[StepSpec, ...], MinLen(1), Doc("what to run, in order")]
    gates: Annotated[tuple[GateSpec, ...], Doc("what must hold")] = ()
    reports: Annotated[tuple[str, ...], Doc("files to write; the extension chooses the format")] = ()
    requires: Annotated[tuple[str, ...], Doc("plugins that must be there, such as minoria")] = ()
