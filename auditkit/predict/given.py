"""Predictions that exist already, in the table's columns or by the subject's model, and their losses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditkit.errors import AuditkitError, DataError, first_line, out_of_memory, ran_out
from auditkit.predict.intact import is_moved, sum_of
from auditkit.predict.probabilities import in_class_order
from auditkit.values.labels import class_array, class_codes
from auditkit.values.predictions import Predictions

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from auditkit.values.subject import Subject


def from_columns(subject: Subject) -> Predictions:
    """Return the predictions that the table holds; by a probability alone, a row is positive from 0.5 on.

    A score that is no probability gives no log loss. Raises DataError where it alone should say what is predicted.
    """
    import numpy as np
    import pandas as pd

    if subject.task == "regression" and subject.pred is not None:
        pred = subject.column(subject.pred).to_numpy(dtype=np.float64)
        return _numbers(subject, pred, source=f"column '{subject.pred}'")
    score, positive = None, np.empty(0)
    if subject.score is not None:
        positive = subject.column(subject.score).to_numpy(dtype=np.float64)
        if positive.min() >= 0 and positive.max() <= 1:
            score = np.column_stack((1 - positive, positive))
        elif subject.pred is None:
            raise DataError(_no_probability(subject.score, positive))
    if subject.pred is not None:
        labels = subject.column(subject.pred)
    else:  # without a target the classes are unknown, and 1 means positive
        labels = pd.Series(class_array(subject.classes or (0, 1))[(positive >= 0.5).astype(np.int64)])
    named = " and ".join(f"'{name}'" for name in (subject.pred, subject.score) if name is not None)
    source = (
        f"column {named}"
        if subject.target is not None
        else f"decisions of column {named}, without true labels"
    )
    return _labels(subject, labels, score, source=source)


def _no_probability(name: str, values: NDArray[np.float64]) -> str:
    """Return the message for a score from which nobody has said on from where it decides."""
    return (
        f"score column '{name}' goes from {values.min():g} to {values.max():g}, no probability: say from which "
        "score on a row is chosen with --cut, or give predictions with --pred"
    )


def from_model(subject: Subject) -> Predictions:
    """Return what the subject's model, with predict and perhaps predict_proba, says about its rows.

    A model whose attribute `reads` is `embeddings` or `images` gets those. Any other gets a table: of the columns in
    `feature_names_in_` if it has that, else of the features.
    """
    import numpy as np
    import pandas as pd

    model = subject.model
    rows = _read_by(model, subject)
    source = f"model {type(model).__name__}"
    try:
        said = pd.Series(_of_these_rows(model.predict, rows, source))
        score = None
        if _scores(model, subject):
            score = np.asarray(_of_these_rows(model.predict_proba, rows, source), dtype=np.float64)
    except AuditkitError:
        raise
    except Exception as error:  # a model is somebody else's code
        if ran_out(error):
            raise out_of_memory(error, source) from error
        reads = getattr(model, "reads", "table")
        what = "columns " + ", ".join(_columns_of(model, subject)[:8]) if reads == "table" else reads
        message = f"{source} cannot predict from the {what}: {first_line(error)}"
        raise DataError(message) from error
    if len(said) != len(subject):
        message = f"{source} gave {len(said):,} predictions for {len(subject):,} rows"
        raise DataError(message)
    if subject.task == "regression":
        return _numbers(subject, _finite(said, source), source=source)
    if score is None:
        return _labels(subject, said, None, source=source)
    ordered = in_class_order(subject, score, said, source=source)
    if getattr(model, "classes_", None) is None:
        source += ", which names no classes: its probabilities are read in sorted order of the target's"
    return _labels(subject, said, ordered, source=source)


def _of_these_rows(predict: Callable[[Any], Any], rows: Any, source: str) -> NDArray[Any]:
    """Return what is predicted of the rows, in their order; raise DataError where it is of others, or not a number."""
    import numpy as np
    import pandas as pd

    lent = rows.copy(deep=False) if isinstance(rows, pd.DataFrame) else rows
    before = sum_of(rows)
    found = predict(lent)
    if sum_of(rows) != before:
        message = f"{source} changes the array of rows that it is given; it must predict from a copy"
        raise DataError(message)
    moved = isinstance(rows, pd.DataFrame) and is_moved(lent, rows)
    if isinstance(found, pd.Series | pd.DataFrame) and len(found) == len(rows):
        moved = moved or not found.index.equals(pd.RangeIndex(len(rows)))
    if moved:
        message = f"{source} predicts in another order than that of the rows it was given"
        raise DataError(message)
    if np.ma.is_masked(found):
        message = (
            f"{source} masks {int(np.ma.getmaskarray(found).sum()):,} of its predictions: they are missing"
        )
        raise DataError(message)
    if np.iscomplexobj(found):
        message = f"{source} predicts complex numbers"
        raise DataError(message)
    return np.asarray(found)


def _finite(said: pd.Series[Any], source: str) -> NDArray[np.float64]:
    """Return predicted numbers [n], or raise DataError unless each is one."""
    import numpy as np
    import pandas as pd

    numbers = (
        said.to_numpy(dtype=np.float64, na_value=np.nan) if pd.api.types.is_numeric_dtype(said) else None
    )
    if numbers is None or not np.isfinite(numbers).all():
        what = (
            "no numbers"
            if numbers is None
            else f"{int((~np.isfinite(numbers)).sum())} missing or infinite values"
        )
        message = f"{source} predicts {what}, and the target is a number"
        raise DataError(message)
    return numbers


def _read_by(model: Any, subject: Subject) -> Any:
    """Return what a model predicts from: the embeddings [n, d], the images, or columns of the table."""
    import pandas as pd

    reads = getattr(model, "reads", "table")
    if reads in {"embeddings", "images"}:
        found = getattr(subject, reads)
        if found is None:
            message = f"model {type(model).__name__} reads {reads}; name them with --{reads} or data.{reads}"
            raise DataError(message)
        return found
    if reads != "table":
        message = (
            f"model {type(model).__name__} reads {reads!r:.40}; a model reads table, embeddings or images"
        )
        raise DataError(message)
    rows = pd.DataFrame({name: subject.column(name) for name in _columns_of(model, subject)})
    fitted_on_array = hasattr(model, "n_features_in_") and not hasattr(model, "feature_names_in_")
    return rows.to_numpy() if fitted_on_array else rows


def _columns_of(model: Any, subject: Subject) -> list[str]:
    named = getattr(model, "feature_names_in_", subject.features)
    return [named] if isinstance(named, str) else [str(name) for name in named]


def _scores(model: Any, subject: Subject) -> bool:
    """Return whether the model gives probabilities for this target."""
    return subject.task in {"binary", "multiclass"} and hasattr(model, "predict_proba")


def _numbers(subject: Subject, pred: NDArray[np.float64], *, source: str) -> Predictions:
    """Return predicted numbers with their squared errors."""
    import numpy as np

    truth = subject.column(subject.need_target()).to_numpy(dtype=np.float64, na_value=np.nan)
    return Predictions(
        pred=pred, score=None, loss=(truth - pred) ** 2, loss_name="squared_error", source=source
    )


def _labels(
    subject: Subject, labels: pd.Series[Any], score: NDArray[np.float64] | None, *, source: str
) -> Predictions:
    """Return predicted labels with their zero-one loss, or their log loss where there are scores.

    Without a target the labels stay as they are and no loss is known.
    """
    import numpy as np

    loss_name = "zero_one" if score is None else "log_loss"
    if subject.target is None:
        nothing = np.full(len(subject), np.nan)
        return Predictions(
            pred=labels.to_numpy(), score=score, loss=nothing, loss_name=loss_name, source=source
        )
    codes = _codes(subject, labels, source)
    loss = zero_one_loss(subject.truth, codes) if score is None else log_loss(subject.truth, score)
    pred = class_array(subject.classes)[codes]
    return Predictions(pred=pred, codes=codes, score=score, loss=loss, loss_name=loss_name, source=source)


def _codes(subject: Subject, labels: pd.Series[Any], source: str) -> NDArray[np.int64]:
    """Return the predicted classes' positions, or raise DataError for a label that is no class."""
    codes, strangers = class_codes(labels, subject.classes)
    if strangers:
        message = f"{source} predicts '{strangers[0]}', which is no class of target '{subject.target}'"
        raise DataError(message)
    if missing := int((codes < 0).sum()):
        message = f"{source} has {missing:,} missing predictions"
        raise DataError(message)
    return codes


def log_loss(codes: NDArray[np.int64], score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return -log of the probability given to each row's class, in nats [n]; NaN where the code is -1.

    Probabilities are kept away from 0 by the float64 spacing at 1, so that the loss is finite (at most 37).
    """
    import numpy as np

    given = score[np.arange(len(codes)), codes]
    return np.where(codes < 0, np.nan, -np.log(np.clip(given, np.finfo(np.float64).eps, 1.0)))


def zero_one_loss(codes: NDArray[np.int64], predicted: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return 1.0 where the predicted class is wrong, 0.0 where it is right [n]; NaN where the code is -1."""
    import numpy as np

    return np.where(codes < 0, np.nan, (codes != predicted).astype(np.float64))
