"""Plugin `mpr`: how well result lists represent groups and their intersections, and lists that do it better."""

from auditkit import Dataset, hookimpl
from auditkit_mpr.people import PEOPLE
from auditkit_mpr.steps import Mopr, Mpr


@hookimpl
def auditkit_audits() -> tuple[type[Mpr], ...]:
    """Provide the audit `mpr`."""
    return (Mpr,)


@hookimpl
def auditkit_repairs() -> tuple[type[Mopr], ...]:
    """Provide the repair `mopr`."""
    return (Mopr,)


@hookimpl
def auditkit_datasets() -> tuple[Dataset, ...]:
    """Provide the data set `people`."""
    return (PEOPLE,)
