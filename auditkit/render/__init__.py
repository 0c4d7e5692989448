"""Renderers: each module has one pure function `render(report) -> str`."""
