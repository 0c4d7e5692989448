"""From a file, a data set's name or a loader's scheme to a checked Subject. Importing it loads no pandas."""

from auditkit.loading.formats import read_table
from auditkit.loading.groupings import group_by, parse_groups
from auditkit.loading.sources import inputs_of
from auditkit.loading.subjects import load

__all__ = ["group_by", "inputs_of", "load", "parse_groups", "read_table"]
