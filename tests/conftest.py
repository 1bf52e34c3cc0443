"""What all tests share: their files lie in memory where there is room, since a commit waits for the disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 << 30
"""How much must be free there; a container's usual 64 MB are too little for the homes of whole systems."""


def pytest_configure(config: pytest.Config) -> None:
    """Put temporary files into memory, unless somebody has said where they go.

    What is tested does not change: a database still asks for every commit to be on disk; the disk is fast.
    """
    if config.getoption("basetemp") or os.environ.get("TMPDIR") or not os.access(MEMORY, os.W_OK):
        return
    if shutil.disk_usage(MEMORY).free >= ROOM_BYTES:
        os.environ["TMPDIR"] = str(MEMORY)  # the processes that tests start inherit it
        tempfile.tempdir = None
