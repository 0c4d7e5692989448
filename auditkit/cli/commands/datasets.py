"""`auditkit datasets`: the data sets that have a name."""

from __future__ import annotations

from auditkit.cli.listing import AsJson, show_rows


def datasets(as_json: AsJson = False) -> None:
    """List the data sets that can be named instead of a path."""
    from auditkit.plugins.host import load_plugins

    rows = [
        {
            "name": dataset.name,
            "target": dataset.target or "",
            "title": dataset.title,
            "licence": dataset.licence,
            "citation": dataset.citation,
        }
        for dataset in load_plugins().datasets.values()
    ]
    show_rows(rows, as_json=as_json)
