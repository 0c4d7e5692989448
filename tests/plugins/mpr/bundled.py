"""The bundled people of WordNet, ranked by plain NumPy in double precision."""

from pathlib import Path

import numpy as np
import pandas as pd

import auditkit_mpr

DATA = Path(auditkit_mpr.__file__).parent / "data"


def people():
    """Return the table and its cosines to scientist."""
    table = pd.read_parquet(DATA / "people.parquet")
    vectors = np.load(DATA / "people_embeddings.npy").astype(float)
    named = np.load(DATA / "people_queries.npz")
    query = named["embeddings"][list(named["queries"]).index("scientist")].astype(float)
    cosines = vectors @ query / np.linalg.norm(vectors, axis=1) / np.linalg.norm(query)
    return table, cosines
