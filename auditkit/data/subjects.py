"""A DataSpec made into a Subject: read, fill in the data set's roles, check at the border, then trust."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.data.embeddings import read_embeddings
from auditkit.data.formats.table import read_table
from auditkit.data.images import read_images
from auditkit.data.meaning.cell_counts import counted_rows
from auditkit.data.meaning.decisions import as_decision, check_decisions
from auditkit.data.meaning.features import default_features
from auditkit.data.meaning.handed_back import handed_back, with_seen
from auditkit.data.meaning.missing import without_words
from auditkit.data.meaning.outcomes import outcome_of
from auditkit.data.meaning.scores import check_words, cut_alone, with_score
from auditkit.data.meaning.targets import check_target
from auditkit.data.memory import room_of
from auditkit.data.models import NO_CONSENT, code_of_model, is_pickle, read_model
from auditkit.data.predictions import attach, check_pred
from auditkit.data.roles import (
    check_loss,
    check_weight,
    need_columns,
    need_one_role,
)
from auditkit.data.sources import hashed_of_code, loader_of_scheme, read_source
from auditkit.errors import DataError, UsageError
from auditkit.groups.cut import group_by, group_specs
from auditkit.values.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.data.images import ImageArray, ImageFiles
    from auditkit.data.memory import Room
    from auditkit.spec.consent import Consent
    from auditkit.spec.data import DataSpec
    from auditkit.values.offers import Dataset, Loader, ModelReader

MIN_ROWS = 3


def load(
    spec: DataSpec,
    *,
    datasets: Mapping[str, Dataset],
    loaders: Iterable[Loader] = (),
    models: Iterable[ModelReader] = (),
    folder: Path,
    consent: Consent = NO_CONSENT,
    table: pd.DataFrame | None = None,
) -> Subject:
    """Return the checked subject that `spec` describes, with the data set's groups if it has any.

    `folder` is where relative paths start; a `table` that is given has been read already. What the spec leaves None or
    empty takes the data set's default. No code that a model holds or names runs without `consent`.
    Raises DataError for anything unreadable, unknown or not matching.
    """
    dataset = datasets.get(spec.path)
    check_words(spec)
    spec = as_decision(spec)
    spec = spec if dataset is None else _filled(spec, dataset)
    loaders, room = tuple(loaders), room_of(spec.memory_limit)
    read = partial(read_table, room=room, na=spec.na)
    if table is None:
        table = read_source(spec.path, dataset, datasets=datasets, loaders=loaders, folder=folder, read=read)
    table = without_words(table, spec.na)
    _need_rows(table, spec.path)
    table, spec, parts = handed_back(table, spec, folder=folder, room=room)
    table, pred = attach(table, spec.pred, role="pred", folder=folder, room=room)
    table, score = attach(table, spec.score, role="score", folder=folder, room=room)
    roles = {
        "target": spec.target,
        "pred": pred,
        "score": score,
        "loss": spec.loss,
        "weight": spec.weight,
        "cluster": spec.cluster,
        "split": spec.split,
        "count": spec.count,
        "id": spec.id,
        "versus": spec.versus if spec.versus in table.columns else None,
    }
    features, left_out = _features(table, spec, roles)
    where = spec.path if dataset is None else dataset.path
    beside = None if loader_of_scheme(where, loaders) else (folder / where).parent
    embeddings, images = _arrays(spec, table, folder=folder, beside=beside, room=room)
    if spec.count is not None:
        table, kept = counted_rows(table, spec.count, room)
        embeddings = None if embeddings is None else embeddings[kept]
        images = None if images is None else images.take(kept)
        _need_rows(table, f"{spec.path}, counted by '{spec.count}',")
    notes: tuple[str, ...] = tuple(table.attrs.get("notes", ()))
    if spec.missing == "drop":
        needed = [
            name
            for role, name in roles.items()
            if name is not None and role not in {"cluster", "split", "count"}
        ]
        table, kept, dropped = _without_missing(table, [*needed, *_numbers(table, features)], spec.path)
        notes += dropped
        embeddings = None if embeddings is None else embeddings[kept]
        images = None if images is None else images.take(kept)
    notes += (left_out,) if left_out else ()
    _check_values(table, spec)
    if spec.target is None and pred is None:
        table, pred = cut_alone(table, score, spec)
    if spec.target is None and pred is not None:
        check_decisions(table, pred)
    notes += _without_cluster(table, spec.cluster)
    subject = Subject(
        table=table,
        source=spec.path,
        target=spec.target,
        said_task=spec.task if spec.target is not None else None,
        pred=pred,
        score=score,
        loss=spec.loss,
        weight=spec.weight,
        cluster=spec.cluster,
        given=spec.given,
        split=spec.split,
        id=spec.id,
        embeddings=embeddings,
        images=images,
        outcome=outcome_of(table, spec.target or pred, spec, dataset),
        features=features,
        sensitive=spec.sensitive,
        missing="impute" if spec.missing == "impute" else "refuse",
        notes=notes,
    )
    subject = with_seen(subject, parts, spec)
    for name in spec.given:
        subject.column(name)
    subject = subject if pred is None else check_pred(subject, pred)
    if score is not None:
        subject = with_score(subject, score, spec)
    if spec.model is not None:
        subject = _with_model(subject, spec, models, folder, consent=consent)
    if dataset is None:
        return subject
    notes = (dataset.caveat, *subject.notes) if dataset.caveat else subject.notes
    subject = replace(subject, notes=notes, files=dataset.files)
    return group_by(subject, group_specs(dataset.groups))


def _with_model(
    subject: Subject, spec: DataSpec, readers: Iterable[ModelReader], folder: Path, *, consent: Consent
) -> Subject:
    """Return the subject with the model that the spec names; raise UsageError if predictions are there already."""
    if spec.pred is not None or spec.score is not None:
        message = "give a model, or predictions by pred and score, not both: only one can be audited"
        raise UsageError(message)
    readers, name, room = tuple(readers), str(spec.model), room_of(spec.memory_limit)
    model = read_model(name, readers=readers, folder=folder, consent=consent, room=room)
    trained = "Rows that the model was trained on make it look better than it is; audit rows it has not seen."
    pickled = is_pickle(name, readers=readers, folder=folder)
    code = code_of_model(name, readers=readers, folder=folder)
    ran = ["The model is a pickle, read by --allow-pickle."] if pickled else []
    ran += (
        [f"The model runs code of its own: {', '.join(code)}. {hashed_of_code(spec, folder)}"] if code else []
    )
    return replace(subject, model=model, notes=(*subject.notes, trained, *ran))


def _check_values(table: pd.DataFrame, spec: DataSpec) -> None:
    """Raise DataError for values that a target, a loss or a weight cannot have."""
    if spec.target is not None:
        check_target(table, spec.target, spec.task)
    if spec.loss is not None:
        check_loss(table, spec.loss)
    if spec.weight is not None:
        check_weight(table, spec.weight)


def _arrays(
    spec: DataSpec, table: pd.DataFrame, *, folder: Path, beside: Path | None, room: Room
) -> tuple[NDArray[Any] | None, ImageFiles | ImageArray | None]:
    """Return the embeddings and the images that the spec names.

    `beside` is the table's folder: with the working folder, it holds all files that a table may name. A loader has
    none: its scheme was named, and it gives paths of its own.
    """
    within = () if beside is None else (beside, Path())
    embeddings = (
        None if spec.embeddings is None else read_embeddings(spec.embeddings, table, folder=folder, room=room)
    )
    if spec.images is None:
        return embeddings, None
    start = folder if beside is None else beside
    return embeddings, read_images(spec.images, table, folder=folder, beside=start, within=within, room=room)


def _filled(spec: DataSpec, dataset: Dataset) -> DataSpec:
    """Return the spec with the data set's own roles where it names none; what it names goes first."""
    named = {
        spec.target,
        spec.pred,
        spec.score,
        spec.weight,
        spec.cluster,
        spec.split,
        *spec.features,
        *spec.sensitive,
    }
    return replace(
        spec,
        target=spec.target or (dataset.target if spec.outcome is None else None),
        split=spec.split or dataset.split,
        embeddings=spec.embeddings or dataset.embeddings,
        sensitive=spec.sensitive or tuple(name for name in dataset.sensitive if name not in named),
        ignore=spec.ignore or tuple(name for name in dataset.ignore if name not in named),
    )


def _features(
    table: pd.DataFrame, spec: DataSpec, roles: Mapping[str, str | None]
) -> tuple[tuple[str, ...], str]:
    """Return the feature columns, after checking every column that the spec names, and a note on those left out."""
    for role, name in roles.items():
        need_columns(table, () if name is None else (name,), role=role)
    need_columns(table, spec.features, role="feature")
    need_columns(table, spec.sensitive, role="sensitive")
    need_columns(table, spec.ignore, role="ignore")
    need_one_role(roles, spec.features, ignored=spec.ignore)
    if spec.features:
        return tuple(name for name in dict.fromkeys(spec.features) if name not in spec.ignore), ""
    given = [name for name in (*roles.values(), spec.embeddings, spec.images) if name is not None]
    return default_features(table, without=(*given, *spec.sensitive, *spec.ignore))


def _numbers(table: pd.DataFrame, features: Iterable[str]) -> list[str]:
    """Return the features whose missing values have to be handled; in text, missing is a value of its own."""
    import pandas as pd

    return [
        name
        for name in features
        if pd.api.types.is_numeric_dtype(table[name]) or pd.api.types.is_datetime64_any_dtype(table[name])
    ]


def _without_missing(
    table: pd.DataFrame, columns: list[str], source: str
) -> tuple[pd.DataFrame, NDArray[np.int64], tuple[str, ...]]:
    """Return the rows without missing values in these columns, their places, and a note on those left out."""
    import numpy as np

    missing = table[columns].isna()
    keep = ~missing.any(axis=1)
    dropped, kept = int((~keep).sum()), np.flatnonzero(keep)
    if not dropped:
        return table, kept, ()
    blamed = missing.sum().sort_values(ascending=False, kind="stable")
    shown = ", ".join(f"{name} {count:,}" for name, count in blamed[blamed > 0].head(5).items())
    table = table[keep].reset_index(drop=True)
    _need_rows(table, f"{source}, after {dropped:,} rows with missing values ({shown}) are left out,")
    return table, kept, (f"{dropped:,} rows with missing values were left out ({shown})",)


def _without_cluster(table: pd.DataFrame, cluster: str | None) -> tuple[str, ...]:
    """Return a note on the rows whose cluster is missing."""
    missing = 0 if cluster is None else int(table[cluster].isna().sum())
    return (
        (f"{missing:,} rows have no '{cluster}': each counts as belonging to nobody else",) if missing else ()
    )


def _need_rows(table: pd.DataFrame, what: str) -> None:
    """Raise DataError if there are too few rows to say anything."""
    if len(table) < MIN_ROWS:
        rows = "1 row" if len(table) == 1 else f"{len(table):,} rows"
        message = f"{what} has {rows}; at least {MIN_ROWS} are needed"
        raise DataError(message)
