"""Every number that training depends on; the model card repeats them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from auditkit import UsageError
from auditkit_shasam.choices import one_of
from auditkit_shasam.mining import Mining

Loss: TypeAlias = Literal["flcmi", "logdetcmi", "supcon", "fscl", "grl", "ce"]
Form: TypeAlias = Literal["literal", "smooth"]
Batches: TypeAlias = Literal["cells", "natural"]
Balance: TypeAlias = Literal["auto", "rows", "groups", "cells"]
SET_LOSSES = ("flcmi", "logdetcmi", "supcon", "fscl")
"""Losses of views of rows, by default of anchors, positives and negatives of one cell; the others shuffle all rows."""
IN_DOUBLE = ("logdetcmi", "fscl")
"""Losses that are computed in float64, which mps does not have."""
OF_ANY_ROWS = ("supcon", "fscl")
"""Set losses that need no three sets: each row finds its own positives and negatives in the batch."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How an encoder and its classifier are trained.

    `form` applies to flcmi; `joint` is the weight of a cross-entropy beside a set loss, 0 for none. An epoch is
    one pass over the ground set in batches of 6 k rows (three sets, two views), or over all rows for ce and grl.
    With `batches` "natural" supcon and fscl learn from as many rows, of all rows shuffled, whatever their cells.
    `refresh` is after how many steps the features that mining reads are computed anew. With balance
    "rows" the classifier learns from rows as they are, as in the paper; with "groups" every group of a class
    counts the same, classes as often as they are; with "cells" every cell of class and group counts the same;
    with "auto" validation rows choose between rows and groups. `encoder_weights` is a file that the encoder starts
    from. `device` is where torch computes; it is no part of the settings' text, by which unfinished training is found
    again: that moves between devices.
    """

    loss: Loss = "flcmi"
    form: Form = "smooth"
    joint: float = 1.0
    mining: Mining = field(default_factory=Mining)
    batches: Batches = "cells"
    ground_set: float = 0.2
    refresh: int = 4
    epochs: int = 20
    learning_rate: float = 0.1
    patience: int = 8
    temperature: float = 0.7
    smoothing: float = 0.1
    features: int = 256
    projection: int = 128
    dropout: float = 0.1
    noise: float = 0.1
    classifier_epochs: int = 10
    classifier_rate: float = 0.1
    classifier_batch: int = 128
    balance: Balance = "auto"
    encoder_weights: str | None = None
    device: str = field(default="cpu", repr=False)

    def __post_init__(self) -> None:
        one_of("loss", self.loss, allowed=get_args(Loss))
        one_of("form", self.form, allowed=get_args(Form))
        one_of("batches", self.batches, allowed=get_args(Batches))
        if self.batches == "natural" and self.loss not in OF_ANY_ROWS:
            message = (
                f"loss {self.loss} does not learn from natural batches; {' and '.join(OF_ANY_ROWS)} do, or take "
                "batches cells"
            )
            raise UsageError(message)
        one_of("balance", self.balance, allowed=get_args(Balance))
        if min(self.epochs, self.classifier_epochs, self.refresh, self.patience) < 1:
            message = "epochs, classifier_epochs, refresh and patience must be at least 1"
            raise UsageError(message)
        if self.learning_rate <= 0 or self.classifier_rate <= 0:
            message = "learning rates must be above 0"
            raise UsageError(message)

    @property
    def by_views(self) -> bool:
        """Whether the loss compares two views of every row with each other."""
        return self.loss in SET_LOSSES

    @property
    def by_sets(self) -> bool:
        """Whether batches are anchors, positives and negatives of one cell."""
        return self.by_views and self.batches == "cells"
