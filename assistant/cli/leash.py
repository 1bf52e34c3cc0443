"""Runs a command that must not outlive its parent: ``python leash.py SIGNAL COMMAND…``. Stdlib only.

A parent that is killed cannot end its children. On Linux the kernel does it (PR_SET_PDEATHSIG survives the
exec); elsewhere the child is started plainly.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
"""From linux/prctl.h."""


def main(arguments: list[str]) -> None:
    """Become the command, tied to the parent's life; the signal is a name such as ``SIGKILL``."""
    parent = int(os.environ.pop("KANGBAN_LEASH_PARENT", "0"))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.Signals[arguments[0]])
        if parent and os.getppid() != parent:
            sys.exit(0)  # the parent died before the kernel was told
    os.execvp(arguments[1], arguments[1:])  # noqa: S606 - a fixed list from our own code


if __name__ == "__main__":
    main(sys.argv[1:])
