"""What `data.versus` turned out to be, and what reading it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from auditkit.data.subjects import load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from auditkit.plugins.host import Host
    from auditkit.spec.consent import Consent
    from auditkit.spec.data import DataSpec
    from auditkit.spec.groups import GroupSpec
    from auditkit.values.subject import Subject

Kind = Literal["column", "run", "column file", "table", "model"]


@dataclass(frozen=True)
class Source:
    """What `data.versus` turned out to be, and the file that holds it, where one file does."""

    kind: Kind
    name: str
    file: Path | None = None


@dataclass(frozen=True)
class Surroundings:
    """What reading takes: the plan's data, groups, folder, plugins, and what was agreed to."""

    data: DataSpec
    groups: Mapping[str, GroupSpec]
    host: Host
    folder: Path
    consent: Consent


def loaded(spec: DataSpec, around: Surroundings) -> Subject:
    """Return the subject that a spec describes, read as the plan's own is."""
    return load(
        spec,
        datasets=around.host.datasets,
        loaders=around.host.loaders,
        models=around.host.models,
        folder=around.folder,
        consent=around.consent,
    )
