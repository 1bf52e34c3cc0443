"""A PostgreSQL cluster of the tests: in a temporary folder, reached by a socket there, gone at the end."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg

START_SECONDS = 60.0


class Cluster:
    """A running PostgreSQL; ``template`` is filled once and copied for each test."""

    def __init__(self, sockets: Path) -> None:
        self._sockets = sockets
        self._numbers = count(1)

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://postgres@/{name}?host={self._sockets}"

    def create(self, template: str | None = None) -> str:
        """Create a database, as a copy of ``template`` if given, and return its name."""
        name = f"test_{next(self._numbers)}"
        copy = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
        self.execute(f'CREATE DATABASE "{name}"{copy}')
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        """Execute a statement outside any transaction."""
        with psycopg.connect(
            f"host={self._sockets} user=postgres dbname=postgres", autocommit=True
        ) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


def binaries() -> Path | None:
    """Return the folder of PostgreSQL's programs, the newest version first, or None."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True
    )
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for folder in [*folders, *versions]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


@contextlib.contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Run a cluster for the duration of the block."""
    folder = binaries()
    if folder is None:
        raise RuntimeError("PostgreSQL is not installed here; `make test` installs it.")
    account = _account()
    owner: dict[str, object] = {}
    home = Path(tempfile.mkdtemp(prefix="kangban-pg-"))
    if account is not None:
        os.chown(home, account.pw_uid, account.pw_gid)
        owner = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    data = home / "data"
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(home)}
    try:
        made = subprocess.run(
            [folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
            cwd=home, env=environment, capture_output=True, text=True, check=False, **owner,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr}")
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(
                [
                    folder / "postgres", "-D", data, "-k", home,
                    "-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off",
                    "-c", "full_page_writes=off", "-c", "max_connections=200", "-c", "shared_buffers=32MB",
                ],
                cwd=home, env=environment, stdout=log, stderr=log, preexec_fn=_die_with_parent, **owner,
            )  # fmt: skip
        try:
            cluster = Cluster(home)
            _wait(cluster, server, home / "log")
            yield cluster
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    """Return the account that PostgreSQL, which refuses to run as root, is run as; None for our own."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("PostgreSQL does not run as root, and there is no account `postgres` or `nobody`.")


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG: stops even where pytest is killed


def _wait(cluster: Cluster, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            cluster.execute("SELECT 1")
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}") from None
            time.sleep(0.05)
