"""The home folder: its secrets, its one lock, and the file by which a running system is found."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from assistant.cli.errors import PlainError
from assistant.cli.settings import CliSettings

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


def prepare_home(settings: CliSettings) -> None:
    """Create the folders of the home where they are missing; what it holds is personal, hence 0700.

    Raises:
        PlainError: the home cannot be written to.
    """
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        for name in ("secrets", "logs", "run"):
            (settings.home / name).mkdir(exist_ok=True, mode=PRIVATE_FOLDER)
    except OSError as error:
        raise PlainError(
            f"写不进 {settings.home}，请换一个 KANGBAN_HOME 或者给它写权限"
            f" (cannot write to the home folder: {error.strerror})"
        ) from error


def service_secret(settings: CliSettings) -> str:
    """Return the service token, made on first use (0600)."""
    return _secret(settings, settings.service_secret_file)


def webhook_secret(settings: CliSettings) -> str:
    """Return the key that signs webhooks, made on first use (0600)."""
    return _secret(settings, settings.webhook_secret_file)


def _secret(settings: CliSettings, path: Path) -> str:
    with suppress(FileNotFoundError):
        token = path.read_text(encoding="utf-8").strip()
        if token:
            return token
    prepare_home(settings)
    token = secrets.token_urlsafe(32)
    # Written aside and moved into place: a crash leaves no empty token, two starts at once agree on one.
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    try:
        os.write(descriptor, token.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
    return path.read_text(encoding="utf-8").strip() or _replace_empty(path, token)


def _replace_empty(path: Path, token: str) -> str:
    path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    os.write(descriptor, token.encode())
    os.close(descriptor)
    return token


@contextmanager
def sole_owner(settings: CliSettings) -> Iterator[None]:
    """Hold the home's lock; the kernel lets go of it when the process ends, however it ends.

    Raises:
        PlainError: another system runs on this home.
    """
    descriptor = os.open(settings.home / "run" / "lock", os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            at = (read_run_file(settings) or {}).get("app_url")
            raise PlainError(
                f"康伴已经在这里运行了{f'（{at}）' if at else ''}，不用再启动；要重新启动，先到那边按 Ctrl-C"
                f" (Kangban is already running on {settings.home}; stop that one first)"
            ) from error
        yield
    finally:
        os.close(descriptor)


def write_run_file(settings: CliSettings, record: Mapping[str, Any]) -> None:
    """Say how this system is reached; replaced whole, so that a reader never sees half of it."""
    fresh = settings.run_file.with_suffix(".fresh")
    fresh.write_text(json.dumps(dict(record), ensure_ascii=False), encoding="utf-8")
    fresh.replace(settings.run_file)


def read_run_file(settings: CliSettings) -> dict[str, Any] | None:
    """Return what the run file says, or None where there is none that can be read."""
    try:
        record = json.loads(settings.run_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and isinstance(record.get("app_url"), str) else None


def remove_run_file(settings: CliSettings) -> None:
    """Remove the run file, if it is ours."""
    record = read_run_file(settings)
    if record is not None and record.get("pid") == os.getpid():
        settings.run_file.unlink(missing_ok=True)


def is_alive(pid: object) -> bool:
    """Return whether a process of that id runs."""
    if not isinstance(pid, int) or pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
