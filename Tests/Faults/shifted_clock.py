"""A clock that a test moves while a program runs (libfaketime)."""

from __future__ import annotations

import contextlib
import ctypes
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

FAKETIME = Path(f"/usr/lib/{os.uname().machine}-linux-gnu/faketime/libfaketimeMT.so.1")


class ShiftedClock:
    """The clock of the programs that are started with `environment`; right until `shift` says otherwise."""

    def __init__(self, file: Path, shared: str) -> None:
        self.file = file
        self.environment = {
            "LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_SHARED": shared,
        }
        self.shift(0)

    def shift(self, seconds: int) -> None:
        """Sets the clock ahead by so many seconds."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        new.replace(self.file)


@contextlib.contextmanager
def shifted_clock(file: Path) -> Iterator[ShiftedClock]:
    """A clock whose shift stands in `file`.

    The library would make what its processes share by itself, and put its name into the environment; that moves the
    environment in memory, and a Swift program then no longer finds its arguments, which it looks for beside it. So it is made here.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.sem_open.restype = ctypes.c_void_p
    name = f"linlian-{uuid.uuid4().hex}"
    semaphore, memory = f"/{name}-sem", f"/{name}-shm"
    assert libc.sem_open(semaphore.encode(), os.O_CREAT | os.O_EXCL, 0o600, 1), os.strerror(ctypes.get_errno())
    # Two counters at 0, then a starting time that is not known yet.
    Path(f"/dev/shm{memory}").write_bytes(bytes(16) + b"\xff" * 4_080)
    try:
        yield ShiftedClock(file, f"{semaphore} {memory}")
    finally:
        libc.sem_unlink(semaphore.encode())
        Path(f"/dev/shm{memory}").unlink()
