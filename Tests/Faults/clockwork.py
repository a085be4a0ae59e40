"""Turns the clock of one running program, in whatever language it is written, while all others keep theirs.

Three ways were tried on etcd, which is written in Go. `libfaketime` does nothing there: Go asks the kernel without the C
library. A time namespace shifts the clocks that count from the start of the machine, and not the one that tells the date.
What works is to change the few instructions by which the kernel answers a program that asks for the time, its vDSO, of
which every process has a copy: they ask the kernel proper now, and add a number to the answer if it is the date. The clock
by which timeouts are measured is left alone, as on a machine whose date is set.
"""

from __future__ import annotations

import os
import platform
import signal
import struct
import time
from pathlib import Path

SYMBOL = b"__vdso_clock_gettime"
# clock_gettime(edi: which clock, rsi: seconds and nanoseconds) of x86-64; the 8 bytes at its end are added to the date.
CODE = bytes.fromhex(
    "b8e4000000"  # mov eax, 228
    "0f05"  # syscall
    "85c0"  # test eax, eax
    "750e"  # jne 0x19
    "85ff"  # test edi, edi
    "750a"  # jne 0x19
    "488b0d0a000000"  # mov rcx, [rip + 10]
    "48010e"  # add [rsi], rcx
    "c3"  # 0x19: ret
).ljust(0x20, b"\xcc")


class Clockwork:
    """The date that a process sees. It must belong to the user who runs this, or that be root."""

    def __init__(self, process: int):
        assert platform.machine() == "x86_64", f"the instructions for {platform.machine()} are not written"
        self.process = process
        start, self._function, size = self._find()
        assert size > len(CODE) + 8, f"{SYMBOL.decode()} has only {size} bytes"
        self._code = start + self._function
        for _ in range(100):
            os.kill(process, signal.SIGSTOP)
            try:
                if self._is_outside(range(self._code, self._code + size)):
                    self._write(self._code, CODE + bytes(8))
                    return
            finally:
                os.kill(process, signal.SIGCONT)
            time.sleep(0.01)
        raise AssertionError("the process was asking for the time whenever it was looked at")

    def jump(self, seconds: int) -> None:
        """The date is so many seconds from the true one from now on."""
        # At an address that 8 divides: a thread reads the old number or the new one.
        self._write(self._code + len(CODE), struct.pack("<q", seconds))

    def _find(self) -> tuple[int, int, int]:
        """Where the vDSO begins, and where in it the function is, with its size."""
        line = next(line for line in self._text("maps").splitlines() if line.endswith("[vdso]"))
        start, end = (int(part, 16) for part in line.split()[0].split("-"))
        with Path(f"/proc/{self.process}/mem").open("rb", buffering=0) as memory:
            memory.seek(start)
            image = memory.read(end - start)
        sections, = struct.unpack_from("<Q", image, 40)
        width, count = struct.unpack_from("<HH", image, 58)
        headers = [struct.unpack_from("<IIQQQQIIQQ", image, sections + width * number) for number in range(count)]
        symbols = next(header for header in headers if header[1] == 11)  # SHT_DYNSYM
        names = headers[symbols[6]][4]
        for at in range(symbols[4], symbols[4] + symbols[5], 24):
            name, _, _, _, value, size = struct.unpack_from("<IBBHQQ", image, at)
            if image[names + name :].startswith(SYMBOL + b"\0"):
                return start, value, size
        raise AssertionError(f"the vDSO has no {SYMBOL.decode()}")

    def _is_outside(self, code: range) -> bool:
        """Whether no thread of the stopped process stands in the function."""
        for thread in os.listdir(f"/proc/{self.process}/task"):
            words = self._text(f"task/{thread}/syscall").split()
            if words[0] == "running" or int(words[-1], 16) in code:
                return False
        return True

    def _write(self, address: int, data: bytes) -> None:
        with Path(f"/proc/{self.process}/mem").open("r+b", buffering=0) as memory:
            memory.seek(address)
            memory.write(data)

    def _text(self, name: str) -> str:
        return Path(f"/proc/{self.process}/{name}").read_text()
