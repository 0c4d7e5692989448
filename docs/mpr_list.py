"""Draws docs/figures/mpr-list.svg, one list before and after its repair: `python docs/mpr_list.py`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from auditkit_mpr.people import PEOPLE

DOCS = Path(__file__).parent
K, SIDE, LEFT, TOP = 50, 15, 84, 40
COLOURS = {"female": "#c4532b", "male": "#3b6ea5", "unknown": "#b9b9b9"}
SEARCH = ("--query", "scientist", "--k", str(K), "--attributes", "gender")


def lists() -> tuple[dict[str, list[str]], dict[str, float]]:
    """Return the gender of every rank, before and after, and the shares of all items."""
    people = pd.read_parquet(PEOPLE.path).set_index("id")
    program = Path(sys.executable).with_name("auditkit")
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for name, rho in (("before", "10x"), ("after", "0.2x")):
            out = Path(folder) / f"{name}.csv"
            words = ["repair", "people", "--with", "mopr", *SEARCH, "--rho", rho, "-o", out]
            subprocess.run([program, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            found[name] = people.loc[pd.read_csv(out)["id"], "gender"].tolist()
    return found, people["gender"].value_counts(normalize=True).to_dict()


def drawn(found: dict[str, list[str]], shares: dict[str, float]) -> str:
    """Return the picture: a square for each rank, and a bar of all items."""
    width = LEFT + K * SIDE + 10
    parts = [f'<text x="{LEFT}" y="22">The 50 people most similar to "scientist", first rank left</text>']
    for row, (name, genders) in enumerate(found.items()):
        y = TOP + row * 52
        parts.append(f'<text x="4" y="{y + 13}">{name}</text>')
        parts += [
            f'<rect x="{LEFT + rank * SIDE}" y="{y}" width="{SIDE - 2}" height="{SIDE - 2}" fill="{COLOURS[gender]}"/>'
            for rank, gender in enumerate(genders)
        ]
        counted = ", ".join(f"{genders.count(g)} {g}" for g in COLOURS)
        parts.append(f'<text x="{LEFT}" y="{y + 31}" class="s">{counted}</text>')
    y, x, end = TOP + 104, float(LEFT), 0.0
    parts.append(f'<text x="4" y="{y + 13}">reference</text>')
    for gender, colour in COLOURS.items():
        length = shares[gender] * K * SIDE
        parts.append(
            f'<rect x="{x:.1f}" y="{y}" width="{length - 2:.1f}" height="{SIDE - 2}" fill="{colour}"/>'
        )
        told = max(x, end)
        label = f"{shares[gender]:.0%} {gender}"
        parts.append(f'<text x="{told:.1f}" y="{y + 31}" class="s">{label}</text>')
        end = told + 7.5 * len(label)  # no label runs into the one before it
        x += length
    style = "text{font:14px system-ui,sans-serif;fill:#444}.s{font-size:12px;fill:#666}"
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y + 44}" role="img">\n'
        f'<style>{style}</style>\n<rect width="100%" height="100%" fill="#fff"/>\n{body}\n</svg>\n'
    )


if __name__ == "__main__":
    (DOCS / "figures" / "mpr-list.svg").write_text(drawn(*lists()), encoding="utf-8")
