"""A small search written to files: 200 items with ids, sex and race, their vectors, two queries, a reference."""

import numpy as np
import pandas as pd


def write_search(folder, *, n=200, d=8, seed=0):
    rng = np.random.default_rng(seed)
    sex = rng.choice(["f", "m"], n, p=[0.3, 0.7])
    race = rng.choice(["a", "b", "c"], n, p=[0.6, 0.3, 0.1])
    lean = (sex == "m").astype(float)[:, None] * np.eye(d)[0] + (race == "a").astype(float)[:, None] * np.eye(
        d
    )[1]
    vectors = rng.normal(size=(n, d)) + lean
    items = pd.DataFrame(
        {"id": [f"item{i}" for i in range(n)], "sex": sex, "race": race, "age": rng.uniform(18, 90, n)}
    )
    items.to_csv(folder / "items.csv", index=False)
    np.save(folder / "items.npy", vectors.astype(np.float32))
    queries = np.stack([np.eye(d)[0] + np.eye(d)[1], rng.normal(size=d)])
    np.save(folder / "queries.npy", queries)
    np.savez(folder / "queries.npz", names=np.array(["first", "second"]), vectors=queries)
    reference = pd.DataFrame(
        {
            "sex": rng.choice(["f", "m"], 300),
            "race": rng.choice(["a", "b", "c"], 300),
            "age": rng.uniform(18, 90, 300),
            "weight": rng.uniform(0.5, 2, 300),
        }
    )
    reference.to_csv(folder / "reference.csv", index=False)
    np.save(folder / "reference.npy", rng.normal(size=(300, d)).astype(np.float32))
    return items, vectors, queries, reference


SEARCH = ("--embeddings", "items.npy", "--queries", "queries.npz")
ATTRIBUTES = ("--attributes", "sex,race")
AUDIT = ("audit", "items.csv", "--with", "mpr", "--k", 20, *SEARCH, *ATTRIBUTES)
REPAIR = ("repair", "items.csv", "--with", "mopr", "--k", 20, *SEARCH, *ATTRIBUTES)


def similarities(vectors, queries):
    rows = vectors.astype(np.float32).astype(float)
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return (queries / np.linalg.norm(queries, axis=1, keepdims=True)) @ rows.T


def one_hot(table, columns=("sex", "race")):
    return np.column_stack(
        [(table[c] == v).astype(float) for c in columns for v in sorted(table[c].unique())]
    )
