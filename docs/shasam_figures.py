"""Draws the pictures of docs/shasam.md and docs/shasam-experiment.md, with a Chromium on the path.

`python docs/shasam_figures.py` draws them all.
"""

from __future__ import annotations

import html
import re
import subprocess
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from PIL import Image

from auditkit import Chart, Layer
from auditkit.render.page.plots import draw
from auditkit_shasam.shapes import draw as draw_shapes
from auditkit_shasam.two_clusters import panels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditkit import Colour

FOLDER = Path(__file__).parent / "figures"
ACROSS, TITLE = 4, 24
EXPERIMENT = Path(__file__).parents[1] / "benchmarks" / "shasam_experiment.csv"
ARMS: dict[str, Colour] = {"random": "ink", "fl": "accent", "semihard:8": "alarm"}


def curves(path: Path) -> Iterator[Chart]:
    """Yield the gap of the probe by epoch and by seconds of each data set of the experiment (figures 5 and 6).

    A line is the mean over an arm's seeds, as long as every one of them was still training.
    """
    table = pd.read_csv(path)
    table = table[(table["balance"] == "rows") & table["arm"].isin(ARMS)]
    for data in ("planted", "shapes"):
        found: dict[str, tuple[Layer, Layer]] = {}
        for arm, colour in ARMS.items():
            runs = table.loc[(table["data"] == data) & (table["arm"] == arm), "curve"]
            gap, seconds = mean_curve(list(runs))
            epochs = tuple(float(epoch + 1) for epoch in range(len(gap)))
            found[arm] = (
                Layer(kind="line", name=arm, x=epochs, y=gap, colour=colour),
                Layer(kind="line", name=arm, x=seconds, y=gap, colour=colour),
            )
        for number, x_title in enumerate(("epochs", "seconds")):
            yield Chart(
                title=f"{data}, by {x_title}",
                layers=tuple(layers[number] for layers in found.values()),
                x_title=x_title,
                y_title="equalized odds (mean)",
            )


def mean_curve(runs: list[str]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the mean gap and the mean seconds spent after each epoch that all runs have.

    A run is `accuracy/gap/seconds` of each epoch, parted by semicolons.
    """
    each = [np.array([epoch.split("/") for epoch in run.split(";")], dtype=float) for run in runs]
    shared = np.array([run[: min(map(len, each))] for run in each])
    gap, seconds = shared[:, :, 1].mean(axis=0), shared[:, :, 2].cumsum(axis=1).mean(axis=0)
    return tuple(gap.tolist()), tuple(seconds.tolist())


def style() -> str:
    """Return the page's style of charts in its light colours, for a picture that stands alone."""
    whole = files("auditkit.render.page").joinpath("style.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--(\w+): (#\w+)", whole.split("@media")[0]))
    rules = re.findall(r"^(?::where\(.plot|\.plot|\.accent|\.third).*$", whole, re.MULTILINE)
    text = re.sub(r"var\(--(\w+)\)", lambda found: colours.get(found[1], found[0]), "\n".join(rules))
    return f"text {{ font-family: sans-serif; }}\n{text}"


def sheet(charts: list[Chart]) -> tuple[str, str]:
    """Return charts side by side as one picture, and its size in pixels as `width height`."""
    drawn = [draw(chart, label=chart.title, narrow=True).svg for chart in charts]
    width, height = (int(re.search(rf'{side}="(\d+)"', drawn[0])[1]) for side in ("width", "height"))  # type: ignore[index]
    parts = []
    for i, (chart, svg) in enumerate(zip(charts, drawn, strict=True)):
        x, y = i % ACROSS * width, i // ACROSS * (height + TITLE)
        parts.append(f'<text x="{x + 2}" y="{y + 15}" font-size="13">{html.escape(chart.title)}</text>')
        parts.append(svg.replace("<svg", f'<svg x="{x}" y="{y + TITLE}"', 1))
    size = f"{ACROSS * width} {-(-len(charts) // ACROSS) * (height + TITLE)}"
    head = '<svg xmlns="http://www.w3.org/2000/svg" class="plot" width="{}" height="{}">'.format(
        *size.split()
    )
    return f"{head}<style>{style()}</style>{''.join(parts)}</svg>\n", size


def save_png(svg: str, size: str, path: Path) -> None:
    """Write a picture as Chromium draws it."""
    with TemporaryDirectory() as folder:
        source, shot = Path(folder, "sheet.svg"), Path(folder, "sheet.png")
        source.write_text(svg, encoding="utf-8")
        window = f"--window-size={size.replace(' ', ',')}"
        words = ["--headless", "--no-sandbox", "--hide-scrollbars", window, f"--screenshot={shot}"]
        subprocess.run(["chromium", *words, source.as_uri()], check=True, capture_output=True)
        with Image.open(shot) as picture:  # flat colours: a fifth of the bytes
            picture.convert("RGB").quantize(64).save(path, optimize=True)


def main() -> None:
    """Write the two-cluster panels, the experiment's curves and some drawings."""
    FOLDER.mkdir(exist_ok=True)
    save_png(*sheet(list(panels())[:8]), FOLDER / "shasam-two-clusters.png")
    save_png(*sheet(list(curves(EXPERIMENT))), FOLDER / "shasam-experiment.png")
    pixels = draw_shapes(50, seed=3).pixels[:20]
    drawings = np.concatenate([np.concatenate(list(pixels[i : i + 10]), axis=1) for i in (0, 10)])
    Image.fromarray(drawings).save(FOLDER / "shasam-drawings.png", optimize=True)


if __name__ == "__main__":
    main()
