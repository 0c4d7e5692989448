"""Who is the minority, and which columns say so."""

import pandas as pd

from auditkit.groups.cut import group_by
from auditkit.spec.groups import GroupSpec
from auditkit.values.subject import Subject
from auditkit_mime.design.sides import attribute


def test_a_column_whose_name_stands_in_a_label_is_no_part_of_the_attribute():
    table = pd.DataFrame({"language": ["`age`", "c"] * 4, "age": range(8)})
    subject = group_by(Subject(table=table, source="t"), {"tongue": GroupSpec(column="language")})
    assert attribute(subject, "tongue").columns == {"language"}
    assert attribute(subject, "language").columns == {"language"}
