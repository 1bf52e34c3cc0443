"""`kangban models`: the speech models this machine knows, has, and can get."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.cli.errors import PlainError
from assistant.cli.lines import tell, write_json, write_line
from assistant.cli.settings import CliSettings
from speech.errors import ModelError
from speech.model_store.progress import Progress
from speech.model_store.store import Check, ModelStore

STATES = {"here": "在", "missing": "没有", "damaged": "坏了"}


def store_of(settings: CliSettings) -> ModelStore:
    """Return the store of this home."""
    return ModelStore(settings.models, shared=settings.shared_models)


def list_models(settings: CliSettings, *, as_json: bool) -> None:
    """Write a line for each known model; looks at names and sizes only, hashes nothing."""
    store = store_of(settings)
    for model in store.models:
        path = store.find(model.name)
        row: dict[str, Any] = {
            "name": model.name,
            "use": model.use,
            "engine": model.engine,
            "language": model.language,
            "about": model.about,
            "licence": model.licence,
            "size": model.size,
            "sources": [source.title for source in model.sources],
            "files": [{"path": file.path, "sha256": file.sha256} for file in model.files],
            "pinned": model.pinned,
            "here": path is not None,
            "path": None if path is None else str(path),
        }
        if as_json:
            write_json(row)
            continue
        size = f"{model.size / 1e6:.0f} MB" if model.size else "?"
        write_line(f"[{STATES['here' if path else 'missing']}] {model.name}  {size}  {model.licence}")
        write_line(f"      {model.about}")
        write_line(f"      来源 from: {'；'.join(row['sources'])}")
        write_line(f"      {path if path else f'kangban models fetch {model.name}'}")
        if not model.pinned:
            write_line(
                "      SHA-256: 第一次取来时记下 (written down at the first fetch: its maker publishes none)"
            )
            continue
        for file in model.files:
            write_line(f"      {file.sha256}  {file.path}")


def fetch_models(settings: CliSettings, *, names: list[str], given: Path | None, as_json: bool) -> bool:
    """Get each model; return whether all that were asked for are here.

    Raises:
        PlainError: no model is called so.
    """
    store = store_of(settings)
    if given is not None and not given.exists():
        raise PlainError(f"没有 {given} (there is no such file or folder)")
    whole = True
    for name in names or [model.name for model in store.models if model.use != "test"]:
        _known(store, name)
        row: dict[str, Any] = {"name": name, "ok": True, "path": None, "error": None}
        try:
            with _bar(name) as progress:
                row["path"] = str(store.fetch(name, given=given, progress=progress))
        except ModelError as error:
            whole = False
            row.update(ok=False, error=error.message)
            tell(f"kangban: {name} 取不到：{error.message}")
        if as_json:
            write_json(row)
        elif row["ok"]:
            write_line(f"[{STATES['here']}] {name}: {row['path']}")
    return whole


def verify_models(settings: CliSettings, *, names: list[str], as_json: bool) -> bool:
    """Hash each model; return whether none is damaged, and none of those asked for is missing."""
    store = store_of(settings)
    sound = True
    for name in names or [model.name for model in store.models]:
        _known(store, name)
        check = store.verify(name)
        sound = sound and (check.state == "here" or (check.state == "missing" and not names))
        _show(check, as_json=as_json)
    return sound


def _known(store: ModelStore, name: str) -> None:
    try:
        store.known(name)
    except ModelError as error:
        raise PlainError(f"没有叫 {name} 的模型：{error.message}", status=2) from error


def _show(check: Check, *, as_json: bool) -> None:
    path = None if check.path is None else str(check.path)
    if as_json:
        write_json(
            {"name": check.model.name, "state": check.state, "path": path, "problems": list(check.problems)}
        )
        return
    write_line(f"[{STATES[check.state]}] {check.model.name}{f': {path}' if path else ''}")
    for problem in check.problems:
        write_line(f"      {problem}")
    if check.state == "damaged":
        write_line(f"      → kangban models fetch {check.model.name}")


@contextmanager
def _bar(name: str) -> Iterator[Progress]:
    if not sys.stderr.isatty():
        yield _Plain(name)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Drawn(name, bars)


class _Plain:
    """A line for each step, where nobody can see a bar move."""

    def __init__(self, name: str) -> None:
        self._name = name

    def step(self, text: str) -> None:
        tell(f"{self._name}: {text} …")

    def bytes_done(self, done: int, total: int | None) -> None:
        pass


class _Drawn:
    """A bar for each step."""

    def __init__(self, name: str, bars: Any) -> None:
        self._name, self._bars = name, bars
        self._task: Any = None

    def step(self, text: str) -> None:
        if self._task is not None:
            self._bars.remove_task(self._task)
        self._task = self._bars.add_task(f"{self._name}: {text[:48]}", total=None)

    def bytes_done(self, done: int, total: int | None) -> None:
        if self._task is not None:
            self._bars.update(self._task, completed=done, total=total)
