"""A YAML document that remembers where each key stands, read by the safe loader and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from auditkit.data.paths import why_unreadable
from auditkit.errors import RecipeError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import yaml

Place = tuple[str | int, ...]

_CORE = "tag:yaml.org,2002:"
MAX_BYTES = 1_000_000
MAX_DEPTH = 50
"""Levels of lists and mappings: deeper ones run into Python's own limit somewhere below."""
MAX_REPEATED = 10_000
"""Values that aliases may add to those that are written: nested, they make a small file grow beyond any memory."""


@dataclass(frozen=True)
class Document:
    """Plain data, the line and column of every key and item in it, and the files that it was made from."""

    value: Any
    file: str = ""
    positions: Mapping[Place, tuple[int, int]] = field(default_factory=dict)
    read: tuple[str, ...] = ()

    def error(self, place: Place, message: str) -> RecipeError:
        """Return an error that points at a place, or at the nearest place above it that is in the file."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.positions:
                line, column = self.positions[place[:length]]
                return RecipeError(message, file=self.file, line=line, column=column)
        return RecipeError(message, file=self.file)

    def at(self, place: Place, value: Any) -> Document:
        """Return what stands at a place as a document of its own; errors in its `value` still point into the file."""
        depth = len(place)
        below = {key[depth:]: where for key, where in self.positions.items() if key[:depth] == place}
        if not below and self.positions:
            below = {(): self.positions.get(place[:-1], (0, 0))}
        return replace(self, value=value, positions=below)


def read_document(path: Path) -> Document:
    """Return a YAML file's data with its positions, or raise RecipeError with file, line and column."""
    if problem := why_unreadable(path):
        message = f"{path} {problem}"
        raise UsageError(message)
    try:
        if (size := path.stat().st_size) > MAX_BYTES:
            message = f"{path} has {size:,} bytes; a recipe has at most {MAX_BYTES:,}"
            raise UsageError(message)
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES)
    except OSError as error:
        message = f"{path} cannot be read: {(error.strerror or str(error)).lower()}"
        raise UsageError(message) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"not UTF-8: byte {error.start} cannot be decoded; save the file as UTF-8"
        raise RecipeError(message, file=str(path)) from error
    return replace(parse_document(text, file=str(path)), read=(str(path),))


def parse_document(text: str, *, file: str = "") -> Document:
    """Return the data of YAML text with its positions."""
    import yaml

    from auditkit.recipe.scalars import CoreLoader

    try:
        root = yaml.compose(text, Loader=CoreLoader)
        if root is None:
            message = "the file is empty"
            raise RecipeError(message, file=file)
        _refuse_bombs(root, file)
        positions: dict[Place, tuple[int, int]] = {}
        value = _construct(root, (), positions, file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise RecipeError(_plain(error), file=file, line=line, column=column) from error
    except (yaml.YAMLError, ValueError) as error:  # PyYAML lets a ValueError of chr and int pass
        message = f"not YAML: {' '.join(str(error).split())}"
        raise RecipeError(message, file=file) from error
    except RecursionError:
        message = f"nested more than {MAX_DEPTH} deep"
        raise RecipeError(message, file=file) from None
    return Document(value, file, positions)


def _plain(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem or error.context or "not YAML")
    if r"'\t'" in problem:
        return "tabs cannot indent YAML; use spaces"
    if "chomping" in problem:
        return (
            "YAML reads a value that begins with > as the start of a text; write it in quotes, such as '>50K'"
        )
    return f"not YAML: {problem}"


def _refuse_bombs(root: yaml.Node, file: str) -> None:
    """Raise if aliases form a cycle or add more than MAX_REPEATED values, or at more than MAX_DEPTH levels."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size(node: yaml.Node) -> int:
        """Return how many values a node stands for."""
        key = id(node)
        if key in open_nodes:
            raise _at(node, "an alias refers to itself", file)
        if len(open_nodes) > MAX_DEPTH:
            raise _at(node, f"nested more than {MAX_DEPTH} deep", file)
        if key not in sizes:
            open_nodes.add(key)
            sizes[key] = 1 + sum(size(child) for child in _children(node))
            open_nodes.discard(key)
            if sizes[key] > len(sizes) + MAX_REPEATED:  # so far, len(sizes) values are written
                raise _at(node, f"aliases add more than {MAX_REPEATED:,} values", file)
        return sizes[key]

    size(root)


def _children(node: yaml.Node) -> list[yaml.Node]:
    import yaml

    match node:
        case yaml.MappingNode():
            return [child for pair in node.value for child in pair]
        case yaml.SequenceNode():
            return list(node.value)
        case _:
            return []


def _construct(node: yaml.Node, place: Place, positions: dict[Place, tuple[int, int]], file: str) -> Any:
    """Return plain data; mappings have text keys, each once; only YAML's core scalars are understood."""
    import yaml

    positions.setdefault(place, (node.start_mark.line + 1, node.start_mark.column + 1))
    if not node.tag.startswith(_CORE):
        raise _at(node, f"tag '{node.tag}' is not allowed", file)
    match node:
        case yaml.MappingNode(tag="tag:yaml.org,2002:map"):
            result: dict[str, Any] = {}
            for key_node, value_node in node.value:
                if not isinstance(key_node, yaml.ScalarNode):
                    raise _at(key_node, "a key must be plain text", file)
                key = str(_scalar(yaml.ScalarNode(f"{_CORE}str", key_node.value, key_node.start_mark), file))
                if key in result:
                    raise _at(key_node, f"key '{key}' appears twice", file)
                positions[*place, key] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
                result[key] = _construct(value_node, (*place, key), positions, file)
            return result
        case yaml.SequenceNode(tag="tag:yaml.org,2002:seq"):
            return [_construct(item, (*place, i), positions, file) for i, item in enumerate(node.value)]
        case yaml.ScalarNode():
            return _scalar(node, file)
        case _:
            raise _at(node, f"tag '{node.tag}' is not allowed here", file)


def _scalar(node: yaml.ScalarNode, file: str) -> Any:
    """Return a scalar by YAML 1.2's core schema: `no`, `off` and dates stay text."""
    from auditkit.recipe.scalars import scalar

    try:
        return scalar(node.tag.removeprefix(_CORE), str(node.value))
    except ValueError as error:
        raise _at(node, str(error), file) from error


def _at(node: yaml.Node, message: str, file: str) -> RecipeError:
    return RecipeError(message, file=file, line=node.start_mark.line + 1, column=node.start_mark.column + 1)
