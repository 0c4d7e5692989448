"""Plans of steps that a test makes, on a small table of the test's."""

import pandas as pd

from auditkit.data.models import NO_CONSENT
from auditkit.plugins.host import Host, Plugin
from auditkit.recipe.document import Document
from auditkit.recipe.validation import validate
from auditkit.running.plan import make_plan
from auditkit.spec.recipe import Recipe

KINDS = {"finder": "finders", "audit": "audits", "repair": "repairs"}


def host_of(*steps):
    provides = {}
    for step in dict.fromkeys(steps):
        provides.setdefault(KINDS[step.kind], []).append(step)
    return Host(
        (
            Plugin(
                name="made", module="made", distribution="made", version="1.2", seconds=0.0, provides=provides
            ),
        )
    )


def table(n=40):
    return pd.DataFrame(
        {
            "x": [round(0.1 * i, 1) for i in range(n)],
            "sex": ["F" if i % 3 else "M" for i in range(n)],
            "y": [i % 2 for i in range(n)],
            "p": [int(i % 5 > 1) for i in range(n)],
        }
    )


def planned(folder, *steps, data=None, gates=(), groups=None, rows=None, consent=NO_CONSENT):
    """Return the plan of these steps in order, on a table with the groups of `sex`."""
    (table() if rows is None else rows).to_csv(folder / "t.csv", index=False)
    document = Document(
        {
            "name": "r",
            "data": {"path": "t.csv", "target": "y", **(data or {})},
            "groups": {"sex": {"column": "sex"}} if groups is None else groups,
            "steps": [{"id": f"{step.name}{i}", "use": step.name} for i, step in enumerate(steps)],
            "gates": list(gates),
        }
    )
    return make_plan(validate(Recipe, document), document, host_of(*steps), folder=folder, consent=consent)
