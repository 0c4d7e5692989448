"""What a repair is expected to take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit import Cost, encoded_width, priced
from auditkit_repairs.params import DfrParams, ThresholdParams, WeightParams
from auditkit_repairs.run.prepare import features_of

if TYPE_CHECKING:
    from auditkit import Subject


def cost(subject: Subject, name: str, params: object) -> Cost:
    """Return the cost of the repair of a name; a model's own features, where it has any, are not in it."""
    given = subject.pred is not None or subject.score is not None or subject.model is not None
    n, width = len(subject), encoded_width(subject, features_of(subject))
    amounts: dict[str, float] = {"rows": n, "fitted before": 0 if given else n * width}
    match params:
        case DfrParams(draws=draws):
            wide = width if subject.embeddings is None else int(subject.embeddings.shape[1])
            amounts |= {"rows x width": n * wide, "draws x rows x width": draws * n * wide}
        case WeightParams():
            amounts |= {"rows x width": n * width}
        case ThresholdParams():
            pass
        case _:
            message = f"{name} has no price"
            raise TypeError(message)
    return priced(name, amounts, predicts=given and subject.pred is None and subject.score is None)
