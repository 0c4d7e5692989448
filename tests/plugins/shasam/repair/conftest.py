"""One short repair of a small table, which several tests read."""

import pytest
from plugins.shasam.small import context, leaky_table, subject_of

from auditkit_shasam.params import ShasamParams
from auditkit_shasam.steps import Shasam

QUICK = ShasamParams(k=4, epochs=2, runs=2, ground_set=0.5, mining="shasam", refresh=1)
TABLE = leaky_table()


def repaired(table=TABLE, params=QUICK, **roles):
    step, subject, ledger = Shasam(), subject_of(table, **roles), context()
    step.check(subject, params)
    return step.apply(subject, params, ledger), ledger.ledger


@pytest.fixture(scope="session")
def plain():
    return repaired()


def value_of(findings, metric, stage, group=""):
    (found,) = [f for f in findings if (f.metric, f.stage, f.group) == (metric, stage, group)]
    return found
