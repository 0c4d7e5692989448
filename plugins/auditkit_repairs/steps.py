"""The repairs: light, so that every start of the program can read them."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from auditkit import REPAIR_METRICS, Context, Cost, Repair, Repaired, Stats, Subject, Vectors
from auditkit_repairs.params import DfrParams, ThresholdParams, WeightParams

P = TypeVar("P")
MEASURED = (
    " Before and after are measured on held-out rows that it did not learn from, a change by the rows that before and "
    "after predict differently."
)
RETRAINED = (
    " The model is a logistic regression (L2, C = 1) on the features without the sensitive columns. Before are the "
    "data's own predictions, or, if there are none, the same regression on the rows as they are."
)


LEARNED, SQUARES = 4, 5
"""Copies as float64 that a logistic regression takes of vectors: as they are, scaled, of the rows of a fit; measured.
And matrices of dimensions by dimensions, for its second derivatives."""


class TwoClasses(Repair[P]):
    """A repair of predictions of two classes, between the groups of sensitive columns."""

    metrics = REPAIR_METRICS
    own_names = True
    learns: ClassVar[bool] = True
    """Whether it trains a model, and needs something to read."""

    def check(self, subject: Subject, params: P) -> None:  # noqa: ARG002
        """Raise unless the target has two classes, sensitive columns are named, and there is something to read."""
        from auditkit_repairs.run.prepare import check

        check(subject, self.name, learns=self.learns)

    def trains(self, subject: Subject) -> bool:
        """Return whether a model is trained on the features, if only for the scores that are cut."""
        return self.learns or (subject.pred is None and subject.score is None and subject.model is None)

    def memory(self, vectors: Vectors, params: P) -> int:  # noqa: ARG002
        """Return the bytes that the built-in model takes to learn from vectors, none where predictions are there."""
        if vectors.predicted and not self.learns:
            return 0
        return LEARNED * vectors.bytes + SQUARES * vectors.square

    def cost(self, subject: Subject, params: P, stats: Stats) -> Cost | None:  # noqa: ARG002
        """Return what the repair is expected to take; the features that a model makes of rows are not in it."""
        from auditkit_repairs.run.cost import cost

        return cost(subject, self.name, params)


class Thresholds(TwoClasses[ThresholdParams]):
    """Cut the scores of each group where the groups' rates come together."""

    name = "thresholds"
    title = "A cut of the scores for each group"
    method = (
        "Each group has a cut of its own on the scores: of all cuts whose rates lie within the asked gap of each other "
        "on the rows learned from, those that keep accuracy highest (Hardt, Price & Srebro, Equality of Opportunity in "
        "Supervised Learning, 2016). Without chance they are the best there are: found by sorting or, for "
        "equalized odds of three or more groups, by branch and bound, which ends with a proof. With chance, they are "
        "the optimum of a linear program over the convex hulls of the ROC curves, and a row is selected where a hash "
        "of its id, keyed by `key`, lies below its probability. It needs labels and groups to learn from, and the "
        "group of everyone at the decision; no retraining. It cannot promise the gap on other rows, nor that scores "
        "mean the same in every group; and separate cuts by group are themselves forbidden in some uses, such as "
        "hiring in the United States (Civil Rights Act of 1991, section 106)." + MEASURED
    )
    Params = ThresholdParams
    learns = False

    def apply(self, subject: Subject, params: ThresholdParams, context: Context) -> Repaired:
        """Return the subject with the new predictions, and what changed on held-out rows."""
        from auditkit_repairs.run.thresholds import apply

        return apply(subject, params, context)


class Reweigh(TwoClasses[WeightParams]):
    """Weigh the rows so that class and group are independent, and train on them."""

    name = "reweigh"
    title = "Weights that make class and group independent"
    method = (
        "A training row of group g and class y weighs P(g) P(y) / P(g, y), so that class and group are independent "
        "among the weighted rows (Kamiran & Calders, Data preprocessing techniques for classification without "
        "discrimination, 2012). The weights stand in the file it hands back, for any trainer, and the built-in model "
        "is trained on them."
        + RETRAINED
        + " It needs labels and groups in training, and retraining; no group at the "
        "decision. It cannot promise any gap." + MEASURED
    )
    Params = WeightParams

    def apply(self, subject: Subject, params: WeightParams, context: Context) -> Repaired:
        """Return the subject with the model trained on weights, and what changed on held-out rows."""
        from auditkit_repairs.run.weighted import reweigh

        return reweigh(subject, params, context)


class Resample(TwoClasses[WeightParams]):
    """Draw the rows so that class and group are independent, and train on them."""

    name = "resample"
    title = "Rows drawn so that class and group are independent"
    method = (
        "Of each group and class as many training rows are drawn as there would be were class and group independent, "
        "P(g) P(y) n: some left out, or all and some of them again, by chance (Kamiran & Calders 2012, uniform "
        "sampling). How often each row stands is in the file it hands back, for any trainer, and the built-in model is "
        "trained on the drawn rows."
        + RETRAINED
        + " It needs labels and groups in training, and retraining; no group "
        "at the decision. It cannot promise any gap." + MEASURED
    )
    Params = WeightParams

    def apply(self, subject: Subject, params: WeightParams, context: Context) -> Repaired:
        """Return the subject with the model trained on drawn rows, and what changed on held-out rows."""
        from auditkit_repairs.run.weighted import resample

        return resample(subject, params, context)


class Dfr(TwoClasses[DfrParams]):
    """Fit the last layer anew, on as many rows of every class and group."""

    name = "dfr"
    title = "A last layer fitted on balanced rows"
    method = (
        "A logistic regression (L2, C = 1) is fitted on as many rows of every group and class, drawn by chance, and "
        "its coefficients are averaged over the draws (Kirichenko, Izmailov & Wilson, Last Layer Re-Training is "
        "Sufficient for Robustness to Spurious Correlations, 2022). It reads the features that the data's model makes "
        "of a row, where that model has a method `embed`; else the embeddings; else the columns of the table without "
        "the sensitive ones. Before are the data's own predictions, or, if there are none, the same regression on the "
        "rows as they are. It needs labels and groups in training, and a fit of seconds; no group at the decision. It "
        "cannot promise any gap, and where classes are of unequal size it trades accuracy for balanced accuracy."
        + MEASURED
    )
    Params = DfrParams

    def apply(self, subject: Subject, params: DfrParams, context: Context) -> Repaired:
        """Return the subject with the new last layer's predictions, and what changed on held-out rows."""
        from auditkit_repairs.run.dfr import apply

        return apply(subject, params, context)
