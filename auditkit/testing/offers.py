"""The contract of what a plugin brings besides steps: readers, writers, data sets, recipes."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from auditkit.data.subjects import load
from auditkit.errors import AuditkitError, PluginError
from auditkit.plugins.calls import named
from auditkit.plugins.offers import handed_over
from auditkit.recipe.document import read_document
from auditkit.spec.data import DataSpec
from auditkit.testing.tiny import tiny_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from auditkit.values.offers import Dataset, Loader, ModelReader, Renderer

_WHO = "this plugin"
_ABSENT = "auditkit-check-absent"
_JUNK = b"\x00\xffno such format\n"


def check_loader(loader: Loader) -> None:
    """Raise AssertionError unless the loader reads a table, or says in one AuditkitError why it cannot.

    It is asked for a place that does not exist and, by its endings, for an empty file and for one of junk.
    """
    with _asserted(), TemporaryDirectory(prefix="auditkit-") as folder:
        (one,) = named({"loaders": handed_over("loaders", [loader])}, _WHO)["loaders"]
        places = [str(Path(folder) / _ABSENT)] if loader.local else [_ABSENT] if loader.scheme else []
        for ending in loader.extensions:
            places += [str(Path(folder) / f"{word}{ending}") for word in (_ABSENT, "empty", "junk")]
            Path(folder, f"empty{ending}").touch()
            Path(folder, f"junk{ending}").write_bytes(_JUNK)
        for place in places:
            _tried(partial(one.read, place))


def check_model(reader: ModelReader) -> None:
    """Raise AssertionError unless the reader says of any path whether it reads it and what code that names."""
    with _asserted(), TemporaryDirectory(prefix="auditkit-") as folder:
        (one,) = named({"models": handed_over("models", [reader])}, _WHO)["models"]
        junk = Path(folder) / f"{_ABSENT}.unknown"
        one.accepts(junk)
        one.accepts(Path(folder))
        junk.write_bytes(_JUNK)
        assert not one.accepts(junk), f"model reader '{reader.name}' accepts any file"  # noqa: S101  a test kit
        _tried(partial(one.code, junk))


def check_renderer(renderer: Renderer) -> None:
    """Raise AssertionError unless the renderer turns a report with something of everything into text."""
    with _asserted():
        (one,) = named({"renderers": handed_over("renderers", [renderer])}, _WHO)["renderers"]
        assert one.render(tiny_report()), f"renderer '{renderer.name}' writes nothing"  # noqa: S101


def check_dataset(dataset: Dataset, *, loaders: Iterable[Loader] = ()) -> None:
    """Raise AssertionError unless the data set can be read, with every column that it gives a role."""
    with _asserted(AuditkitError):
        handed_over("datasets", [dataset])
        load(
            DataSpec(path=dataset.name),
            datasets={dataset.name: dataset},
            loaders=tuple(loaders),
            folder=Path(),
        )


def check_recipe(path: Path) -> None:
    """Raise AssertionError unless the file is a YAML mapping, as a recipe is."""
    with _asserted(AuditkitError):
        handed_over("recipes", [path])
        value = read_document(path).value
        assert isinstance(value, dict), f"recipe {path.name} is no mapping"  # noqa: S101


@contextmanager
def _asserted(kind: type[AuditkitError] = PluginError) -> Iterator[None]:
    """Turn an error of this kind into AssertionError."""
    try:
        yield
    except kind as error:
        raise AssertionError(str(error)) from error


def _tried(call: Callable[[], object]) -> None:
    """Make a call that may say in an AuditkitError that there is nothing to read."""
    try:
        call()
    except PluginError as error:
        if str(error).startswith(_WHO):
            raise
    except AuditkitError:
        return
