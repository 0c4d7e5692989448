"""What retraining is expected to take, where the network is a perceptron on a table or on embeddings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit import VALIDATION_SHARE, Cost, encoded_width, priced
from auditkit_shasam.reading.inputs import kind_of
from auditkit_shasam.reading.roles import features_of
from auditkit_shasam.training import settings_of

if TYPE_CHECKING:
    from auditkit import Subject
    from auditkit_shasam.params import ShasamParams


def cost(subject: Subject, params: ShasamParams) -> Cost | None:
    """Return the cost of all runs; one of its items is a run. None for what has no price: images, other losses."""
    settings = settings_of(params)
    usual = params.encoder in {"auto", "mlp"} and params.loss == "flcmi" and params.mining == "random"
    chosen = (params.anchors, params.mine_positives, params.mine_negatives)
    if not usual or any(chosen) or params.compare or settings.device != "cpu" or kind_of(subject) == "images":
        return None
    vectors = subject.embeddings
    width = encoded_width(subject, features_of(subject)) if vectors is None else int(vectors.shape[1])
    learned = len(subject) * (1 - params.held_out) * (1 - VALIDATION_SHARE)
    passed = learned * params.epochs
    one = {"rows": learned, "rows x epochs": passed, "rows x epochs x width": passed * width}
    given = subject.pred is not None or subject.score is not None or subject.model is not None
    item = priced("shasam", one).seconds - priced("shasam", {}).seconds
    whole = priced(
        "shasam",
        {term: params.runs * amount for term, amount in one.items()}
        | {"plain rows x epochs": 0 if given else params.runs * passed},
    )
    return replace(whole, item_seconds=item)
