"""One retraining, read straight down: divide, read, train before and after, measure, show, save, return."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from auditkit import Repaired, class_array, predictions_table
from auditkit.measures import Stage, measured_repair
from auditkit_shasam.reading.roles import paired
from auditkit_shasam.repair.methods import methods_chart, methods_table, outcome_of
from auditkit_shasam.repair.pictures import feature_charts, training_charts
from auditkit_shasam.repair.prepare import Prepared, held_out, prepare
from auditkit_shasam.repair.runs import Trained, about, failures, train_runs
from auditkit_shasam.repair.variants import variants
from auditkit_shasam.saved import SavedModel
from auditkit_shasam.training import Settings, encoder_for, plain_settings, settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from auditkit import Context, Finding, Subject
    from auditkit_shasam.params import ShasamParams
    from auditkit_shasam.training import Fitted

PLAIN, RETRAINED = "cross-entropy", "retraining"
"""The networks of before and after, as notes call them."""
PRED, SCORE = "shasam_pred", "shasam_score"


def apply(subject: Subject, params: ShasamParams, context: Context) -> Repaired:
    """Return the subject with the retrained model's predictions, and findings before, after and of the change."""
    subject = paired(subject, params.target_pair)
    prepared = prepare(subject, params, context)
    rows = held_out(subject, prepared)
    asked = _asked(subject, params)
    given = None if PLAIN in asked else _given(subject, prepared, context)
    found = _train(prepared, asked, params=params, context=context)
    before = Stage(number=0, predicted=found[PLAIN].predicted if given is None else given)
    plain, trained = found.pop(PLAIN, None), found.pop(RETRAINED)
    after = Stage(number=1, predicted=trained.predicted)
    measured = measured_repair(before, after, rows=rows, stats=context.stats, rng=context.rng("changes"))
    for sentence in (*about(trained), *measured.sentences):
        context.say(sentence)
    for answer in measured.answers:
        context.answer(answer)
    _compare(prepared, before, after, found, context=context)
    for chart in (*feature_charts(prepared, plain, trained), *training_charts(plain, trained)):
        context.show(chart)
    model = _model(subject, prepared, trained.models[0], params=params, findings=measured.after)
    repaired = _with_predictions(subject, prepared, model)
    if params.save_model is not None:
        context.say(f"The model was saved in {model.save(params.save_model, write=context.write)}.")
    learned = prepared.division.learned_from(len(subject))
    return Repaired(repaired, measured.findings, predictions_table(repaired), learned, model)


def _asked(subject: Subject, params: ShasamParams) -> dict[str, Settings]:
    """Return what to train by name: before, if the subject has no predictions of its own, after, and what to compare.

    Before is the same network trained by cross-entropy.
    """
    after = settings_of(params)
    given = subject.pred is not None or subject.score is not None or subject.model is not None
    before = {} if given else {PLAIN: plain_settings(after)}
    others = {entry: settings_of(variant) for entry, variant in variants(params).items()}
    return {**before, RETRAINED: after, **others}


def _given(subject: Subject, prepared: Prepared, context: Context) -> NDArray[np.int64]:
    """Return the subject's own predictions of the held-out rows, int64 [1, n]."""
    predicted = context.predictions(subject).codes_in(subject.classes)
    return predicted[prepared.division.test][None, :]


def _train(
    prepared: Prepared, asked: Mapping[str, Settings], *, params: ShasamParams, context: Context
) -> dict[str, Trained]:
    """Return what was trained by name; notes say what before is, and what failed."""
    if PLAIN in asked:
        context.say(
            "Before (stage 0) is the same network trained by plain cross-entropy: the data has no predictions."
        )
    encoder = encoder_for(params.encoder, prepared.reading.shape)
    found = train_runs(prepared, asked, encoder=encoder, runs=params.runs, context=context)
    for what, trained in found.items():
        for sentence in failures(trained, what):
            context.say(sentence)
    return found


def _compare(
    prepared: Prepared, before: Stage, after: Stage, others: Mapping[str, Trained], *, context: Context
) -> None:
    """Show accuracy against equalized odds of before, after, and every other method that was trained."""
    cells, least = prepared.cells.take(prepared.division.test), context.stats.min_n
    outcomes = [
        outcome_of("before", before.predicted, cells, min_n=least),
        outcome_of("after", after.predicted, cells, min_n=least),
    ]
    outcomes += [outcome_of(entry, other.predicted, cells, min_n=least) for entry, other in others.items()]
    context.show(methods_chart(outcomes))
    if others:
        context.show(methods_table(outcomes, confidence=context.stats.confidence))


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
        encoder_name=encoder_for(params.encoder, prepared.reading.shape),
        encoder=fitted.encoder,
        classifier=fitted.second.classifier,
        reading=prepared.reading,
        features=Settings().features,
        classes=subject.classes,
        card=card,
    )


def _with_predictions(subject: Subject, prepared: Prepared, model: SavedModel) -> Subject:
    """Return the subject with predictions, scores for two classes, the model, and the split that was used."""
    chances = model.of_inputs(prepared.inputs)
    predicted = class_array(subject.classes)[chances.argmax(axis=1)]
    columns: dict[str, Any] = {PRED: predicted}
    binary = len(subject.classes) == 2
    if binary:
        columns[SCORE] = chances[:, 1]
    split = subject.split
    if split is None:
        split = "shasam_split"
        part = prepared.division.parts(len(subject))
        part[pd.isna(part)] = "train"  # left out: nothing is measured on them
        columns[split] = part
    table = subject.table.assign(**columns)
    return replace(
        subject.with_model(model), table=table, pred=PRED, score=SCORE if binary else None, split=split
    )
