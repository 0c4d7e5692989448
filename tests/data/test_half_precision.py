import warnings

import numpy as np
import pandas as pd

from auditkit.data.meaning.features import _whole


def test_a_column_of_half_precision_is_looked_at_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert _whole(pd.Series(np.arange(100.0, dtype=np.float16)))
        assert not _whole(pd.Series(np.array([0.5, np.nan, np.inf], dtype=np.float16)))
