"""Plugin `shasam`: retraining that keeps the target and forgets the sensitive attribute.

For one's own loop: `auditkit_shasam.mining` and `auditkit_shasam.training.MinedBatchSampler` choose rows,
`auditkit_shasam.learning` has the losses, `auditkit_shasam.classifier.ShasamClassifier` is a scikit-learn estimator,
and `auditkit_shasam.saved.load_model` reads what `--save-model` wrote.
"""

from auditkit import hookimpl
from auditkit_shasam.declare import Shasam


@hookimpl
def auditkit_repairs() -> tuple[type[Shasam], ...]:
    """Provide the repair `shasam`."""
    return (Shasam,)
