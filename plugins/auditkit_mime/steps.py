"""The audits `mime` and `mime.theory`: light, so that every start of the program can read them."""

from __future__ import annotations

from auditkit import Audit, Context, Cost, Finding, Stats, Subject, Table, Vectors
from auditkit_mime.metrics import METRICS, PAPER, THEOREMS
from auditkit_mime.params import MimeParams, TheoryParams

METHOD = (
    "Models are trained on train sets of one size in which a share beta of the majority's rows is replaced by rows of "
    "the minority, classes kept balanced; every trial has its own split and its own initial weights, the same for all "
    f"its shares ({PAPER}). Test rows per group are the same for all shares of a trial and no training or choice of "
    "epoch saw them. The gain is the largest over the shares, so its interval and p-value come from the largest "
    "studentised difference over all shares as it falls when trials are turned around at random; what test rows that "
    "trials share add to its variance is in its standard error. The largest loss is tested alike. Where the interval "
    "covers 0, no effect is shown. Features before the last layer, projected on one of its rows, give overlaps, ideal "
    "thresholds and their gap, and the three theorems about the one-dimensional perceptron are evaluated on Gaussians "
    "fitted to them."
)


class Mime(Audit[MimeParams]):
    """Whether a larger share of a minority in the train set helps or costs the majority."""

    name = "mime"
    title = "Minority inclusion and the majority's accuracy"
    method = METHOD
    Params = MimeParams
    metrics = METRICS
    own_names = True

    def trains(self, subject: Subject) -> bool:  # noqa: ARG002
        """Return that a model is trained on the features."""
        return True

    def check(self, subject: Subject, params: MimeParams) -> None:
        """Raise unless groups, classes, rows and the model allow every share that was asked for."""
        from auditkit_mime.run.audit import settle

        settle(subject, params)

    def needs(self, params: MimeParams) -> tuple[str, ...]:
        """Return the modules that train models of the kind that was asked for."""
        from auditkit_mime.train.kinds import modules_of

        return modules_of(params.model)

    def memory(self, vectors: Vectors, params: MimeParams) -> int:
        """Return what those of the trials take, where models read them: as float64, centred and scaled."""
        from auditkit_mime.design.sizes import most_rows

        if params.reads not in {"auto", "embeddings"}:
            return 0
        asked = (params.train_size, params.test_size, params.validation_size)
        rows = len(params.seeds or range(params.trials)) * most_rows(*asked)
        return 3 * 8 * min(rows, vectors.rows) * vectors.dimensions

    def power(self, subject: Subject, params: MimeParams, context: Context, *, gap: float) -> Table:
        """Return the smallest gain that can be shown, and the trials that a gain of `gap` takes."""
        from auditkit_mime.run.power import power

        return power(subject, params, gap=gap, confidence=context.stats.confidence)

    def run(self, subject: Subject, params: MimeParams, context: Context) -> tuple[Finding, ...]:
        """Return the curve, the gain, what it costs, the feature space and the theorems' predictions."""
        from auditkit_mime.run.audit import audit

        return audit(subject, params, context)

    def cost(self, subject: Subject, params: MimeParams, stats: Stats) -> Cost | None:  # noqa: ARG002
        """Return what the sweep is expected to take; None for models that have no price yet."""
        from auditkit_mime.run.cost import cost

        return cost(subject, params)


class MimeTheory(Audit[TheoryParams]):
    """The one-dimensional perceptron of Theorems 1 to 3, simulated beside the closed forms."""

    name = "mime.theory"
    title = "Theorems of minority inclusion, simulated"
    method = (
        "A threshold lies D above the ideal one. Rows are drawn from either group's two Gaussian classes; each moves "
        "the threshold as the perceptron does. The mean move by a minority row less that by a majority row is set "
        f"beside its closed form ({PAPER}, Theorems 1 to 3). No row of the data is read."
    )
    Params = TheoryParams
    metrics = THEOREMS
    own_names = True

    def run(self, subject: Subject, params: TheoryParams, context: Context) -> tuple[Finding, ...]:  # noqa: ARG002
        """Return each theorem's margin as simulated, with its interval, and the closed form in the details."""
        from auditkit_mime.run.theory import theory

        return theory(params, context)
