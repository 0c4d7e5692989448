"""Draws the pictures of docs/shasam.md: `python docs/shasam_figures.py`."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import vl_convert
from PIL import Image

from auditkit.render.page.plots import draw
from auditkit_shasam.shapes import draw as draw_shapes
from auditkit_shasam.two_clusters import panels

if TYPE_CHECKING:
    from auditkit import Chart

FOLDER = Path(__file__).parent / "figures"


def titled(chart: Chart) -> dict[str, Any]:
    """Return a chart's spec with its title over it; what all charts share stands outside."""
    spec = {
        key: value
        for key, value in draw(chart, narrow=True).spec.items()
        if key in {"width", "height", "layer"}
    }
    return {"title": {"text": chart.title, "fontSize": 12}, **spec}


def main() -> None:
    """Write the two-cluster panels and some drawings."""
    FOLDER.mkdir(exist_ok=True)
    charts = list(panels())
    whole = draw(charts[0]).spec
    rows = [{"hconcat": [titled(chart) for chart in charts[i : i + 4]]} for i in (0, 4)]
    outside = {key: whole[key] for key in whole if key not in {"width", "height", "layer"}}
    png = vl_convert.vegalite_to_png(
        json.dumps({**outside, "vconcat": rows, "background": "white"}), scale=1.0
    )
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(64)  # flat colours: a fifth of the bytes
    picture.save(FOLDER / "shasam-two-clusters.png", optimize=True)
    pixels = draw_shapes(50, seed=3).pixels[:20]
    sheet = np.concatenate([np.concatenate(list(pixels[i : i + 10]), axis=1) for i in (0, 10)])
    Image.fromarray(sheet).save(FOLDER / "shasam-drawings.png", optimize=True)


if __name__ == "__main__":
    main()
