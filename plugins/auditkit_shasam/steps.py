"""The repair `shasam`: light, so that every start of the program can read it."""

from __future__ import annotations

from auditkit import REPAIR_METRICS, Context, Cost, Repair, Repaired, Stats, Subject, Vectors
from auditkit_shasam.params import ShasamParams

PAPER = "SHaSaM: Submodular Hard Sample Mining for Fair Facial Attribute Recognition"
METHOD = (
    "An encoder learns features that separate the target's classes and not the sensitive groups: every step "
    "learns from anchors of one class and group, positives of the same class in other groups, and negatives of "
    "the same group in other classes, and minimises the conditional mutual information of anchors and negatives "
    "given positives, beside a cross-entropy. With mining shasam the anchors are selected for diversity "
    "(log-determinant), the positives by their conditional gain, the negatives by their mutual information (facility "
    f"location, greedy); with mining random they are drawn from the same rows ({PAPER}). A classifier with one "
    "hidden layer is then trained on the frozen features. Both stages keep the epoch that validation rows liked "
    "best. Before and after are measured on held-out rows that no training saw: by Wilson and simultaneous "
    "intervals as in the audit of rates, with the spread between training runs (seeds) added to the standard "
    "errors. A change is measured for itself, by the rows that before and after predict differently; between "
    "groups it is that of the largest gap, bounded whichever groups are furthest apart, and sentences about a "
    "change are said only where its interval excludes 0. Before is the data's own predictions, or, if there are "
    "none, the same network trained by plain cross-entropy. Described and returned is the run with the lowest "
    "validation loss."
)


class Shasam(Repair[ShasamParams]):
    """Retrain so that the target survives and the sensitive attribute does not."""

    name = "shasam"
    title = "Retraining that keeps the target and forgets the sensitive attribute"
    method = METHOD
    Params = ShasamParams
    metrics = REPAIR_METRICS
    own_names = True

    def trains(self, subject: Subject) -> bool:  # noqa: ARG002
        """Return that a model is trained on the features."""
        return True

    def check(self, subject: Subject, params: ShasamParams) -> None:
        """Raise unless torch is there, the target has classes, sensitive columns are named, and k rows fit."""
        from auditkit_shasam.torch_needed import need_torch

        need_torch()
        from auditkit_shasam.repair.check import check

        check(subject, params)

    def needs(self, params: ShasamParams) -> tuple[str, ...]:  # noqa: ARG002
        """Return the module that trains one run."""
        return ("auditkit_shasam.repair.runs",)

    def memory(self, vectors: Vectors, params: ShasamParams) -> int:  # noqa: ARG002
        """Return what their directions take, twice as float32: before and after they are scaled."""
        return vectors.bytes

    def apply(self, subject: Subject, params: ShasamParams, context: Context) -> Repaired:
        """Return the subject with the new predictions and model, and what changed on held-out rows."""
        from auditkit_shasam.repair.apply import apply

        return apply(subject, params, context)

    def cost(self, subject: Subject, params: ShasamParams, stats: Stats) -> Cost | None:  # noqa: ARG002
        """Return what all runs are expected to take; None for networks that have no price yet."""
        from auditkit_shasam.repair.cost import cost

        return cost(subject, params)
