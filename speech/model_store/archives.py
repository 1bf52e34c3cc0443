"""Takes members out of wheels, npm archives and zips: plain files, inside the folder, of bounded size."""

from __future__ import annotations

import hashlib
import stat
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from speech.errors import ModelDamaged

CHUNK = 1 << 20
MOST_MEMBERS = 5_000
"""More members than this are no speech model, but somebody's bomb."""


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def inside(name: str) -> PurePosixPath:
    """Return ``name`` as a path that stays in the folder it is unpacked to.

    Raises:
        ModelDamaged: it would lead out of it.
    """
    path = PurePosixPath(name)
    if not name or path.is_absolute() or "\\" in name or ":" in name or ".." in path.parts:
        raise ModelDamaged(
            f"The archive holds a file that would land elsewhere: {name!r}; nothing was unpacked."
        )
    return path


def join_members(archives: Iterable[Path], members: Iterable[str], into: Path, *, size: int) -> None:
    """Write ``members`` of ``archives`` one after the other into one file of exactly ``size`` bytes.

    Raises:
        ModelDamaged: a member is missing or no plain file, or the bytes are more or fewer.
    """
    into.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with ExitStack() as stack, into.open("wb") as target:
        opened = [stack.enter_context(_opened(archive)) for archive in archives]
        for member in members:
            inside(member)
            for stream in _member(opened, member):
                written += _copy(stream, target, most=size - written, what=member)
    if written != size:
        raise ModelDamaged(f"{into.name} has {written} bytes where {size} are right; fetch it again.")


def unpack_folder(archive: Path, folder: str, into: Path, *, at_most: int) -> None:
    """Unpack what lies below ``folder`` of an archive into ``into``.

    Raises:
        ModelDamaged: it is no archive, leads out of the folder, holds links, or is too large.
    """
    written = found = 0
    with _opened(archive) as opened:
        for count, (name, plain) in enumerate(_names(opened)):
            if count > MOST_MEMBERS:
                raise ModelDamaged(f"{archive.name} holds too many files to be a speech model.")
            path = inside(name)
            if not plain:
                raise ModelDamaged(
                    f"{archive.name} holds a link or device ({name}); nothing is taken from it."
                )
            if path.parts[0] != folder or len(path.parts) < 2:
                continue
            found += 1
            target = into.joinpath(*path.parts[1:])
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as out:
                for stream in _member([opened], name):
                    written += _copy(stream, out, most=at_most - written, what=name)
    if not found:
        raise ModelDamaged(f"{archive.name} holds no folder {folder}: it is another archive.")


Archive = zipfile.ZipFile | tarfile.TarFile


@contextmanager
def _opened(archive: Path) -> Iterator[Archive]:
    try:
        opened: Archive = (
            zipfile.ZipFile(archive) if zipfile.is_zipfile(archive) else tarfile.open(archive, "r:gz")  # noqa: SIM115 - closed below
        )
    except (OSError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise ModelDamaged(f"{archive.name} is no archive that can be read ({error}).") from error
    with opened:
        try:
            yield opened
        except (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, RuntimeError) as error:
            raise ModelDamaged(f"{archive.name} is damaged ({error}); fetch it again.") from error


def _names(opened: Archive) -> Iterator[tuple[str, bool]]:
    """Yield the name of each member that is no folder, and whether it is a plain file."""
    if isinstance(opened, zipfile.ZipFile):
        for entry in opened.infolist():
            if not entry.is_dir():
                kind = stat.S_IFMT(entry.external_attr >> 16)
                yield entry.filename, kind in (0, stat.S_IFREG)
        return
    for member in opened:
        if not member.isdir():
            yield member.name, member.isreg()


def _member(opened: Iterable[Archive], name: str) -> Iterator[IO[bytes]]:
    for archive in opened:
        if isinstance(archive, zipfile.ZipFile):
            if name in archive.NameToInfo:
                with archive.open(name) as stream:
                    yield stream
                return
            continue
        try:
            info = archive.getmember(name)
        except KeyError:
            continue
        if info.isreg() and (extracted := archive.extractfile(info)) is not None:
            with extracted:
                yield extracted
            return
    raise ModelDamaged(f"The archive does not hold {name}; it is another version than the known one.")


def _copy(source: IO[bytes], target: IO[bytes], *, most: int, what: str) -> int:
    written = 0
    while chunk := source.read(CHUNK):
        written += len(chunk)
        if written > most:
            raise ModelDamaged(f"{what} is larger than it may be; nothing was kept.")
        target.write(chunk)
    return written
