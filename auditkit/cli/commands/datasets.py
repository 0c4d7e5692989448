"""`auditkit datasets`: the data sets that have a name."""

from __future__ import annotations

from auditkit.cli.listing import AsJson, installed, show_rows


def datasets(as_json: AsJson = False) -> None:
    """List the data sets that can be named instead of a path."""
    rows = [
        {
            "name": dataset.name,
            "target": dataset.target or "",
            "title": dataset.title,
            "licence": dataset.licence,
            "citation": dataset.citation,
        }
        for dataset in installed().datasets.values()
    ]
    show_rows(rows, as_json=as_json)
