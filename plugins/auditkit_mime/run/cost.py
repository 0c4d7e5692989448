"""What a sweep is expected to take, where its models are perceptrons or regressions: others have no price yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from auditkit import Cost, encoded_width, priced
from auditkit_mime.run.audit import settle

if TYPE_CHECKING:
    from collections.abc import Collection

    from auditkit import Subject
    from auditkit_mime.params import MimeParams


def cost(subject: Subject, params: MimeParams) -> Cost | None:
    """Return the cost of all pairs; one of its items is a model that is fitted by itself."""
    model, plan = settle(subject, params)
    name = {"mlp": "mime", "logistic": "mime.logistic"}.get(model.name)
    if name is None or model.training.device != "cpu" or model.reads == "images":
        return None
    width = _width(subject, plan.attribute.columns, reads=model.reads)
    models, classes = len(plan.pairs) * plan.models, len(plan.classes)
    train = max(pair.sizes.train for pair in plan.pairs) * classes
    test = max(pair.sizes.test for pair in plan.pairs) * classes * 2
    passed = train * (params.epochs if name == "mime" else 1)
    one: dict[str, float] = {"models": 1, "rows": passed, "rows x width": passed * width, "tested": test}
    if name == "mime":
        one["steps"] = passed / params.batch_size
    item = priced(name, one).seconds - priced(name, {}).seconds
    whole = priced(name, {term: models * amount for term, amount in one.items()})
    return replace(whole, item_seconds=item if name != "mime" else 0.0)


def _width(subject: Subject, hidden: Collection[str], *, reads: str) -> int:
    """Return how many numbers a model reads of a row."""
    if reads == "embeddings" and subject.embeddings is not None:
        return int(subject.embeddings.shape[1])
    return encoded_width(subject, [name for name in subject.features if name not in hidden])
