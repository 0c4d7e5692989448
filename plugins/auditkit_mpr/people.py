"""The bundled data set `people`: persons of WordNet, their embeddings, and queries for six occupations."""

from __future__ import annotations

from pathlib import Path

from auditkit import Dataset

_FOLDER = Path(__file__).parent / "data"

PEOPLE = Dataset(
    name="people",
    title="People of WordNet: 3,815 persons with occupation, nationality, era and gender, to be searched",
    path=str(_FOLDER / "people.parquet"),
    licence="WordNet 3.0 licence (permissive)",
    citation="Princeton University (2010). About WordNet. https://wordnet.princeton.edu",
    caveat=(
        "People of WordNet: gender is a guess from the first name ('unknown' for 1,221 of 3,815), nationality and era "
        "are read from the gloss by rules. The data show how a search behaves and say nothing about a person; "
        "dated_person == 1 leaves out gods and fictional figures."
    ),
    sensitive=("gender", "nationality", "era"),
    ignore=("id", "name"),
    embeddings=str(_FOLDER / "people_embeddings.npy"),
    files={"queries": str(_FOLDER / "people_queries.npz")},
    groups={"gender": {"column": "gender"}, "era": {"column": "era"}},
)
