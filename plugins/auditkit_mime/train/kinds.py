"""The kinds of models that a sweep can train: a registry, and the choice of one by the name of the model.

To add a kind, write its training in a file of its own, which is imported when it is used, and its line in KINDS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from auditkit import UsageError, device_for, devices_here, nearest
from auditkit_mime.design.inputs import READS, needed
from auditkit_mime.torch_needed import need_torch
from auditkit_mime.train.epochs import Optimiser, Training
from auditkit_mime.train.outcome import one_by_one

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from auditkit import Context, Subject
    from auditkit_mime.design.inputs import Examples, Reads
    from auditkit_mime.design.trials import ModelRows
    from auditkit_mime.params import MimeParams
    from auditkit_mime.train.outcome import Outcome

HIDDEN = (50, 50, 50)
"""Hidden units of the perceptron, the paper's for Adult."""


@dataclass(frozen=True, eq=False)
class Job:
    """What one kind trains: its examples, the rows of every model, and where it may keep unfinished work."""

    model: str
    examples: Examples
    rows: ModelRows
    training: Training
    place: Path


@dataclass(frozen=True)
class Kind:
    """Models that are trained in one way: what a user calls them, what they can read, how they learn.

    `serves` tells a model's name, `check` raises UsageError or PluginError if such a model cannot be made, `train`
    returns what all models of a job say about their test rows. `modules` do it in other processes; none where models
    are trained together.
    """

    called: str
    reads: tuple[Reads, ...]
    learns: Literal["by epochs", "at once"]
    serves: Callable[[str], bool]
    check: Callable[[str], object]
    train: Callable[[Job, Context], Outcome]
    modules: tuple[str, ...] = ()

    @property
    def by_epochs(self) -> bool:
        """Whether models learn in batches, epoch after epoch, so that there is an epoch to choose."""
        return self.learns == "by epochs"


def _train_perceptrons(job: Job, context: Context) -> Outcome:
    from auditkit_mime.train.stack_training import train_stack
    from auditkit_mime.train.stacked import Shape

    shape = Shape((job.examples.inputs.shape[1], *HIDDEN, job.examples.n_classes))
    file = job.place.with_suffix(".pt")
    return train_stack(job.examples, job.rows, context, shape=shape, training=job.training, file=file)


def _train_logistic(job: Job, context: Context) -> Outcome:
    from auditkit_mime.train.logistic import fit_logistic

    return fit_logistic(job.examples, job.rows, context)


def _check_module(model: str) -> None:
    need_torch(model)
    from auditkit_mime.train.modules import factory_of

    factory_of(model)


def _train_modules(job: Job, context: Context) -> Outcome:
    from auditkit_mime.train.modules import build, input_shape, train_module

    # The errors of a factory come before an hour of training.
    shape, classes = input_shape(job.examples.inputs), job.examples.n_classes
    build(job.model, shape, classes, weights=job.training.weights)

    def train(one: ModelRows) -> Outcome:
        return train_module(job.model, job.examples, one, training=job.training)

    return one_by_one(train, job.rows, context, folder=job.place)


def _is_classifier(model: str) -> bool:
    from auditkit_mime.train.estimators import classifier

    return classifier(model) is not None


def _check_estimator(model: str) -> None:
    from auditkit_mime.train.estimators import estimator_of

    estimator_of(model, 0)


def _train_estimators(job: Job, context: Context) -> Outcome:
    from auditkit_mime.train.estimators import fit_estimator

    def fit(one: ModelRows) -> Outcome:
        return fit_estimator(job.model, job.examples, one)

    return one_by_one(fit, job.rows, context, folder=job.place)


TABLES: tuple[Reads, ...] = ("table", "embeddings")
MODULES = ("auditkit_mime.train.modules",)
KINDS = (
    Kind("mlp", TABLES, "by epochs", lambda name: name == "mlp", need_torch, _train_perceptrons),
    Kind(
        "logistic",
        TABLES,
        "at once",
        lambda name: name == "logistic",
        lambda _: None,
        _train_logistic,
        ("auditkit_mime.train.logistic",),
    ),
    Kind(
        "resnet34",
        ("images",),
        "by epochs",
        lambda name: name == "resnet34",
        _check_module,
        _train_modules,
        MODULES,
    ),
    Kind(
        "module:factory",
        tuple(READS),
        "by epochs",
        lambda name: ":" in name,
        _check_module,
        _train_modules,
        MODULES,
    ),
    Kind(
        "a scikit-learn classifier",
        TABLES,
        "at once",
        _is_classifier,
        _check_estimator,
        _train_estimators,
        ("auditkit_mime.train.estimators", "sklearn.linear_model"),
    ),
)
"""Asked in this order; the last one knows its names only after it has imported much of scikit-learn."""


@dataclass(frozen=True)
class Model:
    """The model that a sweep trains: its name and kind, what it reads, images of how many pixels, how it learns."""

    name: str
    kind: Kind
    reads: Reads
    image_size: int
    training: Training


def modules_of(model: str) -> tuple[str, ...]:
    """Return the modules by which other processes train a model of this name, whether or not there is one."""
    *named, other = KINDS
    return next((kind.modules for kind in named if kind.serves(model)), other.modules)


def kind_of(model: str) -> Kind:
    """Return the kind that trains models of this name; raise UsageError if there is none."""
    found = next((kind for kind in KINDS if kind.serves(model)), None)
    if found is None:
        from auditkit_mime.train.estimators import classifiers

        *names, last = (kind.called for kind in KINDS)
        known = nearest(model, [*classifiers(), *names])
        message = f"there is no model '{model}'{known} ({', '.join(names)}, or {last})"
        raise UsageError(message)
    return found


def model_of(subject: Subject, params: MimeParams) -> Model:
    """Return the model that the parameters ask for; raise UsageError if it cannot serve this subject."""
    kind = kind_of(params.model)
    kind.check(params.model)
    reads = _reads(subject, params.reads, kind=kind, model=params.model)
    if params.hard_mining and not kind.by_epochs:
        *names, last = (kind.called for kind in KINDS if kind.by_epochs)
        learners = f"{', '.join(names)} and {last}"
        message = f"--hard-mining is for {learners}, which learn in batches, not {params.model}"
        raise UsageError(message)
    if params.selection == "best-test" and not kind.by_epochs:
        message = f"--selection best-test chooses an epoch, and {params.model} has none"
        raise UsageError(message)
    if params.model_weights is not None and ":" not in params.model:
        message = f"--model-weights are for a model named module:factory, not for {params.model}"
        raise UsageError(message)
    kept = params.hard_kept if params.hard_mining else None
    training = Training(
        optimiser=Optimiser(params.learning_rate, params.weight_decay, kept),
        batch_size=params.batch_size,
        epochs=params.epochs,
        selection=params.selection,
        device=_device(params, kind),
        weights=params.model_weights,
    )
    return Model(params.model, kind, reads, params.image_size, training)


def _device(params: MimeParams, kind: Kind) -> str:
    """Return where models are trained; raise UsageError for a device that is not here or that they cannot use."""
    if kind.by_epochs:
        return device_for(params.device, devices_here())
    if params.device not in {"auto", "cpu"}:
        message = f"--device {params.device} is for networks of torch; {params.model} is trained on the cpu"
        raise UsageError(message)
    return "cpu"


def _reads(subject: Subject, asked: Reads | Literal["auto"], *, kind: Kind, model: str) -> Reads:
    """Return what the model reads; raise UsageError if it cannot, or if the data does not have it."""
    reads = _offered(subject, kind) if asked == "auto" else asked
    needed(subject, reads, model=model)
    if reads not in kind.reads:
        able = " or ".join(READS[one] for one in kind.reads)
        unable = " or ".join(words for one, words in READS.items() if one not in kind.reads)
        others = " or ".join(other.called for other in KINDS if reads in other.reads)
        message = f"{model} reads {able}, not {unable}; {READS[reads]} can be read by {others}"
        raise UsageError(message)
    return reads


def _offered(subject: Subject, kind: Kind) -> Reads:
    """Return what is read where the user does not say: images for a model of images, else what the data has."""
    if kind.reads == ("images",) or (subject.images is not None and subject.embeddings is None):
        return "images"
    return "table" if subject.embeddings is None else "embeddings"
