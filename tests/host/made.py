"""Sources of plugins that tests write to disk."""


def counting(name):
    """A plugin with nothing wrong: one audit of this name, which counts rows."""
    return f"""
from auditkit import Audit, hookimpl

class Count(Audit):
    name, title, method = "{name}", "Counts rows", "n"

    def run(self, subject, params, context):
        return ()

@hookimpl
def auditkit_audits():
    return [Count]
"""
