"""One retraining, read straight down: divide, encode, train before and after, measure, save, return."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import torch

from auditkit import Repaired
from auditkit.labels import class_array, class_codes
from auditkit_shasam.learning import COLLAPSED
from auditkit_shasam.mining import Mining
from auditkit_shasam.repair.attributes import Attribute, attributes_of, crossed
from auditkit_shasam.repair.check import cells_of, features_of
from auditkit_shasam.repair.columns import fit_columns, matrix
from auditkit_shasam.repair.cost import accuracy_cost, levelling_down, unchanged
from auditkit_shasam.repair.measure import HeldOut, Stage, findings_of
from auditkit_shasam.repair.rows import Division, divide
from auditkit_shasam.saved import SavedModel
from auditkit_shasam.training import Fitted, Rows, Settings, fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditkit import Context, Finding, Subject
    from auditkit.encoding import EncodedColumn
    from auditkit_shasam.declare import ShasamParams
    from auditkit_shasam.mining import Cells

PRED, SCORE = "shasam_pred", "shasam_score"


@dataclass(frozen=True, eq=False, kw_only=True)
class Prepared:
    """Everything that training and measuring need, aligned with the subject's rows."""

    cells: Cells
    attributes: tuple[Attribute, ...]
    division: Division
    columns: tuple[EncodedColumn, ...]
    inputs: torch.Tensor

    def rows(self, part: NDArray[np.intp]) -> Rows:
        """Return the rows of one part of the division."""
        return Rows(self.inputs[part], self.cells.take(part))


def apply(subject: Subject, params: ShasamParams, context: Context) -> Repaired:
    """Return the subject with the retrained model's predictions as columns, and findings at stages 0 and 1."""
    prepared = _prepare(subject, params, context)
    settings = settings_of(params)
    test = prepared.division.test
    held = _held_out(subject, prepared)
    before = _before(subject, prepared, settings, params=params, context=context)
    models = _train(prepared, settings, params=params, context=context, what="retraining")
    inputs = prepared.inputs[test]
    after = Stage(number=1, predicted=np.stack([m.probabilities(inputs).argmax(axis=1) for m in models]))
    first, second = (tuple(findings_of(stage, held, context.stats)) for stage in (before, after))
    cost = accuracy_cost(before, after, rows=held, stats=context.stats)
    for sentence in (*_about(models, settings), *levelling_down(first, second), *unchanged(first, second)):
        context.say(sentence)
    model = _model(subject, prepared, models[0], params=params, findings=second)
    repaired = _with_predictions(subject, prepared, model)
    if params.save_model is not None:
        context.say(f"The model was saved in {model.save(params.save_model)}.")
    predictions = repaired.table[[PRED, *([SCORE] if repaired.score else [])]]
    return Repaired(repaired, (*first, *second, cost), predictions)


def settings_of(params: ShasamParams) -> Settings:
    """Return what training depends on, as declared by the step's parameters."""
    mining = Mining(
        k=params.k, positives=params.selection, negatives=params.selection, random=params.mining == "random"
    )
    return Settings(
        loss=params.loss, form=params.form, joint=params.joint, mining=mining, ground_set=params.ground_set,
        refresh=params.refresh, epochs=params.epochs, learning_rate=params.learning_rate,
        temperature=params.temperature, balance=params.balance,
    )  # fmt: skip


def plain_settings(settings: Settings) -> Settings:
    """Return the settings of the stage before: cross-entropy on rows as they are, all else the same."""
    return replace(settings, loss="ce", balance="rows")


def _prepare(subject: Subject, params: ShasamParams, context: Context) -> Prepared:
    """Return the prepared subject; notes say which rows and cells take no part."""
    attributes = attributes_of(subject, quantiles=params.quantiles)
    for attribute in attributes:
        if attribute.note:
            context.say(attribute.note)
    joined = crossed(attributes)
    cells = cells_of(subject, joined)
    division = divide(subject, cells, held_out=params.held_out, rng=context.rng("division"))
    settings, train = settings_of(params), cells.take(division.train)
    if settings.by_sets:
        train.pairs(params.k)
        for i, j in train.left_out(params.k):
            what = f"mining with anchors of {cells.target_names[i]}, {cells.sensitive_names[j]}"
            n = int(train.counts[i, j])
            why = f"fewer than k = {params.k} training rows as anchors, positives or negatives"
            context.skip(what, why, n=n, rows_needed=params.k)
    columns = fit_columns(subject, division.train, names=features_of(subject))
    inputs = torch.from_numpy(matrix(subject.table, columns))
    parts = f"{len(division.train):,} rows to learn from, {len(division.validation):,} to stop by"
    context.say(f"Every number of shasam is of {len(division.test):,} held-out rows ({parts}).")
    measured = (*attributes, joined) if len(attributes) > 1 else attributes
    return Prepared(cells=cells, attributes=measured, division=division, columns=columns, inputs=inputs)


def _held_out(subject: Subject, prepared: Prepared) -> HeldOut:
    test = prepared.division.test
    weights = (
        None if subject.weight is None else subject.column(subject.weight).to_numpy(dtype=np.float64)[test]
    )
    return HeldOut(
        truth=prepared.cells.target[test],
        classes=tuple(str(label) for label in subject.classes),
        attributes=tuple(replace(a, codes=a.codes[test]) for a in prepared.attributes),
        weights=weights,
    )


def _before(
    subject: Subject, prepared: Prepared, settings: Settings, *, params: ShasamParams, context: Context
) -> Stage:
    """Return the stage before: the subject's own predictions, else the same network by cross-entropy."""
    test = prepared.division.test
    if subject.pred is not None or subject.score is not None or subject.model is not None:
        predicted, _ = class_codes(pd.Series(context.predictions(subject).pred), subject.classes)
        return Stage(number=0, predicted=predicted[test][None, :])
    models = _train(prepared, plain_settings(settings), params=params, context=context, what="cross-entropy")
    context.say(
        "Before (stage 0) is the same network trained by plain cross-entropy: the data has no predictions."
    )
    inputs = prepared.inputs[test]
    return Stage(number=0, predicted=np.stack([m.probabilities(inputs).argmax(axis=1) for m in models]))


def _train(
    prepared: Prepared, settings: Settings, *, params: ShasamParams, context: Context, what: str
) -> list[Fitted]:
    """Return the models of all runs, the one with the lowest validation loss first."""
    train, validation = (prepared.rows(p) for p in (prepared.division.train, prepared.division.validation))
    start = int(context.rng("seeds").integers(2**31))
    seeds = [start + run for run in range(params.runs)]
    models = [
        fit(train, validation, encoder=params.encoder, settings=settings, seed=seed)
        for seed in context.track(seeds, f"{what}, {len(seeds)} runs")
    ]
    return sorted(models, key=lambda model: model.second.loss)


def _about(models: list[Fitted], settings: Settings) -> list[str]:
    """Return sentences on how the runs went: epochs, spread of one run only, collapse, early ends."""
    kept = ", ".join(f"{model.first.kept + 1} of {len(model.first.epochs)}" for model in models)
    said = [f"Retraining kept epoch {kept} (one number per run, the returned run first)."]
    if settings.balance == "auto":
        strengths = ", ".join(f"{model.second.strength:g}" for model in models)
        said.append(f"Validation rows chose to balance groups by {strengths} (0 not at all, 1 fully).")
    if len(models) == 1:
        said.append("With one run the spread between training runs is unknown: intervals are over rows only.")
    if any(model.first.epochs[model.first.kept].mean_cosine > COLLAPSED for model in models):
        said.append(
            f"Collapse: the features of different rows have become alike (mean cosine above {COLLAPSED}), where the "
            f"{settings.form} {settings.loss} loss is small without anything being learnt; try form smooth, joint "
            "above 0 or a lower learning rate."
        )
    failed = {model.first.stopped for model in models if "finite" in model.first.stopped}
    return [
        *said,
        *(f"Training stopped early: {reason}; the last good weights were kept." for reason in failed),
    ]


def _model(
    subject: Subject,
    prepared: Prepared,
    fitted: Fitted,
    *,
    params: ShasamParams,
    findings: tuple[Finding, ...],
) -> SavedModel:
    """Return the model with its card: data, parameters, and what was measured on held-out rows."""
    hashes = pd.util.hash_pandas_object(subject.table.astype(str), index=False).to_numpy()
    card = {
        "data": {
            "source": subject.source,
            "rows": len(subject),
            "sha256": hashlib.sha256(hashes.tobytes()).hexdigest(),
        },
        "target": subject.target,
        "sensitive": list(subject.sensitive),
        "parameters": asdict(params),
        "validation_loss": fitted.second.loss,
        "seconds": round(fitted.seconds, 1),
        "metrics": [
            {"metric": f.metric, "group": f.group, "value": f.value, "n": f.n}
            for f in findings
            if f.value is not None
        ],
    }
    return SavedModel(
        encoder_name=params.encoder, encoder=fitted.encoder, classifier=fitted.second.classifier,
        columns=prepared.columns, features=Settings().features, classes=subject.classes, card=card,
    )  # fmt: skip


def _with_predictions(subject: Subject, prepared: Prepared, model: SavedModel) -> Subject:
    """Return the subject with predictions, scores for two classes, the model, and the split that was used."""
    chances = model.predict_proba(subject.table)
    predicted = class_array(subject.classes)[chances.argmax(axis=1)]
    columns: dict[str, Any] = {PRED: predicted}
    binary = len(subject.classes) == 2
    if binary:
        columns[SCORE] = chances[:, 1]
    split = subject.split
    if split is None:
        split = "shasam_split"
        part = np.full(len(subject), "train", dtype=object)
        part[prepared.division.test] = "test"
        columns[split] = part
    table = subject.table.assign(**columns)
    return replace(
        subject.with_model(model), table=table, pred=PRED, score=SCORE if binary else None, split=split
    )
